/*
 * Single items: by index through the view, each call with a lease of its own, and through a buffer that was
 * acquired beforehand. Plain C checks the index and reads.
 */
#include <string.h>

#include "bench.h"
#include "calls.h"

#define NOINLINE __attribute__((noinline))

static const ptrdiff_t flat[] = {ITEMS}, square[] = {ROWS, COLUMNS};
static mv_view *view, *other;
static mv_buffer buffer;

static void end(void)
{
    mv_buffer_release(&buffer);
    mv_view_unref(view);
    mv_view_unref(other);
    view = other = NULL;
}

static void begin(const char *format, ptrdiff_t itemsize, int ndim, const ptrdiff_t *shape)
{
    for (int i = 0; i < ITEMS; i++)
        if (itemsize == 1)
            area_from[i] = (unsigned char)i;
        else
            ((double *)(void *)area_from)[i] = i * 0.5;
    bench.source = array_contiguous(area_from, format, itemsize, ndim, shape);
    view = array_view(&bench.source);
    bench_require(mv_buffer_acquire(mv_view_as_object(view), MV_FULL, &buffer, NULL), "mv_buffer_acquire");
    bench.expected_number = itemsize == 1 ? (ITEMS - 1) & 255 : ITEMS - 1;
}

static void begin_u8(const workload *work)
{
    (void)work;
    begin("B", 1, 1, flat);
}

static void begin_f64(const workload *work)
{
    (void)work;
    begin("d", 8, 1, flat);
}

static void begin_square(const workload *work)
{
    (void)work;
    begin("d", 8, 2, square);
}

static void begin_cube(const workload *work)
{
    (void)work;
    begin("d", 8, 3, call_cube);
    bench.expected_number = (3 * 30 + 3 * 6 + 3) * 8; /* of the last index, 3, 3, 3 */
}

static void begin_contiguous(const workload *work)
{
    begin_cube(work);
    bench.expected_number = 1;
}

/* Writes to area_to: number `i` becomes `i`. */
static void begin_set(const workload *work)
{
    (void)work;
    bench.source = bench.target = array_contiguous(area_to, "d", 8, 1, flat);
    view = array_view(&bench.target);
    bench_require(mv_buffer_acquire(mv_view_as_object(view), MV_FULL, &buffer, NULL), "mv_buffer_acquire");
    bench.span = ITEMS * sizeof(double);
    for (int i = 0; i < ITEMS; i++) ((double *)(void *)area_expected)[i] = i;
}

/* ---- through the view ---- */

/* Twice what a double is, or a number that no item has, where an item was wrong before. */
static void tell(int right, double value)
{
    bench.number = right ? (int64_t)(value * 2) : -2;
}

static void get_u8(long times)
{
    int right = 1;
    int64_t value = -1;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at = i & (ITEMS - 1);
        mv_view_get_i64(view, &at, 1, &value, NULL);
        right &= value == (at & 255);
    }
    bench.number = right ? value : -2;
}

static void get_f64(long times)
{
    int right = 1;
    double value = -1;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at = i & (ITEMS - 1);
        mv_view_get_f64(view, &at, 1, &value, NULL);
        right &= value == (double)at * 0.5;
    }
    tell(right, value);
}

static void set_f64(long times)
{
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at = i & (ITEMS - 1);
        mv_view_set_f64(view, &at, 1, (double)at, NULL);
    }
}

static void get2d_f64(long times)
{
    int right = 1;
    double value = -1;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at[] = {i / COLUMNS & (ROWS - 1), i & (COLUMNS - 1)};
        mv_view_get_f64(view, at, 2, &value, NULL);
        right &= value == (double)(at[0] * COLUMNS + at[1]) * 0.5;
    }
    tell(right, value);
}

/* ---- through a buffer ---- */

static void get_u8_pointer(long times)
{
    int right = 1;
    void *item = area_from;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at = i & (ITEMS - 1);
        mv_buffer_pointer_inline(&buffer, &at, 1, &item, NULL);
        right &= *(unsigned char *)item == (at & 255);
    }
    bench.number = right ? *(unsigned char *)item : -2;
}

static void get_f64_pointer(long times)
{
    int right = 1;
    void *item = area_from;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at = i & (ITEMS - 1);
        mv_buffer_pointer_inline(&buffer, &at, 1, &item, NULL);
        right &= *(double *)item == (double)at * 0.5;
    }
    tell(right, *(double *)item);
}

static void set_f64_pointer(long times)
{
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at = i & (ITEMS - 1);
        void *item;
        if (mv_buffer_pointer_inline(&buffer, &at, 1, &item, NULL) == MV_OK) *(double *)item = (double)at;
    }
}

