/*
 * The sweep: every call of a test is made to run out of memory at each of its requests, the N-th alone and the N-th
 * with all after it, until an attempt sees no refusal. That one is the call as the test wants it, and the test goes
 * on: its own checks prove that the failures have left the objects as they were.
 *
 * harness.h includes this where MEMVIEW_SWEEP is defined, through wrappers that tools/memory_sweep.py makes of every
 * function of the header. After a refusal the status must be MV_E_NO_MEMORY, the error filled, the handle or buffer
 * to be made empty, and a text to be written and its length as they were; the library must have as many blocks as
 * before, and its callbacks must have been given back what they granted, and have freed nothing. What ends something,
 * and what has no status, may request nothing at all.
 *
 * An attempt whose callbacks call the library again cannot be taken back: it is made in a child process, which ends
 * with it. Which calls these are, a first run of the case finds out, without refusals. Cases with threads are swept
 * without children, and without the balance of each call, which other threads disturb; the one at the end holds.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include "memory.h"
#include "memview.h"

#ifdef __cplusplus
extern "C" {
#endif

enum sweep_kind {
    SWEEP_USUAL,
    SWEEP_LENIENT, /* may succeed without the memory: memory_sweep.py says why */
    SWEEP_KEEPING, /* may keep one block although it fails: memory_sweep.py says why */
    SWEEP_NOTHING, /* requests no memory */
};

/* One call of a test. */
struct sweep_call {
    const char *function, *file;
    int line;
    enum sweep_kind kind;
    mv_error *error; /* NULL, or the caller's */
    void *out;       /* NULL, or the handle or buffer to be made */
    size_t out_size;
    const char *text; /* NULL, or the caller's space for a text */
    size_t text_size;
    const size_t *text_length; /* NULL, or the caller's */
    struct memory_watch watch;
    struct sweep_call *outer; /* the call whose callback makes this one */
    long number;              /* in its case, from 1; 0: on another thread, or within an attempt */
    int is_attempt, is_child;
    mv_status other; /* what attempts answered beside MV_E_NO_MEMORY: then the call answers that anyway */
    mv_error error_before;
    unsigned char out_before[sizeof(mv_buffer)];
    unsigned long text_before;
};

/* Begins a call, of which the first members are given. */
void sweep_begin(struct sweep_call *call);

/* Judges what a call has answered; true: make it again. */
int sweep_again(struct sweep_call *call, mv_status status);

/* Runs a case; ends the process where it fails or is skipped. */
void sweep_case(const char *name, void (*run)(void));

/* Prints what the sweep has done in all cases. */
void sweep_report(void);

/* Callbacks count, in an int or atomic_int; what they count while a call fails is held against each other, and
   taken back. */
enum sweep_count { CALLED, GRANTED, RELEASED, FREED, SWEEP_COUNTS };
void sweep_count(enum sweep_count what, void *counter);

#define HARNESS_RUN(one) sweep_case((one)->name, (one)->run)
#define HARNESS_REPORT() sweep_report()
#define COUNT(what, counter) ((void)++(counter), sweep_count((what), (void *)&(counter)))

#ifdef __cplusplus
}
#endif

#endif
