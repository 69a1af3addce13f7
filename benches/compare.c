/*
 * Equality over equal items: all of them are looked at. Plain C compares item by item; the limit is memcmp of
 * as many bytes, half of what is read.
 */
#include <string.h>

#include "bench.h"

static mv_view *left, *right;

static void end(void)
{
    mv_view_unref(left);
    mv_view_unref(right);
    left = right = NULL;
}

/* Both are there: `bench.source` against `bench.target`, the latter in area_to. */
static void begin(void)
{
    bench.bytes = (array_bytes(&bench.source) + array_bytes(&bench.target)) / 2;
    bench.expected_number = 1;
    memset(area_expected, 0, AREA); /* for the limit */
    left = array_view(&bench.source);
    right = array_view(&bench.target);
}

static void begin_flat(const char *format, ptrdiff_t itemsize, ptrdiff_t count)
{
    bench.source = array_contiguous(area_from, format, itemsize, 1, &count);
    bench.target = array_contiguous(area_to, format, itemsize, 1, &count);
    begin();
}

static void begin_small(const workload *work)
{
    (void)work;
    fill_random(area_from, 16);
    memcpy(area_to, area_from, 16);
    begin_flat("B", 1, 16);
    bench.bytes = 0;
}

static void begin_u8(const workload *work)
{
    (void)work;
    fill_random(area_from, 16 * MIB);
    memcpy(area_to, area_from, 16 * MIB);
    begin_flat("B", 1, 16 * MIB);
}

static void begin_f64(const workload *work)
{
    (void)work;
    fill_f64(area_from, 2 * MIB);
    memcpy(area_to, area_from, 16 * MIB);
    begin_flat("d", 8, 2 * MIB);
}

static void begin_strided(int ndim, const ptrdiff_t *shape, const ptrdiff_t *strides)
{
    fill_f64(area_from, 4 * MIB);
    bench.source = array_strided(area_from, "d", 8, ndim, shape, strides);
    bench.target = array_contiguous(area_to, "d", 8, ndim, shape);
    copy_plainly(&bench.target, area_to, &bench.source);
    begin();
}

static void begin_step2(const workload *work)
{
    static const ptrdiff_t shape[] = {2 * MIB}, strides[] = {16};
    (void)work;
    begin_strided(1, shape, strides);
}

static void begin_transposed(const workload *work)
{
    static const ptrdiff_t shape[] = {1024, 2048}, strides[] = {8, 8 * 1024};
    (void)work;
    begin_strided(2, shape, strides);
}

static void begin_integers(const workload *work)
{
    static const ptrdiff_t shape[] = {MIB};
    const int32_t *from = (const int32_t *)(const void *)area_from;
    int64_t *to = (int64_t *)(void *)area_to;
    (void)work;
    fill_i32(area_from, MIB);
    for (int i = 0; i < MIB; i++) to[i] = from[i];
    bench.source = array_contiguous(area_from, "i", 4, 1, shape);
    bench.target = array_contiguous(area_to, "q", 8, 1, shape);
    begin();
}

static void begin_floats(const workload *work)
{
    static const ptrdiff_t shape[] = {MIB};
    const float *from = (const float *)(const void *)area_from;
    double *to = (double *)(void *)area_to;
    (void)work;
    fill_f32(area_from, MIB);
    for (int i = 0; i < MIB; i++) to[i] = (double)from[i];
    bench.source = array_contiguous(area_from, "f", 4, 1, shape);
    bench.target = array_contiguous(area_to, "d", 8, 1, shape);
    begin();
}

static void equal(long times)
{
    int same = -1;
    for (; times > 0; times--) bench_require(mv_view_equal(left, right, &same, NULL), "mv_view_equal");
    bench.number = same;
}

/* Values of two types at two places, both promoted as C does; up to two dimensions. */
#define EQUAL_LOOP(name, left_type, right_type)                                                            \
    static int name(const array *a, const array *b)                                                        \
    {                                                                                                      \
        const ptrdiff_t rows = a->ndim == 2 ? a->shape[0] : 1, columns = a->shape[a->ndim - 1];            \
        const ptrdiff_t a_step = a->strides[a->ndim - 1], b_step = b->strides[b->ndim - 1];                \
        for (ptrdiff_t y = 0; y < rows; y++) {                                                             \
            const unsigned char *p = a->first + (rows > 1 ? y * a->strides[0] : 0);                        \
            const unsigned char *q = b->first + (rows > 1 ? y * b->strides[0] : 0);                        \
            for (ptrdiff_t x = 0; x < columns; x++, p += a_step, q += b_step)                              \
                if (*(const left_type *)(const void *)p != *(const right_type *)(const void *)q) return 0; \
        }                                                                                                  \
        return 1;                                                                                          \
    }
EQUAL_LOOP(equal_u8, uint8_t, uint8_t)
EQUAL_LOOP(equal_f64, double, double)
EQUAL_LOOP(equal_i32_i64, int32_t, int64_t)
EQUAL_LOOP(equal_f32_f64, float, double)

static void plain_equal(long times)
{
    for (; times > 0; times--) {
        switch (bench.source.format[0]) {
        case 'B': bench.number = equal_u8(&bench.source, &bench.target); break;
        case 'd': bench.number = equal_f64(&bench.source, &bench.target); break;
        case 'i': bench.number = equal_i32_i64(&bench.source, &bench.target); break;
        case 'f': bench.number = equal_f32_f64(&bench.source, &bench.target); break;
        default: bench.number = -2;
        }
        BARRIER();
    }
}

static void limit_memcmp(long times)
{
    /* The same bytes twice, so that it reads to the end whatever the workload compares. */
    for (; times > 0; times--) {
        volatile int same = memcmp(area_expected, area_expected + AREA / 2, bench.bytes);
        (void)same;
        BARRIER();
    }
}

/* The same where the bytes themselves are equal: in the same memory, as some pages are nearer than others. */
static void limit_memcmp_same(long times)
{
    for (; times > 0; times--) {
        volatile int same = memcmp(area_from, area_to, bench.bytes);
        (void)same;
        BARRIER();
    }
}

#define EQUAL(a_name, a_begin, a_limit, ...)                                                      \
    {                                                                                             \
        .name = a_name, .family = "equal", .goals = __VA_ARGS__, .begin = a_begin, .ours = equal, \
        .plain = plain_equal, .limit = a_limit, .end = end                                        \
    }

const workload compare_workloads[] = {
    {.name = "eq_16B",
     .family = "equal",
     .begin = begin_small,
     .end = end,
     .ours = equal,
     .plain = plain_equal},
    EQUAL("eq_u8_16M", begin_u8, limit_memcmp_same, {{CPYTHON, 20}, {LIMIT, 0.9}}),
    EQUAL("eq_f64_16M", begin_f64, limit_memcmp_same, {{CPYTHON, 3}, {LIMIT, 0.9}}),
    EQUAL("eq_f64_step2", begin_step2, limit_memcmp, {{0, 0}}),
    EQUAL("eq_f64_transposed", begin_transposed, limit_memcmp, {{CPYTHON, 3}, {LIMIT, 0.4}}),
    EQUAL("eq_i32_i64", begin_integers, limit_memcmp, {{CPYTHON, 400}, {LIMIT, 0.9}}),
    EQUAL("eq_f32_f64", begin_floats, limit_memcmp, {{0, 0}}),
    {.name = NULL},
};
