/*
 * What a call costs: acquiring, making views, single items. The limit of an acquisition is an atomic addition
 * and subtraction; of a view, malloc and free; plain C reads an item after checking its index.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "memview.h"

#define NOINLINE __attribute__((noinline))
#define BARRIER() __asm__ volatile("" ::: "memory")

enum { ITEMS = 1024, ROWS = 32, COLUMNS = 32 };

static mv_object *object;
static mv_view *view;
static mv_buffer buffer;
static double numbers[ITEMS];
static unsigned char bytes[ITEMS];
static long counter;
static int right;

static void require(mv_status status, const char *what)
{
    if (status != MV_OK) bench_fail(what);
}

static int was_right(void)
{
    return right;
}

static void drop(void)
{
    mv_buffer_release(&buffer);
    mv_view_unref(view);
    mv_object_unref(object);
    object = NULL;
    view = NULL;
}

/* ---- acquisitions ---- */

static void begin_bytes(void)
{
    require(mv_bytes_new(bytes, sizeof bytes, &object, NULL), "mv_bytes_new");
}

static void begin_bytearray(void)
{
    require(mv_bytearray_new(bytes, sizeof bytes, &object, NULL), "mv_bytearray_new");
}

static void begin_array(void)
{
    static const ptrdiff_t shape[] = {4, 5, 6};
    require(mv_array_new("d", shape, 3, 'C', &object, NULL), "mv_array_new");
}

static void acquire(int flags, long times)
{
    right = 1;
    for (long i = 0; i < times; i++) {
        mv_buffer got;
        right &= mv_buffer_acquire(object, flags, &got, NULL) == MV_OK;
        right &= got.buf != NULL;
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
    for (long i = 0; i < times; i++) {
        __atomic_fetch_add(&counter, 1, __ATOMIC_ACQ_REL);
        __atomic_fetch_sub(&counter, 1, __ATOMIC_ACQ_REL);
    }
}

/* ---- views ---- */

static void begin_view(void)
{
    begin_bytearray();
    require(mv_view_new(object, MV_FULL, &view, NULL), "mv_view_new");
}

static void begin_view3d(void)
{
    begin_array();
    require(mv_view_new(object, MV_FULL, &view, NULL), "mv_view_new");
    require(mv_buffer_acquire(object, MV_FULL, &buffer, NULL), "mv_buffer_acquire");
}

static void view_new(long times)
{
    right = 1;
    for (long i = 0; i < times; i++) {
        mv_view *made;
        right &= mv_view_new(object, MV_FULL_RO, &made, NULL) == MV_OK && mv_view_buffer(made)->len == ITEMS;
        mv_view_unref(made);
    }
}

static void slice1d(long times)
{
    static const mv_index item[] = {MV_STEP(10, -10, 2)};
    right = 1;
    for (long i = 0; i < times; i++) {
        mv_view *made;
        right &= mv_view_index(view, item, 1, &made, NULL) == MV_OK;
        right &= mv_view_buffer(made)->shape[0] == 502;
        mv_view_unref(made);
    }
}

static void slice3d(long times)
{
    static const mv_index items[] = {MV_SLICE(1, 3), MV_EVERY(2), MV_FROM(-4)};
    right = 1;
    for (long i = 0; i < times; i++) {
        mv_view *made;
        right &= mv_view_index(view, items, 3, &made, NULL) == MV_OK;
        right &= mv_view_buffer(made)->len == 2 * 3 * 4 * 8;
        mv_view_unref(made);
    }
}

static void transpose_view(long times)
{
    right = 1;
    for (long i = 0; i < times; i++) {
        mv_view *made;
        right &=
            mv_view_transpose(view, NULL, 0, &made, NULL) == MV_OK && mv_view_buffer(made)->shape[0] == 6;
        mv_view_unref(made);
    }
}

static void cast_view(long times)
{
    right = 1;
    for (long i = 0; i < times; i++) {
        mv_view *made;
        right &= mv_view_cast(view, "d", MV_NO_SHAPE, 'C', &made, NULL) == MV_OK;
        right &= mv_view_buffer(made)->shape[0] == ITEMS / 8;
        mv_view_unref(made);
    }
}

static void malloc_and_free(long times)
{
    for (long i = 0; i < times; i++) {
        void *volatile block = malloc(192);
        free(block);
    }
}

/* ---- items ---- */

static void begin_items(const char *format, int ndim, void *data)
{
    static const ptrdiff_t flat[] = {ITEMS}, square[] = {ROWS, COLUMNS};
    for (int i = 0; i < ITEMS; i++) {
        numbers[i] = i * 0.5;
        bytes[i] = (unsigned char)i;
    }
    require(mv_view_wrap(data, format, ndim == 1 ? flat : square, ndim, 0, &view, NULL), "mv_view_wrap");
}

static void begin_u8(void)
{
    begin_items("B", 1, bytes);
}

static void begin_f64(void)
{
    begin_items("d", 1, numbers);
}

static void begin_f64_2d(void)
{
    begin_items("d", 2, numbers);
}

static void get_u8(long times)
{
    right = 1;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at = i & (ITEMS - 1);
        int64_t value = -1;
        mv_view_get_i64(view, &at, 1, &value, NULL);
        right &= value == (at & 255);
    }
}

