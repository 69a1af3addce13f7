/*
 * Random copies between two views of the same memory, against a model that goes through a temporary: first
 * all items of the source are taken, then all items of the destination are written in C order.
 */
#include "ground.h"

static model targets, sources; /* the items of the two views */
static mv_view *target, *origin;
static long overlapping, refused;

/* Pairs of formats: the first of equal layout, the others not. */
static const struct {
    const char *formats[2];
    ptrdiff_t itemsize;
    mv_status expected;
} pairs[] = {
    {{"i", "@i"}, sizeof(int), MV_OK},
    {{"@d", "d"}, 8, MV_OK},
    {{"n", sizeof(size_t) == 8 ? "q" : "i"}, sizeof(size_t), MV_OK},
    {{sizeof(long) == 8 ? "Q" : "I", "L"}, sizeof(long), MV_OK},
    {{"B", "b"}, 1, MV_E_FORMAT},
    {{"b", "c"}, 1, MV_E_FORMAT},
    {{"i", "I"}, sizeof(int), MV_E_FORMAT},
    {{"q", "d"}, 8, MV_E_FORMAT},
    {{"f", "i"}, sizeof(int), MV_E_FORMAT},
};
enum { PAIRS = sizeof pairs / sizeof *pairs };

/* Whether the two have a byte in common. */
static int has_overlap(void)
{
    static unsigned char taken[GROUND_BYTES];
    memset(taken, 0, ground.size);
    for (ptrdiff_t i = 0; i < sources.count; i++)
        memset(taken + (sources.items[i] - ground.low), 1, (size_t)sources.itemsize);
    for (ptrdiff_t i = 0; i < targets.count; i++)
        if (memchr(taken + (targets.items[i] - ground.low), 1, (size_t)targets.itemsize) != NULL) return 1;
    return 0;
}

static void copy_in_shadow(void)
{
    static unsigned char taken[MODEL_ITEMS * 8];
    const size_t size = (size_t)targets.itemsize;
    for (ptrdiff_t i = 0; i < sources.count; i++)
        memcpy(taken + (size_t)i * size, ground_shadow + (sources.items[i] - ground.low), size);
    for (ptrdiff_t i = 0; i < targets.count; i++)
        memcpy(ground_shadow + (targets.items[i] - ground.low), taken + (size_t)i * size, size);
}

/* Copies, and holds all of the memory against the model; then both views are dropped. */
static void copy_and_compare(mv_status expected)
{
    model_begin(&targets, mv_view_buffer(target));
    model_begin(&sources, mv_view_buffer(origin));
    note("%td items, expected %s\n", targets.count, mv_status_name(expected));
    CHECK_STATUS(mv_view_copy(target, origin, &error), expected);
    refused += expected != MV_OK;
    if (expected == MV_OK) {
        overlapping += has_overlap();
        copy_in_shadow();
    }
    ground_check();
    mv_view_unref(target);
    mv_view_unref(origin);
}

static void report(void)
{
    printf("%ld of two that overlap, %ld refused as predicted\n", overlapping, refused);
}

/* ---- slices of one array, with their dimensions in another order ---- */

/* `length` positions of a dimension, from anywhere, in steps of either sign. */
static mv_index some_slice(ptrdiff_t length, ptrdiff_t extent)
{
    const int most = length > 1 ? (int)((extent - 1) / (length - 1)) : 3;
    const ptrdiff_t step = random_between(1, most < 3 ? most : 3),
                    span = length > 0 ? (length - 1) * step : 0;
    const ptrdiff_t first = random_between(0, (int)(extent - 1 - span)), last = first + span;
    const mv_index none = MV_TO(0), up = MV_STEP(first, last + 1, step),
                   down = MV_STEP(last, first - 1, -step);
    mv_index slice = length == 0 ? none : random_percent(50) ? up : down;
    if (slice.step < 0 && slice.stop < 0) slice.given &= ~2u; /* -1 would be the last position */
    return slice;
}

static mv_view *some_part(const ptrdiff_t *shape, int ndim, const ptrdiff_t *extents, const int *axes)
{
    mv_index items[4] = {MV_ALL};
    mv_view *slice, *part;
    for (int i = 0; i < ndim; i++) items[axes[i]] = some_slice(shape[i], extents[axes[i]]);
    CHECK_OK(mv_view_index(ground.view, items, ndim, &slice, &error));
    CHECK_OK(mv_view_transpose(slice, ndim > 0 ? axes : NULL, ndim, &part, &error));
    mv_view_unref(slice);
    return part;
}

static void some_axes(int *axes, int ndim)
{
    for (int i = 0; i < ndim; i++) axes[i] = i;
    for (int i = ndim - 1; i > 0 && random_percent(60); i--) {
        const int other = random_below(i + 1), axis = axes[i];
        axes[i] = axes[other];
        axes[other] = axis;
    }
}

