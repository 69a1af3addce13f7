/*
 * The benchmark: workloads, and the contenders that run each of them in turn on the same memory.
 *
 * A workload is a row of a table: its name, the goals set for it, what makes its memory ready, and who does the
 * work. Python's libraries join in by a workload's name or family: python.h.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

#include "memview.h"

#define BARRIER() __asm__ volatile("" ::: "memory")

/* Who does the work. LIMIT is the least that the machine asks for: memcpy of as many bytes, malloc and free. */
enum {
    OURS,
    PLAIN,
    LIMIT,
    CPYTHON,
    NUMPY,
    OPENCV,
    PYBIND11,
    HPTT,
    ONE_THREAD, /* ours, where OURS runs in two */
    LIMIT_ONE_THREAD,
    CONTENDERS,
    NANOSECONDS = CONTENDERS /* of a goal: the time itself */
};

/* Does the work so many times. */
typedef void (*bench_run)(long times);

typedef struct contender {
    bench_run run;         /* NULL: takes no part */
    void (*collect)(void); /* brings the last run's result to where it is checked; NULL: it is there */
} contender;

/*
 * Ours beside another's: throughput at least so many times the other's, a call's time at most so many times.
 * A list of goals ends with a ratio of 0.
 */
typedef struct goal {
    int against;
    double ratio;
} goal;

enum { MOST_GOALS = 5, MOST_DIMS = 5 };

typedef struct workload workload;
struct workload {
    const char *name;
    const char *family; /* of workloads that another library does by the same call */
    goal goals[MOST_GOALS];
    void (*begin)(const workload *work);
    void (*end)(void);
    const void *detail; /* for begin */
    bench_run ours, plain, limit, one_thread, limit_one_thread;
    void (*collect)(void); /* of ours */
    long check_times;      /* how often to run before the result is checked; 0: once */
};

/* Tables of workloads under one heading, and whom it shows. Each table ends with a row without a name. */
typedef struct section {
    const char *title;
    const workload *tables[8]; /* ends with NULL */
    int columns[CONTENDERS];   /* begins with OURS, and ends with it */
    int is_wall; /* measures wall clock, as threads are waited for; else the thread's CPU time */
} section;

/* Items in memory. */
typedef struct array {
    unsigned char *first; /* the item whose indices are all 0 */
    const char *format;
    ptrdiff_t itemsize;
    int ndim;
    ptrdiff_t shape[MOST_DIMS], strides[MOST_DIMS];
} array;

enum { MIB = 1 << 20, AREA = 128 * MIB };

/* What a workload works on, made ready by its `begin`; all zero before. */
typedef struct bench_state {
    array source, target;
    size_t bytes;                    /* of payload; 0: a call, told in nanoseconds */
    double items;                    /* what one run does so many of */
    size_t span;                     /* bytes of area_to that a result is in, and of area_expected */
    int64_t number, expected_number; /* a result that is a number, and what it must be */
} bench_state;
extern bench_state bench;

/* Blocks of AREA bytes, aligned to pages: to read, to write, and for the portable loop's result. */
extern unsigned char *area_from, *area_to, *area_expected;

/* ---- memory.c ---- */

void bench_take_areas(void);

/* Ends the program with a message. */
void bench_fail(const char *what);
void bench_require(mv_status status, const char *what);

/* An array that is contiguous, and one that is not. */
array array_contiguous(void *first, const char *format, ptrdiff_t itemsize, int ndim, const ptrdiff_t *shape);
array array_strided(void *first, const char *format, ptrdiff_t itemsize, int ndim, const ptrdiff_t *shape,
                    const ptrdiff_t *strides);
size_t array_items(const array *items);
size_t array_bytes(const array *items);
mv_buffer array_description(const array *items);
mv_view *array_view(const array *items);

/* Values that are the same in every run. */
void fill_random(unsigned char *to, size_t size);
void fill_i32(void *to, size_t count);
void fill_f32(void *to, size_t count);
void fill_f64(void *to, size_t count);

/* The portable loop: item by item, to where `target` would be if it began in another area. */
void copy_plainly(const array *target, unsigned char *area, const array *source);

/* A number that tells views apart: their shape, their strides, and where they begin. */
int64_t fingerprint(int ndim, ptrdiff_t itemsize, const ptrdiff_t *shape, const ptrdiff_t *strides,
                    ptrdiff_t offset);

/* ---- measure.c ---- */

enum { MOST_ROUNDS = 99 };

typedef struct measure {
    double seconds; /* of one run; 0: nobody ran */
    int is_wide;    /* the rounds differ by more than 15 %, the best and the worst left out */
} measure;

/* The contenders in turn, for several rounds. */
void measure_all(const contender *contenders, int is_wall, int rounds, measure *out);

/* ---- report.c ---- */

typedef struct result {
    const section *part;
    const workload *work;
    size_t bytes;
    double items;
    measure measures[CONTENDERS];
} result;

/* A contender's version, or why it takes no part. */
typedef struct peer {
    const char *version, *absent;
} peer;

extern const char *const contender_names[CONTENDERS + 1];

void report_peers(const peer *peers);
void report_head(const section *part, const peer *peers);
void report_line(const result *done, const peer *peers);
void report_goals(const result *results, int count);
void report_json(const char *path, const result *results, int count, const peer *peers, int rounds);

/* How ours compares: with another's time or throughput, or in nanoseconds; 0 where there is no figure. */
double ratio_of(const result *done, int against);
double figure_of(const result *done, int who);
int is_met(const result *done, const goal *wanted);

/* ---- the tables ---- */

extern const workload acquire_workloads[], view_workloads[], item_workloads[], format_workloads[],
    copy_workloads[], compare_workloads[], search_workloads[], convert_workloads[], split_workloads[],
    share_workloads[];

/* A copy by its name. */
const workload *copy_workload(const char *name);
void begin_copy(const workload *work);

#endif
