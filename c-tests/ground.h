/*
 * Random memory to stand on: an array, bytes, described strides or tables of pointers, with its first view
 * and the model of it. Include it after model.h and random.h.
 */
#ifndef GROUND_H
#define GROUND_H

#include "model.h"
#include "random.h"

enum { GROUND_BYTES = 16384, GROUND_POINTERS = 512 };

static struct {
    mv_object *object;  /* NULL: borrowed memory */
    mv_view *view;      /* of all of it */
    unsigned char *low; /* the bytes in which all items lie */
    size_t size;
    int strict, freed; /* strict: no slice can make a suboffset negative */
    mv_buffer want;    /* what the view should describe */
    ptrdiff_t shape[MODEL_NDIM], strides[MODEL_NDIM], suboffsets[MODEL_NDIM];
} ground;

static unsigned char ground_bytes[GROUND_BYTES], ground_shadow[GROUND_BYTES];
static void *ground_table[GROUND_POINTERS];
static size_t ground_taken, ground_pointed;

static const struct {
    const char *text;
    ptrdiff_t itemsize;
} ground_formats[] = {
    {"B", 1},
    {"b", 1},
    {"c", 1},
    {"?", 1},
    {"h", sizeof(short)},
    {"H", sizeof(short)},
    {"i", sizeof(int)},
    {"I", sizeof(int)},
    {"l", sizeof(long)},
    {"L", sizeof(long)},
    {"q", 8},
    {"Q", 8},
    {"n", sizeof(size_t)},
    {"N", sizeof(size_t)},
    {"e", 2},
    {"f", 4},
    {"d", 8},
    {"P", sizeof(void *)},
    {"@i", sizeof(int)},
    {"@B", 1},
    {"@d", 8},
    {"T{i:a:}", sizeof(int)},
};
enum { GROUND_FORMATS = sizeof ground_formats / sizeof *ground_formats };

/* `unknown`: one in a while is a format whose items have no value. */
static inline void ground_format(int unknown)
{
    const int number = random_below(unknown ? GROUND_FORMATS : GROUND_FORMATS - 1);
    ground.want.format = ground_formats[number].text;
    ground.want.itemsize = ground_formats[number].itemsize;
}

static inline void ground_free(void *context, void *data)
{
    (void)data;
    COUNT(FREED, *(int *)context);
}

/* A shape of at most `most` items, now and then without any. */
static inline void ground_shape(int least_ndim, int most_ndim, int most)
{
    static const int powers[] = {48, 48, 9, 6, 4, 3};
    ptrdiff_t items = 1;
    ground.want.ndim = random_between(least_ndim, most_ndim);
    for (int dim = 0; dim < ground.want.ndim; dim++) {
        ptrdiff_t extent = random_between(1, powers[ground.want.ndim]);
        while (items * extent > most) extent = (extent + 1) / 2;
        items *= extent;
        ground.shape[dim] = random_percent(2) ? 0 : extent;
    }
    for (int dim = ground.want.ndim - 1; dim > 0; dim--) { /* the last ones would always be the small ones */
        const int other = random_below(dim + 1);
        const ptrdiff_t extent = ground.shape[dim];
        ground.shape[dim] = ground.shape[other];
        ground.shape[other] = extent;
    }
}

/* Strides of dimensions `first` to `end` - 1 that lay units side by side in some order of the dimensions. */
static inline void ground_pack(int first, int end, ptrdiff_t unit, int shuffled, int signs)
{
    int order[MODEL_NDIM];
    ptrdiff_t step = unit;
    for (int i = first; i < end; i++) order[i] = end - 1 - (i - first);
    for (int i = end - 1; shuffled && i > first; i--) {
        const int other = random_between(first, i), dim = order[i];
        order[i] = order[other];
        order[other] = dim;
    }
    for (int i = first; i < end; i++) {
        const ptrdiff_t extent = ground.shape[order[i]];
        ground.strides[order[i]] = signs && random_percent(30) ? -step : step;
        step *= extent > 0 ? extent : 1;
        if (shuffled && random_percent(15)) step += unit * random_between(1, 3);
    }
}

/* How far the items of these dimensions reach below the first, and the bytes of all. */
static inline ptrdiff_t ground_reach(int first, int end, ptrdiff_t unit, ptrdiff_t *size)
{
    ptrdiff_t low = 0, high = unit;
    for (int dim = first; dim < end; dim++) {
        const ptrdiff_t last = (ground.shape[dim] - 1) * ground.strides[dim];
        if (ground.shape[dim] == 0) return *size = 0, 0;
        if (last < 0)
            low += last;
        else
            high += last;
    }
    return *size = high - low, low;
}

static inline void ground_ready(void)
{
    CHECK((size_t)ground.size <= GROUND_BYTES);
    random_fill(ground.low, ground.size);
    memcpy(ground_shadow, ground.low, ground.size);
}

