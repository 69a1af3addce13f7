/*
 * What the workloads work on, and the portable loop that says what comes out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "bench.h"

bench_state bench;
unsigned char *area_from, *area_to, *area_expected;

void bench_fail(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

void bench_require(mv_status status, const char *what)
{
    if (status == MV_OK) return;
    fprintf(stderr, "bench: %s answers %s\n", what, mv_status_name(status));
    exit(1);
}

static unsigned char *take_area(void)
{
    unsigned char *area = aligned_alloc(4096, AREA);
    if (area == NULL) bench_fail("there is no memory for it");
    memset(area, 0, AREA);
    return area;
}

void bench_take_areas(void)
{
#ifdef __GLIBC__
    /* Whoever copies into a fresh block gets the pages of the one that he has given back, so that all do the same work: else who
     * is asked first gets pages of the machine, and waits for those longer than for the copy. */
    mallopt(M_MMAP_THRESHOLD, 32 * MIB);
    mallopt(M_TRIM_THRESHOLD, AREA);
#endif
    area_from = take_area();
    fill_random(area_from, AREA);
    area_to = take_area();
    area_expected = take_area();
}

/* ---- arrays ---- */

array array_strided(void *first, const char *format, ptrdiff_t itemsize, int ndim, const ptrdiff_t *shape,
                    const ptrdiff_t *strides)
{
    array made = {first, format, itemsize, ndim, {0}, {0}};
    for (int dim = 0; dim < ndim; dim++) {
        made.shape[dim] = shape[dim];
        made.strides[dim] = strides[dim];
    }
    return made;
}

array array_contiguous(void *first, const char *format, ptrdiff_t itemsize, int ndim, const ptrdiff_t *shape)
{
    ptrdiff_t strides[MOST_DIMS];
    bench_require(mv_buffer_fill_strides(shape, ndim, itemsize, 'C', strides, NULL),
                  "mv_buffer_fill_strides");
    return array_strided(first, format, itemsize, ndim, shape, strides);
}

size_t array_items(const array *items)
{
    size_t count = 1;
    for (int dim = 0; dim < items->ndim; dim++) count *= (size_t)items->shape[dim];
    return count;
}

size_t array_bytes(const array *items)
{
    return array_items(items) * (size_t)items->itemsize;
}

mv_buffer array_description(const array *items)
{
    const mv_buffer description = {.buf = items->first,
                                   .len = (ptrdiff_t)array_bytes(items),
                                   .itemsize = items->itemsize,
                                   .ndim = items->ndim,
                                   .format = items->format,
                                   .shape = items->shape,
                                   .strides = items->strides};
    return description;
}

mv_view *array_view(const array *items)
{
    const mv_buffer description = array_description(items);
    mv_view *view;
    bench_require(mv_view_from_buffer(&description, &view, NULL), "mv_view_from_buffer");
    return view;
}

/* ---- values ---- */

static uint32_t next(uint32_t *state)
{
    return *state = *state * 1664525u + 1013904223u;
}

void fill_random(unsigned char *to, size_t size)
{
    uint32_t state = 1;
    for (size_t i = 0; i < size; i++) to[i] = (unsigned char)(next(&state) >> 24);
}

void fill_i32(void *to, size_t count)
{
    uint32_t state = 1;
    int32_t *numbers = to;
    for (size_t i = 0; i < count; i++) numbers[i] = (int32_t)next(&state);
}

void fill_f32(void *to, size_t count)
{
    uint32_t state = 1;
    float *numbers = to;
    for (size_t i = 0; i < count; i++) numbers[i] = (float)((int32_t)next(&state) >> 8) / 256;
}

void fill_f64(void *to, size_t count)
{
    uint32_t state = 1;
    double *numbers = to;
    for (size_t i = 0; i < count; i++) numbers[i] = (double)(int32_t)next(&state) / 1000;
}

/* ---- the portable loop ---- */

#define COPY_LOOP(type)                                                                                \
    for (ptrdiff_t i = 0; i < n[0]; i++)                                                               \
        for (ptrdiff_t j = 0; j < n[1]; j++)                                                           \
            for (ptrdiff_t k = 0; k < n[2]; k++)                                                       \
                for (ptrdiff_t l = 0; l < n[3]; l++) {                                                 \
                    unsigned char *to_item = to + i * t[0] + j * t[1] + k * t[2] + l * t[3];           \
                    const unsigned char *from_item = from + i * s[0] + j * s[1] + k * s[2] + l * s[3]; \
                    for (ptrdiff_t m = count; m > 0; m--, to_item += to_step, from_item += from_step)  \
                        *(type *)(void *)to_item = *(const type *)(const void *)from_item;             \
                }

void copy_plainly(const array *target, unsigned char *area, const array *source)
{
    ptrdiff_t n[MOST_DIMS], s[MOST_DIMS], t[MOST_DIMS];
    const int missing = MOST_DIMS - source->ndim;
    for (int dim = 0; dim < MOST_DIMS; dim++) {
        n[dim] = dim < missing ? 1 : source->shape[dim - missing];
        s[dim] = dim < missing ? 0 : source->strides[dim - missing];
        t[dim] = dim < missing ? 0 : target->strides[dim - missing];
    }
    const ptrdiff_t count = n[MOST_DIMS - 1], from_step = s[MOST_DIMS - 1], to_step = t[MOST_DIMS - 1];
    const unsigned char *from = source->first;
    unsigned char *to = area + (target->first - area_to);
    switch (source->itemsize) {
    case 1: COPY_LOOP(uint8_t) break;
    case 2: COPY_LOOP(uint16_t) break;
    case 4: COPY_LOOP(uint32_t) break;
    case 8: COPY_LOOP(uint64_t) break;
    default: bench_fail("the portable loop has no such items");
    }
}

int64_t fingerprint(int ndim, ptrdiff_t itemsize, const ptrdiff_t *shape, const ptrdiff_t *strides,
                    ptrdiff_t offset)
{
    int64_t number = 31 * offset + itemsize;
    for (int dim = 0; dim < ndim; dim++) number = 31 * (31 * number + shape[dim]) + strides[dim];
    return number;
}
