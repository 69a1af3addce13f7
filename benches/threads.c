/*
 * Two threads. `split2_*` is a copy that mv_view_split cuts in two, one part for each thread, beside the whole in one
 * thread and memcpy done both ways: what memory allows. `share2_*` is two threads that do the same at the same
 * time; the time is that of one call of the thread that is measured.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "bench.h"

/* Waits until the other thread is here too; round by round. */
typedef struct meeting {
    atomic_long arrived;
} meeting;

static void meet(meeting *both, long round)
{
    atomic_fetch_add(&both->arrived, 1);
    for (int spins = 0; atomic_load(&both->arrived) < 2 * round; spins++)
        if (spins > 1000) sched_yield();
}

static pthread_t start(void *(*thread)(void *), void *argument)
{
    pthread_t made;
    if (pthread_create(&made, NULL, thread, argument) != 0) bench_fail("there is no second thread");
    return made;
}

/* ---- a copy in two parts ---- */

static mv_view *origin, *target, *origins[2], *targets[2];

typedef struct halves {
    void (*half)(int part);
    long times;
    meeting both;
} halves;

static void do_half(halves *job, int part)
{
    for (long round = 1; round <= job->times; round++) {
        job->half(part);
        meet(&job->both, round);
    }
}

static void *second_half(void *argument)
{
    do_half(argument, 1);
    return NULL;
}

static void in_two_threads(void (*half)(int), long times)
{
    halves job = {.half = half, .times = times};
    const pthread_t other = start(second_half, &job);
    do_half(&job, 0);
    pthread_join(other, NULL);
}

static void begin_split(const workload *work)
{
    begin_copy(copy_workload(work->detail));
    origin = array_view(&bench.source);
    target = array_view(&bench.target);
    for (int part = 0; part < 2; part++) {
        bench_require(mv_view_split(origin, part, 2, &origins[part], NULL), "mv_view_split");
        bench_require(mv_view_split(target, part, 2, &targets[part], NULL), "mv_view_split");
    }
}

static void end_split(void)
{
    for (int part = 0; part < 2; part++) {
        mv_view_unref(origins[part]);
        mv_view_unref(targets[part]);
    }
    mv_view_unref(origin);
    mv_view_unref(target);
    copy_workloads[0].end();
}

static void copy_half(int part)
{
    bench_require(mv_view_copy(targets[part], origins[part], NULL), "mv_view_copy");
}

static void memcpy_half(int part)
{
    const size_t size = bench.bytes / 2, at = (size_t)part * size;
    memcpy(area_to + at, area_from + at, size);
    BARRIER();
}

static void copy_in_two(long times)
{
    in_two_threads(copy_half, times);
}

static void copy_in_one(long times)
{
    for (; times > 0; times--) bench_require(mv_view_copy(target, origin, NULL), "mv_view_copy");
}

static void memcpy_in_two(long times)
{
    in_two_threads(memcpy_half, times);
}

static void memcpy_in_one(long times)
{
    for (; times > 0; times--) {
        memcpy(area_to, area_from, bench.bytes);
        BARRIER();
    }
}

#define SPLIT(of)                                                                               \
    {                                                                                           \
        .name = "split2_" of, .goals = {{ONE_THREAD, 1.6}}, .begin = begin_split, .detail = of, \
        .ours = copy_in_two, .limit = memcpy_in_two, .one_thread = copy_in_one,                 \
        .limit_one_thread = memcpy_in_one, .end = end_split                                     \
    }

const workload split_workloads[] = {
    SPLIT("t2_u8_4096"), SPLIT("t2_f32_4096"), SPLIT("perm5_f32"),
    SPLIT("step2_f32"),  SPLIT("chw2hwc_u8"),  {.name = NULL},
};

/* ---- the same at the same time ---- */

enum { SIDE = 64 };

static mv_object *object;
static mv_view *shared, *own[2];

typedef struct crowd {
    mv_view *view;
    meeting both;
    atomic_int is_over, is_wrong;
} crowd;

static void begin_share(const workload *work)
{
    static const ptrdiff_t shape[] = {SIDE, SIDE};
    mv_buffer all;
    (void)work;
    bench_require(mv_array_new("d", shape, 2, 'C', &object, NULL), "mv_array_new");
    bench_require(mv_buffer_acquire(object, MV_FULL, &all, NULL), "mv_buffer_acquire");
    for (int i = 0; i < SIDE * SIDE; i++) ((double *)all.buf)[i] = i;
    mv_buffer_release(&all);
    bench_require(mv_view_new(object, MV_FULL_RO, &shared, NULL), "mv_view_new");
    for (int i = 0; i < 2; i++) bench_require(mv_view_reexport(shared, &own[i], NULL), "mv_view_reexport");
    bench.expected_number = 1;
}

static void end_share(void)
{
    for (int i = 0; i < 2; i++) mv_view_unref(own[i]);
    mv_view_unref(shared);
    mv_object_unref(object);
}

/* Cuts a row, reads an item of it, and drops it: 1 where all of that was right. */
static int slice_and_read(const mv_view *view, ptrdiff_t at)
{
    const ptrdiff_t row = at & (SIDE - 1);
    const mv_index items[] = {MV_AT(row), MV_EVERY(2)};
    mv_view *made;
    double found = -1;
    if (mv_view_index(view, items, 2, &made, NULL) != MV_OK) return 0;
    const mv_status status = mv_view_get_f64(made, MV_DIMS(5), &found, NULL);
    mv_view_unref(made);
    return status == MV_OK && found == (double)(row * SIDE + 10);
}

static int slice_and_read_often(const mv_view *view, long times)
{
    int right = 1;
    for (; times > 0; times--) right &= slice_and_read(view, times);
    return right;
}

/* Until the thread that is measured has done its calls. */
static void *keep_on(void *argument)
{
    crowd *these = argument;
    meet(&these->both, 1);
    while (!atomic_load(&these->is_over))
        if (!slice_and_read_often(these->view, 64)) atomic_store(&these->is_wrong, 1);
    return NULL;
}

static void with_another(mv_view *view, mv_view *others, long times)
{
    crowd these = {.view = others};
    const pthread_t other = start(keep_on, &these);
    meet(&these.both, 1);
    const int right = slice_and_read_often(view, times);
    atomic_store(&these.is_over, 1);
    pthread_join(other, NULL);
    bench.number = right && !atomic_load(&these.is_wrong);
}

static void share_one(long times)
{
    with_another(shared, shared, times);
}

static void share_own(long times)
{
    with_another(own[0], own[1], times);
}

static void alone(long times)
{
    bench.number = slice_and_read_often(shared, times);
}

#define SHARE(a_name, a_run, goal)                                                          \
    {                                                                                       \
        .name = a_name, .goals = {{ONE_THREAD, goal}}, .begin = begin_share, .ours = a_run, \
        .one_thread = alone, .check_times = 100000, .end = end_share                        \
    }

const workload share_workloads[] = {
    SHARE("share2_view", share_one, 6),
    SHARE("share2_reexports", share_own, 1.3),
    {.name = NULL},
};