static void get2d_f64_pointer(long times)
{
    int right = 1;
    void *item = area_from;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at[] = {i / COLUMNS & (ROWS - 1), i & (COLUMNS - 1)};
        mv_buffer_pointer_inline(&buffer, at, 2, &item, NULL);
        right &= *(double *)item == (double)(at[0] * COLUMNS + at[1]) * 0.5;
    }
    tell(right, *(double *)item);
}

static void getptr3d(long times)
{
    void *item = NULL;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at[] = {i & 3, i & 3, i & 3};
        mv_buffer_pointer(&buffer, at, 3, &item, NULL);
        BARRIER();
    }
    bench.number = (unsigned char *)item - area_from;
}

static void iscontig3d(long times)
{
    for (; times > 0; times--) bench.number = mv_buffer_is_contiguous(&buffer, 'C');
}

/* ---- plain C ---- */

static NOINLINE void *plain_item(unsigned char *data, ptrdiff_t itemsize, const ptrdiff_t *shape,
                                 const ptrdiff_t *index, int ndim)
{
    ptrdiff_t at = 0;
    for (int dim = 0; dim < ndim; dim++) {
        if (index[dim] < 0 || index[dim] >= shape[dim]) return NULL;
        at = at * shape[dim] + index[dim];
    }
    return data + at * itemsize;
}

static void plain_u8(long times)
{
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at = i & (ITEMS - 1);
        bench.number = *(unsigned char *)plain_item(area_from, 1, flat, &at, 1);
        BARRIER();
    }
}

static void plain_f64(long times)
{
    double value = 0;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at = i & (ITEMS - 1);
        value = *(double *)plain_item(area_from, 8, flat, &at, 1);
        BARRIER();
    }
    tell(1, value);
}

static void plain_set(long times)
{
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at = i & (ITEMS - 1);
        *(double *)plain_item(area_to, 8, flat, &at, 1) = (double)at;
        BARRIER();
    }
}

static void plain_2d(long times)
{
    double value = 0;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at[] = {i / COLUMNS & (ROWS - 1), i & (COLUMNS - 1)};
        value = *(double *)plain_item(area_from, 8, square, at, 2);
        BARRIER();
    }
    tell(1, value);
}

static void plain_3d(long times)
{
    void *item = NULL;
    for (long i = 0; i < times; i++) {
        const ptrdiff_t at[] = {i & 3, i & 3, i & 3};
        item = plain_item(area_from, 8, call_cube, at, 3);
        BARRIER();
    }
    bench.number = (unsigned char *)item - area_from;
}

#define ITEM(a_name, a_family, a_begin, a_run, a_plain, ...)                                       \
    {                                                                                              \
        .name = a_name, .family = a_family, .goals = __VA_ARGS__, .begin = a_begin, .ours = a_run, \
        .plain = a_plain, .check_times = ITEMS, .end = end                                         \
    }

const workload item_workloads[] = {
    ITEM("get_u8", "get_u8", begin_u8, get_u8, plain_u8, {{CPYTHON, 0.5}, {NANOSECONDS, 5}}),
    ITEM("get_f64", "get_f64", begin_f64, get_f64, plain_f64, {{CPYTHON, 0.5}, {NANOSECONDS, 5}}),
    ITEM("set_f64", "set_f64", begin_set, set_f64, plain_set, {{CPYTHON, 0.5}, {NANOSECONDS, 5}}),
    ITEM("get2d_f64", "get2d_f64", begin_square, get2d_f64, plain_2d, {{CPYTHON, 0.5}, {NANOSECONDS, 5}}),
    ITEM("get_u8_pointer", "get_u8", begin_u8, get_u8_pointer, plain_u8, {{CPYTHON, 0.2}, {NANOSECONDS, 2}}),
    ITEM("get_f64_pointer", "get_f64", begin_f64, get_f64_pointer, plain_f64,
         {{CPYTHON, 0.2}, {NANOSECONDS, 2}}),
    ITEM("set_f64_pointer", "set_f64", begin_set, set_f64_pointer, plain_set,
         {{CPYTHON, 0.2}, {NANOSECONDS, 2}}),
    ITEM("get2d_f64_pointer", "get2d_f64", begin_square, get2d_f64_pointer, plain_2d,
         {{CPYTHON, 0.2}, {NANOSECONDS, 2}}),
    ITEM("getptr3d", "getptr3d", begin_cube, getptr3d, plain_3d, {{0, 0}}),
    ITEM("iscontig3d", "iscontig3d", begin_contiguous, iscontig3d, NULL, {{0, 0}}),
    {.name = NULL},
};
