/*
 * Copies between layouts. Plain C is the portable loop; the limit is memcpy of as many bytes. Each copy is a
 * shape, the strides of what is read, and, where it is not contiguous, the strides of what is written. They take
 * the bytes that are there.
 */
#include <string.h>

#include "bench.h"

typedef struct axis {
    ptrdiff_t extent, stride;
} axis;

typedef struct geometry {
    const char *format;
    ptrdiff_t itemsize;
    axis axes[MOST_DIMS];  /* of what is read */
    ptrdiff_t first;       /* where that begins */
    ptrdiff_t target_step; /* of what is written, in one dimension; 0: it is contiguous */
} geometry;

static mv_view *target, *origin;

static void end(void)
{
    mv_view_unref(target);
    mv_view_unref(origin);
    target = origin = NULL;
}

void begin_copy(const workload *work)
{
    const geometry *given = work->detail;
    ptrdiff_t shape[MOST_DIMS], strides[MOST_DIMS];
    int ndim = 0;
    for (; ndim < MOST_DIMS && given->axes[ndim].extent != 0; ndim++) {
        shape[ndim] = given->axes[ndim].extent;
        strides[ndim] = given->axes[ndim].stride;
    }
    bench.source =
        array_strided(area_from + given->first, given->format, given->itemsize, ndim, shape, strides);
    bench.target = array_contiguous(area_to, given->format, given->itemsize, ndim, shape);
    if (given->target_step != 0) bench.target.strides[0] = given->target_step;
    bench.bytes = array_bytes(&bench.target);
    bench.span = (size_t)given->itemsize;
    for (int dim = 0; dim < ndim; dim++) bench.span += (size_t)((shape[dim] - 1) * bench.target.strides[dim]);
    memset(area_expected, 0xa5, bench.span);
    copy_plainly(&bench.target, area_expected, &bench.source);
    origin = array_view(&bench.source);
    target = array_view(&bench.target);
}

static void copy(long times)
{
    for (; times > 0; times--) bench_require(mv_view_copy(target, origin, NULL), "mv_view_copy");
}

static void copy_objects(long times)
{
    for (; times > 0; times--)
        bench_require(mv_object_copy(mv_view_as_object(target), mv_view_as_object(origin), NULL),
                      "mv_object_copy");
}

static void plain_copy(long times)
{
    for (; times > 0; times--) {
        copy_plainly(&bench.target, area_to, &bench.source);
        BARRIER();
    }
}

static void limit_memcpy(long times)
{
    for (; times > 0; times--) {
        memcpy(area_to, area_from, bench.bytes);
        BARRIER();
    }
}

#define COPY(a_name, a_geometry, ...)                                                                    \
    {                                                                                                    \
        .name = a_name, .family = "copy", .goals = __VA_ARGS__, .begin = begin_copy,                     \
        .detail = &(const geometry)a_geometry, .ours = copy, .plain = plain_copy, .limit = limit_memcpy, \
        .end = end                                                                                       \
    }
/* The axes of what is read, outermost first, as pairs of extent and stride; behind `first` bytes. */
#define FROM(a_first, a_format, a_size, ...)                                            \
    {                                                                                   \
        .format = a_format, .itemsize = a_size, .axes = {__VA_ARGS__}, .first = a_first \
    }
#define OF(...) FROM(0, __VA_ARGS__)
#define FLAT(size) OF("B", 1, {size, 1})
/* The transpose of `rows` x `columns` contiguous items. */
#define TURN(format, size, rows, columns) OF(format, size, {columns, size}, {rows, (size) * (columns)})

enum { HEIGHT = 1080, WIDTH = 1920, PIXELS = HEIGHT * WIDTH };
#define PLANAR(format, size) OF(format, size, {3, size}, {HEIGHT, 3 * WIDTH * (size)}, {WIDTH, 3 * (size)})
#define INTERLEAVED(format, size) \
    OF(format, size, {HEIGHT, WIDTH * (size)}, {WIDTH, size}, {3, PIXELS * (size)})

