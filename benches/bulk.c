/*
 * Copies and fills. Plain C is the nested loop that one would write; the limit is memcpy or memset of as many
 * bytes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "memview.h"

#define BARRIER() __asm__ volatile("" ::: "memory")

bench_memory bench;

static mv_view *target, *origin;
static const float fill_number = 0.1f;

static void require(mv_status status, const char *what)
{
    if (status != MV_OK) bench_fail(what);
}

/* Two blocks of `size` bytes, touched. */
static void take(size_t size)
{
    bench.size = size;
    bench.from = aligned_alloc(64, (size + 63) / 64 * 64);
    bench.to = aligned_alloc(64, (size + 63) / 64 * 64);
    if (bench.from == NULL || bench.to == NULL) bench_fail("taking memory");
    uint32_t bits = 1;
    for (size_t i = 0; i < size; i++) {
        bits = bits * 1664525u + 1013904223u;
        bench.from[i] = (unsigned char)(bits >> 24);
    }
    memset(bench.to, 0, size);
}

static void drop(void)
{
    mv_view_unref(target);
    mv_view_unref(origin);
    free(bench.from);
    free(bench.to);
    memset(&bench, 0, sizeof bench);
    target = origin = NULL;
}

/* A source of this shape and these strides, and a contiguous destination. */
static void prepare(const char *format, ptrdiff_t itemsize, int ndim, const ptrdiff_t *shape,
                    const ptrdiff_t *strides)
{
    mv_buffer source = {bench.from, NULL, itemsize, itemsize, 1, ndim, format, shape, strides, NULL, NULL};
    bench.ndim = ndim;
    bench.itemsize = itemsize;
    for (int dim = 0; dim < ndim; dim++) {
        source.len *= shape[dim];
        bench.shape[dim] = shape[dim];
        bench.strides[dim] = strides[dim];
    }
    require(mv_view_from_buffer(&source, &origin, NULL), "mv_view_from_buffer");
    require(mv_view_wrap(bench.to, format, shape, ndim, 0, &target, NULL), "mv_view_wrap");
}

static void begin_flat(size_t size)
{
    const ptrdiff_t shape[] = {(ptrdiff_t)size}, strides[] = {1};
    take(size);
    prepare("B", 1, 1, shape, strides);
}

static void begin_64m(void)
{
    begin_flat((size_t)64 << 20);
}

static void begin_256k(void)
{
    begin_flat((size_t)256 << 10);
}

static void begin_4k(void)
{
    begin_flat((size_t)4 << 10);
}

static void begin_transpose_f32(void)
{
    static const ptrdiff_t shape[] = {4096, 4096}, strides[] = {4, 4096 * 4};
    take((size_t)4096 * 4096 * 4);
    prepare("f", 4, 2, shape, strides);
}

static void begin_transpose_u8(void)
{
    static const ptrdiff_t shape[] = {4096, 4096}, strides[] = {1, 4096};
    take((size_t)4096 * 4096);
    prepare("B", 1, 2, shape, strides);
}

static void begin_step2(void)
{
    static const ptrdiff_t shape[] = {8 << 20}, strides[] = {8};
    take((size_t)64 << 20);
    prepare("f", 4, 1, shape, strides);
}

static void begin_hwc2chw(void)
{
    static const ptrdiff_t shape[] = {3, 1080, 1920}, strides[] = {1, 1920 * 3, 3};
    take((size_t)1080 * 1920 * 3);
    prepare("B", 1, 3, shape, strides);
}

static void begin_fill(void)
{
    static const ptrdiff_t shape[] = {16 << 20}, strides[] = {4};
    take((size_t)64 << 20);
    prepare("f", 4, 1, shape, strides);
}

/* ---- contenders ---- */

static void our_copy(long times)
{
    for (; times > 0; times--) require(mv_view_copy(target, origin, NULL), "mv_view_copy");
}

static void our_fill(long times)
{
    mv_scalar value = {0};
    value.kind = MV_FLOAT;
    value.as.f = (double)fill_number;
    for (; times > 0; times--) require(mv_view_fill(target, &value, NULL), "mv_view_fill");
}

