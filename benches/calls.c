/*
 * What a call costs: acquiring and releasing, making a view and dropping it. The limit of an acquisition is an
 * atomic addition and a subtraction, that of a view malloc and free.
 */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "calls.h"

static mv_object *object;
static mv_view *view;
static long counter;

static void end(void)
{
    mv_view_unref(view);
    mv_object_unref(object);
    object = NULL;
    view = NULL;
}

/* ---- acquisitions ---- */

static void begin_bytes(const workload *work)
{
    (void)work;
    fill_random(area_from, CALL_BYTES);
    bench.source = array_contiguous(area_from, "B", 1, 1, call_flat);
    bench.expected_number = CALL_BYTES;
    bench_require(mv_bytes_new(area_from, CALL_BYTES, &object, NULL), "mv_bytes_new");
}

static void begin_bytearray(const workload *work)
{
    begin_bytes(work);
    mv_object_unref(object);
    bench_require(mv_bytearray_new(area_from, CALL_BYTES, &object, NULL), "mv_bytearray_new");
}

static void begin_cube(const workload *work)
{
    (void)work;
    bench.source = array_contiguous(area_from, "d", 8, 3, call_cube);
    bench.expected_number = (int64_t)array_bytes(&bench.source);
    bench_require(mv_array_new("d", call_cube, 3, 'C', &object, NULL), "mv_array_new");
}

static void acquire(int flags, long times)
{
    for (; times > 0; times--) {
        mv_buffer got;
        bench_require(mv_buffer_acquire(object, flags, &got, NULL), "mv_buffer_acquire");
        bench.number = got.len;
        mv_buffer_release(&got);
    }
}

static void acquire_simple(long times)
{
    acquire(MV_SIMPLE, times);
}

static void acquire_writable(long times)
{
    acquire(MV_WRITABLE, times);
}

static void acquire_full(long times)
{
    acquire(MV_FULL, times);
}

static void two_atomics(long times)
{
    for (; times > 0; times--) {
        __atomic_fetch_add(&counter, 1, __ATOMIC_ACQ_REL);
        __atomic_fetch_sub(&counter, 1, __ATOMIC_ACQ_REL);
    }
}

const workload acquire_workloads[] = {
    {.name = "acq_bytes",
     .goals = {{CPYTHON, 0.65}, {PYBIND11, 0.08}},
     .begin = begin_bytes,
     .ours = acquire_simple,
     .limit = two_atomics,
     .end = end},
    {.name = "acq_bytearray_w",
     .goals = {{CPYTHON, 0.5}, {PYBIND11, 0.08}},
     .begin = begin_bytearray,
     .ours = acquire_writable,
     .limit = two_atomics,
     .end = end},
    {.name = "acq_nd3_full",
     .goals = {{CPYTHON, 0.5}, {PYBIND11, 0.08}},
     .begin = begin_cube,
     .ours = acquire_full,
     .limit = two_atomics,
     .end = end},
    {.name = NULL},
};

/* ---- views ---- */

/* What a view must be: by the portable arithmetic of its description. */
static void expect(int ndim, ptrdiff_t itemsize, const ptrdiff_t *shape, const ptrdiff_t *strides,
                   ptrdiff_t offset)
{
    bench.expected_number = fingerprint(ndim, itemsize, shape, strides, offset);
}

static void begin_view(const workload *work)
{
    begin_bytearray(work);
    bench_require(mv_view_new(object, MV_FULL, &view, NULL), "mv_view_new");
}

static void begin_cube_view(const workload *work)
{
    begin_cube(work);
    bench_require(mv_view_new(object, MV_FULL, &view, NULL), "mv_view_new");
}

static void begin_view_new(const workload *work)
{
    static const ptrdiff_t strides[] = {1};
    begin_view(work);
    expect(1, 1, call_flat, strides, 0);
}

static void begin_slice1d(const workload *work)
{
    static const ptrdiff_t shape[] = {502}, strides[] = {2};
    begin_view(work);
    expect(1, 1, shape, strides, 10);
}

static void begin_slice3d(const workload *work)
{
    static const ptrdiff_t shape[] = {2, 3, 4}, strides[] = {240, 96, 8};
    begin_cube_view(work);
    expect(3, 8, shape, strides, 240 + 16);
}

static void begin_transpose(const workload *work)
{
    static const ptrdiff_t shape[] = {6, 5, 4}, strides[] = {8, 48, 240};
    begin_cube_view(work);
    expect(3, 8, shape, strides, 0);
}

static void begin_cast(const workload *work)
{
    static const ptrdiff_t shape[] = {CALL_BYTES / 8}, strides[] = {8};
    begin_view(work);
    expect(1, 8, shape, strides, 0);
}

/* Of the last view, before it goes; `call` makes `made`. */
#define MAKE_VIEWS(call)                                                                                  \
    const char *const base = mv_view_buffer(view)->buf;                                                   \
    for (; times > 0; times--) {                                                                          \
        mv_view *made;                                                                                    \
        bench_require(call, #call);                                                                       \
        if (times == 1) {                                                                                 \
            const mv_buffer *got = mv_view_buffer(made);                                                  \
            bench.number =                                                                                \
                fingerprint(got->ndim, got->itemsize, got->shape, got->strides, (char *)got->buf - base); \
        }                                                                                                 \
        mv_view_unref(made);                                                                              \
    }

static void view_new(long times)
{
    MAKE_VIEWS(mv_view_new(object, MV_FULL_RO, &made, NULL))
}

static void slice1d(long times)
{
    static const mv_index items[] = {MV_STEP(10, -10, 2)};
    MAKE_VIEWS(mv_view_index(view, items, 1, &made, NULL))
}

static void slice3d(long times)
{
    static const mv_index items[] = {MV_SLICE(1, 3), MV_EVERY(2), MV_FROM(-4)};
    MAKE_VIEWS(mv_view_index(view, items, 3, &made, NULL))
}

static void transpose_view(long times)
{
    MAKE_VIEWS(mv_view_transpose(view, NULL, 0, &made, NULL))
}

static void cast_view(long times)
{
    MAKE_VIEWS(mv_view_cast(view, "d", MV_NO_SHAPE, 'C', &made, NULL))
}

static void malloc_and_free(long times)
{
    for (; times > 0; times--) {
        void *volatile block = malloc(192);
        free(block);
    }
}

const workload view_workloads[] = {
    {.name = "view_new",
     .goals = {{CPYTHON, 0.35}, {NUMPY, 0.15}, {NANOSECONDS, 15}},
     .begin = begin_view_new,
     .ours = view_new,
     .limit = malloc_and_free,
     .end = end},
    {.name = "slice1d",
     .goals = {{CPYTHON, 0.35}, {NUMPY, 0.15}, {NANOSECONDS, 15}},
     .begin = begin_slice1d,
     .ours = slice1d,
     .limit = malloc_and_free,
     .end = end},
    {.name = "slice3d",
     .goals = {{NUMPY, 0.15}, {NANOSECONDS, 15}},
     .begin = begin_slice3d,
     .ours = slice3d,
     .limit = malloc_and_free,
     .end = end},
    {.name = "transpose_view",
     .goals = {{NUMPY, 0.15}, {NANOSECONDS, 15}},
     .begin = begin_transpose,
     .ours = transpose_view,
     .limit = malloc_and_free,
     .end = end},
    {.name = "cast_view",
     .goals = {{CPYTHON, 0.35}, {NUMPY, 0.15}, {NANOSECONDS, 15}},
     .begin = begin_cast,
     .ours = cast_view,
     .limit = malloc_and_free,
     .end = end},
    {.name = NULL},
};