static void copy_in_array(void)
{
    ptrdiff_t shape[4], extents[4] = {0};
    int axes[2][4], ndim = random_between(0, 4);
    mv_buffer all;
    ground_clear();
    ground_format(0);
    some_axes(axes[0], ndim);
    some_axes(axes[1], ndim);
    for (int i = 0; i < ndim; i++) {
        shape[i] = random_percent(3) ? 0 : random_between(1, ndim < 3 ? 12 : ndim < 4 ? 5 : 3);
        for (int view = 0; view < 2; view++)
            if (extents[axes[view][i]] < shape[i]) extents[axes[view][i]] = shape[i];
    }
    for (int i = 0; i < ndim; i++) extents[i] += random_between(extents[i] == 0, 3);
    const int order = random_percent(70) ? 'C' : 'F';
    CHECK_OK(mv_array_new(ground.want.format, extents, ndim, order, &ground.object, &error));
    CHECK_OK(mv_view_new(ground.object, MV_FULL, &ground.view, &error));
    all = *mv_view_buffer(ground.view);
    ground.low = (unsigned char *)all.buf;
    ground.size = (size_t)all.len;
    ground_ready();
    target = some_part(shape, ndim, extents, axes[0]);
    origin = some_part(shape, ndim, extents, axes[1]);
    copy_and_compare(MV_OK);
    mv_view_unref(ground.view);
    ground_leave();
}

TEST(slices_of_one_array)
{
    random_rounds("copies between slices of an array", 11, 20000, copy_in_array);
    report();
}

/* ---- any strides ---- */

/* A view of the present shape somewhere in the memory, by the present strides. */
static mv_view *place(const char *format, int readonly, int aligned)
{
    ptrdiff_t size;
    mv_buffer *want = &ground.want;
    mv_view *view;
    ptrdiff_t low = ground_reach(0, want->ndim, want->itemsize, &size);
    if (size > (ptrdiff_t)ground.size - 640) { /* too many gaps */
        ground_pack(0, want->ndim, want->itemsize, 0, 0);
        low = ground_reach(0, want->ndim, want->itemsize, &size);
    }
    const int start = random_below(1 + (random_percent(80) ? 40 : 600));
    want->buf = ground.low - low + (aligned ? start / want->itemsize * want->itemsize : start);
    want->len = model_product(ground.shape, want->ndim) * want->itemsize;
    want->format = format;
    want->readonly = readonly;
    ground_describe_text("view");
    CHECK_OK(mv_view_from_buffer(want, &view, &error));
    return view;
}

static void begin_strided(void)
{
    ground_clear();
    ground_format(0);
    ground_shape(0, 4, 120);
    ground.low = ground_bytes;
    ground.size = GROUND_BYTES / 4;
    random_fill(ground.low, ground.size);
    memcpy(ground_shadow, ground.low, ground.size);
}

static void small_strides(ptrdiff_t unit)
{
    for (int dim = 0; dim < ground.want.ndim; dim++) ground.strides[dim] = random_between(-4, 4) * unit;
}

static void copy_strided(void)
{
    begin_strided();
    mv_status expected = MV_OK;
    const char *formats[2] = {ground.want.format, ground.want.format};
    const int kind = random_below(100), ndim = ground.want.ndim, pair = random_below(PAIRS);
    if (kind < 12) {
        memcpy(formats, pairs[pair].formats, sizeof formats);
        ground.want.itemsize = pairs[pair].itemsize;
        expected = pairs[pair].expected;
    }
    if (kind == 13) expected = MV_E_READONLY;
    if (kind == 14) expected = MV_E_SHAPE;
    ground_pack(0, ndim, ground.want.itemsize, 1, 1);
    target = place(formats[0], kind == 13, 0);
    if (random_percent(60))
        ground_pack(0, ndim, ground.want.itemsize, 1, 1);
    else
        small_strides(random_percent(50) ? ground.want.itemsize : 1);
    if (kind == 14 && ndim > 0)
        ground.shape[random_below(ndim)] += random_between(1, 2);
    else if (kind == 14)
        ground.want.ndim = 1, ground.shape[0] = ground.strides[0] = 1;
    origin = place(formats[1], random_percent(20), 0);
    copy_and_compare(expected);
}

TEST(any_strides)
{
    random_rounds("copies between views of any strides", 12, 20000, copy_strided);
    report();
}

/* Where items of the destination share memory, whole or in part, the last in C order stays. */
static void copy_to_shared_items(void)
{
    begin_strided();
    const int whole = random_percent(60);
    small_strides(whole ? ground.want.itemsize : 1);
    target = place(ground.want.format, 0, whole);
    if (random_percent(70))
        ground_pack(0, ground.want.ndim, ground.want.itemsize, 1, 1);
    else
        small_strides(ground.want.itemsize);
    origin = place(ground.want.format, 0, random_percent(50));
    copy_and_compare(MV_OK);
}