static inline void ground_describe_text(const char *what)
{
    const mv_buffer *b = &ground.want;
    note("%s '%s'%s [", what, b->format, b->readonly ? " read-only" : "");
    for (int dim = 0; dim < b->ndim; dim++) note("%s%td", dim ? ", " : "", b->shape[dim]);
    note("] strides (");
    for (int dim = 0; dim < b->ndim; dim++) note("%s%td", dim ? ", " : "", b->strides[dim]);
    note(")");
    for (int dim = 0; dim < b->ndim && b->suboffsets != NULL; dim++)
        note("%s%td", dim ? ", " : " suboffsets (", b->suboffsets[dim]);
    note("%s\n", b->suboffsets != NULL ? ")" : "");
}

static inline void ground_clear(void)
{
    memset(&ground, 0, sizeof ground);
    ground.strict = 1;
    ground.want.shape = ground.shape;
    ground.want.strides = ground.strides;
    ground_taken = ground_pointed = 0;
}

/* An array of the library's own. */
static inline void ground_array(void)
{
    ground_clear();
    ground_format(0);
    ground_shape(0, 5, 200);
    const int order = random_percent(70) ? 'C' : 'F', ndim = ground.want.ndim;
    CHECK_OK(mv_array_new(ground.want.format, ground.shape, ndim, order, &ground.object, &error));
    CHECK_OK(mv_view_new(ground.object, MV_FULL, &ground.view, &error));
    ground.want.buf = mv_view_buffer(ground.view)->buf;
    CHECK_SIZE((uintptr_t)ground.want.buf % 64, 0);
    ground_pack(0, ndim, ground.want.itemsize, 0, 0);
    if (order == 'F') {
        ptrdiff_t step = ground.want.itemsize;
        for (int dim = 0; dim < ndim; step *= ground.shape[dim++]) ground.strides[dim] = step;
    }
    ground.low = (unsigned char *)ground.want.buf;
    ground.size = (size_t)(model_product(ground.shape, ndim) * ground.want.itemsize);
    for (size_t i = 0; i < ground.size; i++) CHECK_INT(ground.low[i], 0);
    ground_describe_text(order == 'C' ? "array 'C'" : "array 'F'");
    ground_ready();
}

/* Plain bytes, by each of the ways to have them. */
static inline void ground_plain(void)
{
    static const int whole[] = {0, 1, 8, 16, 24, 48, 60, 64, 96, 120};
    ground_clear();
    const size_t length = (size_t)(random_percent(80) ? whole[random_below(10)] : random_between(0, 100));
    const int kind = random_below(4);
    mv_buffer *want = &ground.want;
    want->format = "B";
    want->itemsize = want->ndim = 1;
    ground.shape[0] = (ptrdiff_t)length;
    ground.strides[0] = 1;
    want->readonly = kind == 0 || (kind > 1 && random_percent(30));
    random_fill(ground_bytes, length);
    if (kind == 0) CHECK_OK(mv_bytes_new(ground_bytes, length, &ground.object, &error));
    if (kind == 1) CHECK_OK(mv_bytearray_new(ground_bytes, length, &ground.object, &error));
    if (kind == 2)
        CHECK_OK(mv_memory_new(ground_bytes, length, want->readonly, ground_free, &ground.freed,
                               &ground.object, &error));
    if (kind == 3)
        CHECK_OK(mv_view_wrap(ground_bytes, NULL, ground.shape, 1, want->readonly, &ground.view, &error));
    if (kind != 3) CHECK_OK(mv_view_new(ground.object, MV_FULL_RO, &ground.view, &error));
    want->buf = mv_view_buffer(ground.view)->buf;
    if (kind > 1) CHECK_PTR(want->buf, ground_bytes);
    if (length > 0) CHECK_BYTES(want->buf, ground_bytes, length);
    ground.low = (unsigned char *)want->buf;
    ground.size = length;
    memcpy(ground_shadow, ground_bytes, length);
    ground_describe_text("bytes");
}

/* A view of what `ground.want` describes, of `extent` bytes from `base`. */
static inline void ground_describe(void *base, size_t extent)
{
    mv_buffer given = ground.want;
    given.len = model_product(ground.shape, given.ndim) * given.itemsize;
    if (strcmp(given.format, "B") == 0 && random_percent(30)) given.format = NULL;
    if (random_percent(75)) {
        if (random_percent(50)) given.len = 0;
        CHECK_OK(
            mv_memory_describe(&given, base, extent, ground_free, &ground.freed, &ground.object, &error));
        CHECK_OK(mv_view_new(ground.object, given.readonly ? MV_FULL_RO : MV_FULL, &ground.view, &error));
    } else {
        CHECK_OK(mv_view_from_buffer(&given, &ground.view, &error));
    }
}