const workload copy_workloads[] = {
    COPY("copy_64M", FLAT(64 * MIB), {{NUMPY, 1.3}, {LIMIT, 1.3}}),
    COPY("copy_256K", FLAT(256 << 10), {{0, 0}}),
    COPY("copy_4K", FLAT(4 << 10), {{0, 0}}),
    COPY("t2_u8_4096", TURN("B", 1, 4096, 4096), {{NUMPY, 40}, {OPENCV, 3}, {LIMIT, 0.4}}),
    COPY("t2_u16_4096", TURN("H", 2, 4096, 4096), {{NUMPY, 20}, {OPENCV, 2}, {LIMIT, 0.4}}),
    COPY("t2_f32_4096", TURN("f", 4, 4096, 4096), {{NUMPY, 14}, {OPENCV, 1.2}, {HPTT, 1.4}, {LIMIT, 0.6}}),
    COPY("t2_f64_4096", TURN("d", 8, 4096, 4096), {{NUMPY, 10}, {OPENCV, 1.25}, {HPTT, 2}, {LIMIT, 0.85}}),
    COPY("t2_f32_odd", TURN("f", 4, 4001, 3999), {{NUMPY, 4}, {OPENCV, 1.35}, {LIMIT, 0.42}}),
    COPY("t2_f32_256", TURN("f", 4, 256, 256), {{NUMPY, 9}, {OPENCV, 1.2}, {LIMIT, 0.7}}),
    COPY("t2_f32_8", TURN("f", 4, 8, 8), {{0, 0}}),
    COPY("hwc2chw_u8", PLANAR("B", 1), {{NUMPY, 7}, {OPENCV, 1}, {LIMIT, 0.6}}),
    COPY("chw2hwc_u8", INTERLEAVED("B", 1), {{NUMPY, 28}, {OPENCV, 1}, {LIMIT, 0.6}}),
    COPY("hwc2chw_f32", PLANAR("f", 4), {{NUMPY, 2.8}, {OPENCV, 1}, {LIMIT, 1.3}}),
    COPY("chw2hwc_f32", INTERLEAVED("f", 4), {{NUMPY, 6}, {OPENCV, 1}, {LIMIT, 1.3}}),
    /* 16 images of 64 channels of 112 x 112. */
    COPY("nchw2nhwc_f32", OF("f", 4, {16, 64 * 112 * 448}, {112, 448}, {112, 4}, {64, 112 * 448}),
         {{HPTT, 1.4}, {LIMIT, 0.65}}),
    /* The axes 3, 1, 4, 0, 2 of 32 x 32 x 32 x 32 x 16 items. */
    COPY("perm5_f32",
         OF("f", 4, {32, 64}, {32, 32 * 32 * 64}, {16, 4}, {32, 32 * 32 * 32 * 64}, {32, 32 * 64}),
         {{NUMPY, 5}, {HPTT, 4}, {LIMIT, 0.5}}),
    /* The same of 16 x 32 x 24 x 40 x 32 items: no stride is a power of two, and short rows continue each other. */
    COPY("perm5_f32_odd",
         OF("f", 4, {40, 128}, {32, 24 * 40 * 128}, {32, 4}, {16, 32 * 24 * 40 * 128}, {24, 40 * 128}),
         {{0, 0}}),
    COPY("step2_u8", OF("B", 1, {32 * MIB, 2}), {{NUMPY, 3.5}, {LIMIT, 0.85}}),
    COPY("step2_f32", OF("f", 4, {8 * MIB, 8}), {{0, 0}}),
    COPY("step2_f64", OF("d", 8, {4 * MIB, 16}), {{0, 0}}),
    COPY("rev_u8", FROM(64 * MIB - 1, "B", 1, {64 * MIB, -1}), {{NUMPY, 3.5}, {LIMIT, 0.75}}),
    COPY("rev_f32", FROM(64 * MIB - 4, "f", 4, {16 * MIB, -4}), {{0, 0}}),
    COPY("bgr2rgb_u8", FROM(2, "B", 1, {HEIGHT, 3 * WIDTH}, {WIDTH, 3}, {3, -1}),
         {{NUMPY, 35}, {OPENCV, 1}, {LIMIT, 0.8}}),
    COPY("rgba2rgb_u8", OF("B", 1, {HEIGHT, 4 * WIDTH}, {WIDTH, 4}, {3, 1}),
         {{NUMPY, 30}, {OPENCV, 1}, {LIMIT, 0.55}}),
    COPY("flip_h_u8x3", FROM(3 * (WIDTH - 1), "B", 1, {HEIGHT, 3 * WIDTH}, {WIDTH, -3}, {3, 1}),
         {{NUMPY, 20}, {OPENCV, 1}, {LIMIT, 0.4}}),
    COPY("crop_u8x3", FROM(3 * (90 * WIDTH + 160), "B", 1, {900, 3 * WIDTH}, {1600, 3}, {3, 1}), {{0, 0}}),
    {.name = "scatter_step2_f32",
     .family = "copy",
     .begin = begin_copy,
     .end = end,
     .detail = &(const geometry){.format = "f", .itemsize = 4, .axes = {{8 * MIB, 4}}, .target_step = 8},
     .ours = copy,
     .plain = plain_copy,
     .limit = limit_memcpy},
    {.name = "copydata_2d_f32",
     .family = "copy",
     .begin = begin_copy,
     .end = end,
     .detail = &(const geometry)OF("f", 4, {2048, 2 * 4096 * 4}, {2048, 8}),
     .ours = copy_objects,
     .plain = plain_copy,
     .limit = limit_memcpy},
    {.name = NULL},
};

const workload *copy_workload(const char *name)
{
    for (const workload *work = copy_workloads; work->name != NULL; work++)
        if (strcmp(work->name, name) == 0) return work;
    bench_fail("there is no copy of that name");
    return NULL;
}