TEST(destinations_that_share_items)
{
    random_rounds("copies to items that share memory", 13, 20000, copy_to_shared_items);
    report();
}

/* ---- through pointers ---- */

/* Pointers to rows anywhere in the memory; those of a destination do not overlap. */
static mv_view *place_rows(void **table, int apart)
{
    mv_buffer *want = &ground.want;
    const ptrdiff_t row = ground.shape[1] * want->itemsize, direction = random_percent(30) ? -1 : 1;
    mv_view *view;
    for (ptrdiff_t i = 0; i < ground.shape[0]; i++)
        table[i] = ground.low + (apart ? i * (row + 3) : 0) + random_below(apart ? 3 : 200);
    ground.strides[0] = direction * (ptrdiff_t)sizeof(void *);
    ground.strides[1] = want->itemsize;
    ground.suboffsets[0] = random_below(8);
    ground.suboffsets[1] = -1;
    want->suboffsets = ground.suboffsets;
    want->buf = direction < 0 && ground.shape[0] > 0 ? table + ground.shape[0] - 1 : table;
    want->len = model_product(ground.shape, 2) * want->itemsize;
    ground_describe_text("rows");
    CHECK_OK(mv_view_from_buffer(want, &view, &error));
    return view;
}

static void copy_through_pointers(void)
{
    static void *tables[2][64];
    begin_strided();
    ground.want.ndim = 2;
    ground.shape[0] = random_between(0, 8);
    ground.shape[1] = random_between(0, 12);
    const int direct = random_below(3); /* 0: the destination; 1: the source; 2: neither */
    if (direct == 0) ground_pack(0, 2, ground.want.itemsize, 1, 1);
    target = direct == 0 ? place(ground.want.format, 0, 0) : place_rows(tables[0], 1);
    ground.want.suboffsets = NULL;
    if (direct == 1) ground_pack(0, 2, ground.want.itemsize, 1, 1);
    origin = direct == 1 ? place(ground.want.format, 0, 0) : place_rows(tables[1], 0);
    copy_and_compare(MV_OK);
}

TEST(tables_of_pointers)
{
    random_rounds("copies through tables of pointers", 14, 10000, copy_through_pointers);
    report();
}

/* ---- to and from contiguous memory that overlaps the view ---- */

static void read_to_overlap(unsigned char *data, size_t length, int order, int meant)
{
    static unsigned char taken[MODEL_ITEMS * 8];
    const size_t size = (size_t)sources.itemsize;
    for (ptrdiff_t place = 0; place < sources.count; place++) {
        const ptrdiff_t item = model_place(sources.shape, sources.ndim, meant, place);
        memcpy(taken + (size_t)place * size, ground_shadow + (sources.items[item] - ground.low), size);
    }
    if (random_percent(50))
        CHECK_OK(mv_view_read(origin, NULL, order, data, length, &error));
    else
        CHECK_OK(mv_buffer_to_contiguous(mv_view_buffer(origin), data, length, order, &error));
    memcpy(ground_shadow + (data - ground.low), taken, length);
}

static void write_from_overlap(const unsigned char *data, size_t length, int order, int meant)
{
    static unsigned char taken[MODEL_ITEMS * 8];
    const size_t size = (size_t)sources.itemsize;
    memcpy(taken, ground_shadow + (data - ground.low), length);
    if (random_percent(50))
        CHECK_OK(mv_view_write(origin, NULL, order, data, length, &error));
    else
        CHECK_OK(mv_buffer_from_contiguous(mv_view_buffer(origin), data, length, order, &error));
    for (ptrdiff_t place = 0; place < sources.count; place++) {
        const ptrdiff_t item = model_place(sources.shape, sources.ndim, meant, place);
        memcpy(ground_shadow + (sources.items[item] - ground.low), taken + (size_t)place * size, size);
    }
}

static void read_or_write_overlap(void)
{
    begin_strided();
    ground_pack(0, ground.want.ndim, ground.want.itemsize, 1, 1);
    origin = place(ground.want.format, 0, 0);
    model_begin(&sources, mv_view_buffer(origin));
    const size_t length = (size_t)mv_view_buffer(origin)->len;
    const int order = "CFA"[random_below(3)], meant = model_order(&sources, order, 0);
    unsigned char *data = ground.low + random_below(400);
    const int reads = random_percent(50);
    note("%s in order %c, %td bytes from the start\n", reads ? "read" : "write", order, data - ground.low);
    if (reads)
        read_to_overlap(data, length, order, meant);
    else
        write_from_overlap(data, length, order, meant);
    ground_check();
    mv_view_unref(origin);
}

TEST(contiguous_memory_that_overlaps)
{
    random_rounds("reads and writes of memory that overlaps", 15, 20000, read_or_write_overlap);
}