/* Described memory with any strides; `most` items. */
static inline void ground_strided(int most)
{
    ptrdiff_t size;
    ground_clear();
    ground_format(1);
    ground_shape(0, 5, most);
    mv_buffer *want = &ground.want;
    want->readonly = random_percent(20);
    if (random_percent(60))
        ground_pack(0, want->ndim, want->itemsize, 1, 1);
    else
        for (int dim = 0; dim < want->ndim; dim++) ground.strides[dim] = random_between(-24, 24);
    ptrdiff_t low = ground_reach(0, want->ndim, want->itemsize, &size);
    if (size > GROUND_BYTES - 16) { /* too many gaps */
        ground_pack(0, want->ndim, want->itemsize, 0, 0);
        low = ground_reach(0, want->ndim, want->itemsize, &size);
    }
    ground.low = ground_bytes + random_below(16);
    ground.size = (size_t)size;
    want->buf = ground.low - low;
    ground_describe_text("memory");
    ground_ready();
    ground_describe(ground.low, ground.size);
}

/* One block of the segment of dimensions that begins at `first`, and all blocks behind it. */
static inline unsigned char *ground_block(int first, ptrdiff_t *out_first_item)
{
    int end = first, is_table = 0;
    ptrdiff_t size, behind = 0, index[MODEL_NDIM];
    while (end < ground.want.ndim && !is_table) is_table = ground.suboffsets[end++] >= 0;
    const ptrdiff_t unit = is_table ? (ptrdiff_t)sizeof(void *) : ground.want.itemsize;
    const ptrdiff_t low = ground_reach(first, end, unit, &size);
    unsigned char *block = ground_bytes + ground_taken;
    if (is_table) {
        block = (unsigned char *)(ground_table + ground_pointed);
        ground_pointed += (size_t)size / sizeof(void *);
        CHECK(ground_pointed <= GROUND_POINTERS);
    } else {
        ground_taken += (size_t)size + (size_t)random_below(8);
        CHECK(ground_taken <= GROUND_BYTES);
    }
    const ptrdiff_t entries = is_table ? model_product(ground.shape + first, end - first) : 0;
    for (ptrdiff_t flat = 0; flat < entries; flat++) {
        unsigned char *at = block - low;
        model_unravel(ground.shape + first, end - first, 'C', flat, index);
        for (int dim = first; dim < end; dim++) at += ground.strides[dim] * index[dim - first];
        unsigned char *next = ground_block(end, &behind);
        if (!ground.strict) next += behind; /* the pointer leads to the first item, not to the block */
        memcpy(at, &next, sizeof next);
    }
    if (is_table) ground.suboffsets[end - 1] = ground.strict ? behind : 0;
    *out_first_item = -low;
    return block;
}

/* Tables of pointers to blocks, in one case of four through two of them. */
static inline void ground_pointers(void)
{
    ptrdiff_t first_item, size;
    int first = 0;
    ground_clear();
    ground_format(1);
    ground_shape(1, 4, 120);
    mv_buffer *want = &ground.want;
    want->suboffsets = ground.suboffsets;
    want->readonly = random_percent(20);
    ground.strict = random_percent(70);
    memset(ground.suboffsets, 0xff, sizeof ground.suboffsets);
    ground.suboffsets[random_below(want->ndim)] = 0;
    if (random_percent(30)) ground.suboffsets[random_below(want->ndim)] = 0;
    for (int dim = 0; dim < want->ndim; dim++) {
        if (ground.suboffsets[dim] < 0) continue;
        ground_pack(first, dim + 1, (ptrdiff_t)sizeof(void *), 0, 1);
        first = dim + 1;
    }
    ground_pack(first, want->ndim, want->itemsize, 1, 1);
    unsigned char *block = ground_block(0, &first_item);
    want->buf = block + first_item;
    ground.low = ground_bytes;
    ground.size = ground_taken;
    for (first = 0; ground.suboffsets[first] < 0;) first++;
    ground_reach(0, first + 1, (ptrdiff_t)sizeof(void *), &size);
    ground_describe_text("pointers");
    ground_ready();
    ground_describe(block, (size_t)size);
}

/* Everything that was written is in the shadow too, and nothing else was. */
static inline void ground_check(void)
{
    if (ground.size != 0) CHECK_BYTES(ground.low, ground_shadow, ground.size);
}

/* Drops the object; by then all views of it are gone. */
static inline void ground_leave(void)
{
    const int is_memory = ground.object != NULL && strcmp(mv_object_type_name(ground.object), "memory") == 0;
    if (ground.object != NULL) CHECK_SIZE(mv_object_exports(ground.object), 0);
    CHECK_INT(ground.freed, 0);
    mv_object_unref(ground.object);
    CHECK_INT(ground.freed, is_memory);
}

#endif
