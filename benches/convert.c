/*
 * Filling, other byte orders, other types of number, and copies into fresh memory. The limit is memset, or memcpy of as
 * many bytes: of half of what is read and written.
 */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "convert.h"

static mv_view *target, *origin;
static mv_scalar value;
static unsigned char *block; /* of the last tobytes */

static void end(void)
{
    mv_view_unref(target);
    mv_view_unref(origin);
    free(block);
    target = origin = NULL;
    block = NULL;
}

static void limit_memcpy(long times)
{
    for (; times > 0; times--) {
        memcpy(area_to, area_from, bench.bytes);
        BARRIER();
    }
}

static void limit_memset(long times)
{
    for (; times > 0; times--) {
        memset(area_to, 0x3d, bench.bytes);
        BARRIER();
    }
}

/* ---- filling ---- */

static const unsigned char pixel[] = FILL_PIXEL;

/* Writes the value to area, as often as the target has it. */
static void fill_plainly(unsigned char *area)
{
    const size_t count = array_items(&bench.target);
    if (bench.target.ndim == 3)
        for (size_t i = 0; i < count; i += 3) memcpy(area + i, pixel, 3);
    else if (bench.target.itemsize == 1)
        for (size_t i = 0; i < count; i++) area[i] = FILL_BYTE;
    else
        for (size_t i = 0; i < count; i++)
            *(float *)(void *)(area + (ptrdiff_t)i * bench.target.strides[0]) = FILL_NUMBER;
}

static void begin_fill(void)
{
    bench.bytes = array_bytes(&bench.target);
    bench.span = bench.bytes;
    if (bench.target.ndim == 1) bench.span = (size_t)(bench.target.shape[0] * bench.target.strides[0]);
    memset(area_expected, 0xa5, bench.span);
    fill_plainly(area_expected);
}

static void begin_fill_u8(const workload *work)
{
    static const ptrdiff_t shape[] = {64 * MIB};
    (void)work;
    bench.target = array_contiguous(area_to, "B", 1, 1, shape);
    begin_fill();
    target = array_view(&bench.target);
    value.kind = MV_UINT;
    value.as.u = FILL_BYTE;
}

static void begin_fill_numbers(ptrdiff_t count, ptrdiff_t step)
{
    bench.target = array_strided(area_to, "f", 4, 1, &count, &step);
    begin_fill();
    target = array_view(&bench.target);
    value.kind = MV_FLOAT;
    value.as.f = (double)FILL_NUMBER;
}

static void begin_fill_f32(const workload *work)
{
    (void)work;
    begin_fill_numbers(16 * MIB, 4);
}

static void begin_fill_step2(const workload *work)
{
    (void)work;
    begin_fill_numbers(8 * MIB, 8);
}

/* For us, pixels of three bytes; for others, an array with an axis of channels. */
static void begin_fill_rgb(const workload *work)
{
    static const ptrdiff_t shape[] = {1080, 1920, 3};
    (void)work;
    bench.target = array_contiguous(area_to, "B", 1, 3, shape);
    begin_fill();
    const array pixels = array_contiguous(area_to, "(3)B", 3, 2, shape);
    target = array_view(&pixels);
    value.kind = MV_BYTES;
    value.as.bytes.data = pixel;
    value.as.bytes.length = sizeof pixel;
}

static void fill(long times)
{
    for (; times > 0; times--) bench_require(mv_view_fill(target, &value, NULL), "mv_view_fill");
}

static void plain_fill(long times)
{
    for (; times > 0; times--) {
        fill_plainly(area_to);
        BARRIER();
    }
}

/* ---- converting ---- */

#define CONVERT_LOOP(from_type, to_type)                                                \
    do {                                                                                \
        const from_type *from = (const from_type *)(const void *)area_from;             \
        to_type *to = (to_type *)(void *)area;                                          \
        for (ptrdiff_t i = 0; i < bench.source.shape[0]; i++) to[i] = (to_type)from[i]; \
    } while (0)

#define SWAP_LOOP(type, swap)                                                        \
    do {                                                                             \
        const type *from = (const type *)(const void *)area_from;                    \
        type *to = (type *)(void *)area;                                             \
        for (ptrdiff_t i = 0; i < bench.source.shape[0]; i++) to[i] = swap(from[i]); \
    } while (0)

static void convert_plainly(unsigned char *area)
{
    const char from = bench.source.format[0], to = bench.target.format[0];
    if (from == '>' && bench.source.itemsize == 4)
        SWAP_LOOP(uint32_t, __builtin_bswap32);
    else if (from == '>')
        SWAP_LOOP(uint64_t, __builtin_bswap64);
    else if (from == 'B')
        CONVERT_LOOP(uint8_t, float);
    else if (to == 'd')
        CONVERT_LOOP(float, double);
    else
        CONVERT_LOOP(double, float);
}

