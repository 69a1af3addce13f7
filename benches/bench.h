/*
 * The workloads of the benchmark and those who run them. A workload is run by several contenders in turn:
 * memview through the shared library, plain C, the limit that the machine sets, and CPython's C API where it
 * was found.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>

/* Does the work so many times. */
typedef void (*bench_run)(long times);

typedef struct workload {
    const char *name;
    size_t bytes; /* what one run copies or fills; 0: a call, told in nanoseconds */
    void (*begin)(void);
    bench_run ours, plain, limit; /* plain or limit may be NULL */
    int (*is_right)(void);        /* the result of whoever ran last */
    void (*end)(void);
} workload;

extern const workload call_workloads[], bulk_workloads[]; /* each ends with one without a name */

/* What the bulk workloads read and write. */
typedef struct bench_memory {
    unsigned char *from, *to;
    size_t size; /* of each */
    /* The items to copy, as strides over `from`; the destination is contiguous. */
    int ndim;
    ptrdiff_t itemsize, shape[3], strides[3];
} bench_memory;
extern bench_memory bench;

/* Ends the program with a message. */
void bench_fail(const char *what);

/* CPython's C API as a contender: NULL where it has no such thing, or where there is no CPython. */
#ifdef BENCH_CPYTHON
const char *cpython_begin(void); /* its version, or NULL */
bench_run cpython_contender(const char *name);
#else
static inline const char *cpython_begin(void)
{
    return NULL;
}
static inline bench_run cpython_contender(const char *name)
{
    (void)name;
    return NULL;
}
#endif

#endif