static void get_f64(long times)
{
    right = 1;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at = i & (ITEMS - 1);
        double value = -1;
        mv_view_get_f64(view, &at, 1, &value, NULL);
        right &= value == (double)at * 0.5;
    }
}

static void set_f64(long times)
{
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at = i & (ITEMS - 1);
        mv_view_set_f64(view, &at, 1, (double)at, NULL);
    }
    right = times > ITEMS || numbers[times - 1] == (double)(times - 1);
}

static void get2d_f64(long times)
{
    right = 1;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at[] = {i & (ROWS - 1), i & (COLUMNS - 1)};
        double value = -1;
        mv_view_get_f64(view, at, 2, &value, NULL);
        right &= value == (double)(at[0] * COLUMNS + at[1]) * 0.5;
    }
}

static void getptr3d(long times)
{
    right = 1;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at[] = {i & 3, i & 3, i & 3};
        void *item = NULL;
        mv_buffer_pointer(&buffer, at, 3, &item, NULL);
        right &= item == (char *)buffer.buf + (at[0] * 30 + at[1] * 6 + at[2]) * 8;
    }
}

static NOINLINE int plain_item(const void *data, ptrdiff_t itemsize, const ptrdiff_t *shape,
                               const ptrdiff_t *index, int ndim, void *out)
{
    ptrdiff_t at = 0;
    for (int dim = 0; dim < ndim; dim++) {
        if (index[dim] < 0 || index[dim] >= shape[dim]) return 1;
        at = at * shape[dim] + index[dim];
    }
    memcpy(out, (const char *)data + at * itemsize, itemsize == 8 ? 8 : 1);
    return 0;
}

static void plain_u8(long times)
{
    static const ptrdiff_t shape[] = {ITEMS};
    right = 1;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at = i & (ITEMS - 1);
        unsigned char value = 0;
        plain_item(bytes, 1, shape, &at, 1, &value);
        right &= value == (at & 255);
        BARRIER();
    }
}

static void plain_f64(long times)
{
    static const ptrdiff_t shape[] = {ITEMS};
    right = 1;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at = i & (ITEMS - 1);
        double value = -1;
        plain_item(numbers, 8, shape, &at, 1, &value);
        right &= value == (double)at * 0.5;
        BARRIER();
    }
}

static void plain_2d(long times)
{
    static const ptrdiff_t shape[] = {ROWS, COLUMNS};
    right = 1;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at[] = {i & (ROWS - 1), i & (COLUMNS - 1)};
        double value = -1;
        plain_item(numbers, 8, shape, at, 2, &value);
        right &= value == (double)(at[0] * COLUMNS + at[1]) * 0.5;
        BARRIER();
    }
}

const workload call_workloads[] = {
    {"acq_bytes", 0, begin_bytes, acquire_simple, NULL, two_atomics, was_right, drop},
    {"acq_bytearray_w", 0, begin_bytearray, acquire_writable, NULL, two_atomics, was_right, drop},
    {"acq_nd3_full", 0, begin_array, acquire_full, NULL, two_atomics, was_right, drop},
    {"view_new", 0, begin_bytearray, view_new, NULL, malloc_and_free, was_right, drop},
    {"slice1d", 0, begin_view, slice1d, NULL, malloc_and_free, was_right, drop},
    {"slice3d", 0, begin_view3d, slice3d, NULL, malloc_and_free, was_right, drop},
    {"transpose_view", 0, begin_view3d, transpose_view, NULL, malloc_and_free, was_right, drop},
    {"cast_view", 0, begin_view, cast_view, NULL, malloc_and_free, was_right, drop},
    {"get_u8", 0, begin_u8, get_u8, plain_u8, NULL, was_right, drop},
    {"get_f64", 0, begin_f64, get_f64, plain_f64, NULL, was_right, drop},
    {"set_f64", 0, begin_f64, set_f64, NULL, NULL, was_right, drop},
    {"get2d_f64", 0, begin_f64_2d, get2d_f64, plain_2d, NULL, was_right, drop},
    {"getptr3d", 0, begin_view3d, getptr3d, NULL, NULL, was_right, drop},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL},
};