typedef struct pair {
    const char *from;
    ptrdiff_t from_size;
    const char *to;
    ptrdiff_t to_size, count;
} pair;

static void begin_convert(const workload *work)
{
    const pair *given = work->detail;
    bench.source = array_contiguous(area_from, given->from, given->from_size, 1, &given->count);
    bench.target = array_contiguous(area_to, given->to, given->to_size, 1, &given->count);
    if (given->from_size == 8)
        fill_f64(area_from, (size_t)given->count);
    else if (given->from_size == 4)
        fill_f32(area_from, (size_t)given->count);
    bench.bytes = (array_bytes(&bench.source) + array_bytes(&bench.target)) / 2;
    bench.span = array_bytes(&bench.target);
    convert_plainly(area_expected);
    origin = array_view(&bench.source);
    target = array_view(&bench.target);
}

static void convert(long times)
{
    for (; times > 0; times--)
        bench_require(mv_view_convert(target, origin, MV_WRAP, NULL), "mv_view_convert");
}

static void plain_convert(long times)
{
    for (; times > 0; times--) {
        convert_plainly(area_to);
        BARRIER();
    }
}

/* ---- into fresh memory ---- */

static void begin_tobytes(const workload *work)
{
    const ptrdiff_t *strides = work->detail, shape[] = {4 * MIB};
    bench.source = array_strided(area_from, "f", 4, 1, shape, strides);
    bench.target = array_contiguous(area_to, "f", 4, 1, shape);
    bench.bytes = bench.span = array_bytes(&bench.target);
    copy_plainly(&bench.target, area_expected, &bench.source);
    origin = array_view(&bench.source);
}

static void tobytes(long times)
{
    for (; times > 0; times--) {
        free(block);
        block = malloc(bench.bytes);
        if (block == NULL) bench_fail("there is no memory for it");
        bench_require(mv_view_read(origin, NULL, 'C', block, bench.bytes, NULL), "mv_view_read");
    }
}

static void collect_block(void)
{
    memcpy(area_to, block, bench.bytes);
}

#define FILL(a_name, a_begin, ...)                                                              \
    {                                                                                           \
        .name = a_name, .family = "fill", .goals = __VA_ARGS__, .begin = a_begin, .ours = fill, \
        .plain = plain_fill, .limit = limit_memset, .end = end                                  \
    }
#define CONVERT(a_name, a_pair, ...)                                                                   \
    {                                                                                                  \
        .name = a_name, .family = "convert", .goals = __VA_ARGS__, .begin = begin_convert,             \
        .detail = &(const pair)a_pair, .ours = convert, .plain = plain_convert, .limit = limit_memcpy, \
        .end = end                                                                                     \
    }
#define TOBYTES(a_name, step)                                                                            \
    {                                                                                                    \
        .name = a_name, .family = "tobytes", .begin = begin_tobytes, .detail = &(const ptrdiff_t){step}, \
        .ours = tobytes, .limit = limit_memcpy, .collect = collect_block, .end = end                     \
    }
#define FROM_TO(...) \
    {                \
        __VA_ARGS__  \
    }

const workload convert_workloads[] = {
    TOBYTES("tobytes_16M", 4),
    TOBYTES("tobytes_step2_f32", 8),
    FILL("fill_u8_64M", begin_fill_u8, {{0, 0}}),
    FILL("fill_f32_64M", begin_fill_f32, {{NUMPY, 0.95}, {LIMIT, 0.95}}),
    FILL("fill_f32_step2", begin_fill_step2, {{0, 0}}),
    FILL("fill_rgb_u8", begin_fill_rgb, {{NUMPY, 40}, {LIMIT, 0.5}}),
    CONVERT("bswap_f32_64M", FROM_TO(">f", 4, "<f", 4, 16 * MIB), {{NUMPY, 1.2}, {LIMIT, 1.3}}),
    CONVERT("bswap_f64_64M", FROM_TO(">d", 8, "<d", 8, 8 * MIB), {{NUMPY, 1.2}, {LIMIT, 1.3}}),
    CONVERT("cast_f32_f64_8M", FROM_TO("f", 4, "d", 8, 8 * MIB), {{NUMPY, 1}, {LIMIT, 1.05}}),
    CONVERT("cast_f64_f32_8M", FROM_TO("d", 8, "f", 4, 8 * MIB), {{NUMPY, 1}, {LIMIT, 1.05}}),
    CONVERT("cast_u8_f32_16M", FROM_TO("B", 1, "f", 4, 16 * MIB), {{NUMPY, 1}, {LIMIT, 1.05}}),
    {.name = NULL},
};