#define PLAIN_LOOP(type)                                                                                \
    do {                                                                                                \
        type *to = (type *)(void *)bench.to;                                                            \
        for (ptrdiff_t i = 0; i < n[0]; i++)                                                            \
            for (ptrdiff_t j = 0; j < n[1]; j++)                                                        \
                for (ptrdiff_t k = 0; k < n[2]; k++)                                                    \
                    *to++ = *(const type *)(const void *)(bench.from + i * s[0] + j * s[1] + k * s[2]); \
    } while (0)

static void plain_copy(long times)
{
    ptrdiff_t n[3] = {1, 1, 1}, s[3] = {0, 0, 0};
    for (int dim = 0; dim < bench.ndim; dim++) {
        n[3 - bench.ndim + dim] = bench.shape[dim];
        s[3 - bench.ndim + dim] = bench.strides[dim];
    }
    for (; times > 0; times--) {
        if (bench.itemsize == 4)
            PLAIN_LOOP(uint32_t);
        else
            PLAIN_LOOP(uint8_t);
        BARRIER();
    }
}

static void plain_fill(long times)
{
    for (; times > 0; times--) {
        float *to = (float *)(void *)bench.to;
        for (ptrdiff_t i = 0; i < bench.shape[0]; i++) to[i] = fill_number;
        BARRIER();
    }
}

static size_t payload(void)
{
    size_t size = (size_t)bench.itemsize;
    for (int dim = 0; dim < bench.ndim; dim++) size *= (size_t)bench.shape[dim];
    return size;
}

static void limit_memcpy(long times)
{
    for (; times > 0; times--) {
        memcpy(bench.to, bench.from, payload());
        BARRIER();
    }
}

static void limit_memset(long times)
{
    for (; times > 0; times--) {
        memset(bench.to, 0x3d, payload());
        BARRIER();
    }
}

/* ---- results ---- */

static int is_copied(void)
{
    const unsigned char *to = bench.to;
    const size_t size = (size_t)bench.itemsize;
    ptrdiff_t index[3] = {0, 0, 0};
    for (size_t left = payload() / size; left > 0; left--, to += size) {
        const unsigned char *from = bench.from;
        for (int dim = 0; dim < bench.ndim; dim++) from += index[dim] * bench.strides[dim];
        if (memcmp(to, from, size) != 0) return 0;
        for (int dim = bench.ndim - 1; dim >= 0 && ++index[dim] == bench.shape[dim]; dim--) index[dim] = 0;
    }
    return 1;
}

static int is_filled(void)
{
    for (size_t i = 0; i < payload(); i += sizeof fill_number)
        if (memcmp(bench.to + i, &fill_number, sizeof fill_number) != 0) return 0;
    return 1;
}

enum { MIB = 1 << 20 };

const workload bulk_workloads[] = {
    {"copy_64M", 64 * MIB, begin_64m, our_copy, plain_copy, limit_memcpy, is_copied, drop},
    {"copy_256K", 256 << 10, begin_256k, our_copy, plain_copy, limit_memcpy, is_copied, drop},
    {"copy_4K", 4096, begin_4k, our_copy, plain_copy, limit_memcpy, is_copied, drop},
    {"t2_f32_4096", 64 * MIB, begin_transpose_f32, our_copy, plain_copy, limit_memcpy, is_copied, drop},
    {"t2_u8_4096", 16 * MIB, begin_transpose_u8, our_copy, plain_copy, limit_memcpy, is_copied, drop},
    {"step2_f32", 32 * MIB, begin_step2, our_copy, plain_copy, limit_memcpy, is_copied, drop},
    {"hwc2chw_u8", 1080 * 1920 * 3, begin_hwc2chw, our_copy, plain_copy, limit_memcpy, is_copied, drop},
    {"fill_f32_64M", 64 * MIB, begin_fill, our_fill, plain_fill, limit_memset, is_filled, drop},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL},
};
