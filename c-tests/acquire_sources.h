/*
 * Everything that mv_buffer_acquire can be asked of: each kind of exporter x format x structure x read-only
 * or not, and views of them. `source` says what is known of the one that is asked.
 */
#ifndef ACQUIRE_SOURCES_H
#define ACQUIRE_SOURCES_H

#include "harness.h"

enum { TABLE_NDIM = 4 };

/* How the memory lies. Strides and offset count items; at the `indirect` dimension (-1: none) and before,
 * pointers. */
typedef struct structure {
    const char *name;
    int ndim;
    ptrdiff_t shape[TABLE_NDIM], strides[TABLE_NDIM];
    ptrdiff_t offset;
    int indirect;
} structure;

static const structure structures[] = {
    {"one dimension", 1, {5}, {1}, 0, -1},
    {"C order", 2, {2, 3}, {3, 1}, 0, -1},
    {"C order, 3 dimensions", 3, {2, 2, 3}, {6, 3, 1}, 0, -1},
    {"Fortran order", 2, {2, 3}, {1, 2}, 0, -1},
    {"Fortran order, 3 dimensions", 3, {2, 2, 3}, {1, 2, 4}, 0, -1},
    {"both orders, odd stride of one row", 2, {1, 4}, {9, 1}, 0, -1},
    {"both orders, odd strides around", 3, {1, 3, 1}, {5, 1, 7}, 0, -1},
    {"neither order, a gap", 2, {2, 3}, {4, 1}, 0, -1},
    {"neither order, steps", 2, {2, 3}, {6, 2}, 0, -1},
    {"neither order, the middle is fastest", 3, {2, 3, 2}, {6, 1, 3}, 0, -1},
    {"every other item", 1, {3}, {2}, 0, -1},
    {"one item, odd stride", 1, {1}, {2}, 0, -1},
    {"0 dimensions", 0, {0}, {0}, 0, -1},
    {"no items, odd stride", 1, {0}, {3}, 0, -1},
    {"no items [3, 0]", 2, {3, 0}, {5, 2}, 0, -1},
    {"no items [0, 3]", 2, {0, 3}, {1, 7}, 0, -1},
    {"backwards", 1, {4}, {-1}, 3, -1},
    {"backwards, one item", 1, {1}, {-1}, 0, -1},
    {"rows backwards", 2, {2, 3}, {-3, 1}, 3, -1},
    {"all backwards", 2, {2, 3}, {-3, -1}, 5, -1},
    {"one item four times", 1, {4}, {0}, 0, -1},
    {"one row twice", 2, {2, 3}, {0, 1}, 0, -1},
    {"pointers to rows", 2, {3, 4}, {1, 1}, 0, 0},
    {"pointers to items", 1, {3}, {1}, 0, 0},
    {"pointers to items, 2 dimensions", 2, {2, 2}, {2, 1}, 0, 1},
    {"pointers to planes", 3, {3, 2, 2}, {1, 2, 1}, 0, 0},
    {"a pointer to one item", 2, {1, 1}, {1, 1}, 0, 0},
    {"pointers to rows without items", 2, {2, 0}, {1, 1}, 0, 0},
};
enum { STRUCTURES = sizeof structures / sizeof *structures };

static const struct {
    const char *text;
    ptrdiff_t itemsize;
    int is_bytes; /* may be given without a shape */
} formats[] = {
    {"B", 1, 1}, {"b", 1, 1}, {"c", 1, 1}, {"@B", 1, 1},      {"?", 1, 0},
    {"H", 2, 0}, {"i", 4, 0}, {"d", 8, 0}, {"T{i:a:}", 4, 0}, /* to the library a text as any other */
};
enum { FORMATS = sizeof formats / sizeof *formats, UNKNOWN_FORMAT = FORMATS - 1 };

/* What is asked, and all that is known of it. */
static struct {
    const char *maker;
    const structure *structure;
    int format, any_strides; /* any_strides: those of no items are the library's affair */
    mv_object *object;
    mv_view *view; /* NULL, or the same as `object` */
    mv_buffer full;
    ptrdiff_t shape[TABLE_NDIM], strides[TABLE_NDIM], suboffsets[TABLE_NDIM];
    long acquired, released; /* by exporters of this file */
    int flags;
} source;

static unsigned char memory[256];
static void *pointers[4];
static mv_object typed; /* the exporter in C */

static void explain(void)
{
    if (source.maker != NULL)
        fprintf(stderr, "flags 0x%x of %s, format '%s', %s%s\n", (unsigned)source.flags, source.maker,
                formats[source.format].text,
                source.structure != NULL ? source.structure->name : "plain bytes",
                source.full.readonly ? ", read-only" : "");
}

static void check_zero(const mv_buffer *buffer)
{
    static const mv_buffer zero;
    CHECK_BYTES(buffer, &zero, sizeof zero);
}

/* Lays `source` out in `memory` as the structure says. */
static void lay(const structure *how, int format, int readonly)
{
    mv_buffer *full = &source.full;
    memset(&source, 0, sizeof source);
    source.structure = how;
    source.format = format;
    const ptrdiff_t itemsize = formats[format].itemsize, pointer = (ptrdiff_t)sizeof(void *);
    *full = (mv_buffer){memory + how->offset * itemsize,
                        NULL,
                        itemsize,
                        itemsize,
                        readonly,
                        how->ndim,
                        formats[format].text,
                        NULL,
                        NULL,
                        NULL,
                        NULL};
    if (how->ndim > 0) full->shape = source.shape, full->strides = source.strides;
    for (int dim = 0; dim < how->ndim; dim++) {
        source.shape[dim] = how->shape[dim];
        source.strides[dim] = how->strides[dim] * (dim <= how->indirect ? pointer : itemsize);
        source.suboffsets[dim] = dim == how->indirect ? itemsize : -1;
        full->len *= how->shape[dim];
    }
    if (how->indirect < 0) return;
    full->suboffsets = source.suboffsets;
    full->buf = pointers;
    for (int i = 0; i < 4; i++) pointers[i] = memory + i * 5 * itemsize;
}

static mv_status answer_in_full(void *out_struct)
{
    mv_buffer *out = (mv_buffer *)out_struct;
    const mv_buffer full = source.full;
    source.acquired++;
    out->buf = full.buf;
    out->itemsize = full.itemsize;
    out->readonly = full.readonly;
    out->ndim = full.ndim;
    out->format = full.format;
    out->shape = full.shape;
    out->strides = full.strides;
    out->suboffsets = full.suboffsets;
    out->internal = &source;
    if (source.acquired % 2 == 0) out->len = full.len;
    return MV_OK;
}

static mv_status type_acquire(mv_object *self, const mv_request *request, mv_buffer *out, mv_error *failure)
{
    (void)self, (void)request, (void)failure;
    check_zero(out);
    return answer_in_full(out);
}

static void type_release(mv_object *self, mv_buffer *buffer)
{
    (void)self;
    CHECK_PTR(buffer->internal, &source);
    source.released++;
}

static mv_status custom_acquire(void *self, const mv_request *request, mv_buffer *out, mv_error *failure)
{
    (void)request, (void)failure;
    CHECK_PTR(self, memory);
    return answer_in_full(out);
}

static void custom_release(void *self, mv_buffer *buffer)
{
    CHECK_PTR(self, memory);
    CHECK_PTR(buffer->internal, &source);
    source.released++;
}

static const mv_type table_type = {.size = sizeof(mv_type),
                                   .abi = MV_ABI,
                                   .name = "table",
                                   .acquire = type_acquire,
                                   .release = type_release};
static void make_described(void)
{
    source.maker = "memory_describe";
    CHECK_OK(mv_memory_describe(&source.full, source.full.suboffsets != NULL ? (void *)pointers : memory,
                                source.full.suboffsets != NULL ? sizeof pointers : sizeof memory, NULL, NULL,
                                &source.object, &error));
}

static void make_typed(void)
{
    source.maker = "a type in C";
    typed.type = &table_type;
    source.object = &typed;
}

static void make_custom(void)
{
    static const mv_exporter callbacks = {sizeof callbacks, "table", custom_acquire, custom_release, NULL};
    source.maker = "custom_new";
    CHECK_OK(mv_custom_new(&callbacks, memory, &source.object, &error));
}

/* Puts a view in the object's place. */
static void make_view(mv_view *view, const char *maker)
{
    mv_object_unref(source.object);
    source.maker = maker;
    source.view = view;
    source.object = mv_view_as_object(view);
}

static void make_view_of_described(void)
{
    mv_view *view;
    make_described();
    CHECK_OK(mv_view_new(source.object, MV_FULL_RO, &view, &error));
    make_view(view, "a view of memory_describe");
}

static void make_view_of_typed(void)
{
    mv_view *view;
    make_typed();
    CHECK_OK(mv_view_new(source.object, MV_FULL_RO, &view, &error));
    make_view(view, "a view of a type in C");
}

static void make_view_of_buffer(void)
{
    mv_view *view;
    CHECK_OK(mv_view_from_buffer(&source.full, &view, &error));
    make_view(view, "view_from_buffer");
}

static void make_view_of_view(void)
{
    mv_view *inner, *outer;
    CHECK_OK(mv_view_from_buffer(&source.full, &inner, &error));
    CHECK_OK(mv_view_new(mv_view_as_object(inner), MV_FULL_RO, &outer, &error));
    mv_view_unref(inner);
    make_view(outer, "a view of a view");
}

static void make_toreadonly(void)
{
    mv_view *inner, *outer;
    CHECK_OK(mv_view_from_buffer(&source.full, &inner, &error));
    CHECK_OK(mv_view_toreadonly(inner, &outer, &error));
    mv_view_unref(inner);
    source.full.readonly = 1;
    make_view(outer, "a view by toreadonly");
}

static void (*const makers[])(void) = {make_described,         make_typed,          make_custom,
                                       make_view_of_described, make_view_of_buffer, make_view_of_typed,
                                       make_view_of_view,      make_toreadonly};

static void drop(void)
{
    if (source.view != NULL)
        mv_view_unref(source.view);
    else if (source.object != &typed)
        mv_object_unref(source.object);
    CHECK_INT(source.acquired, source.released);
    source.maker = NULL;
}

/* Every source that can be described at will. */
static void with_described(void (*one)(void))
{
    for (int number = 0; number < STRUCTURES; number++)
        for (int format = 0; format < FORMATS; format++)
            for (int readonly = 0; readonly < 2; readonly++)
                for (size_t maker = 0; maker < sizeof makers / sizeof *makers; maker++) {
                    lay(&structures[number], format, readonly);
                    makers[maker]();
                    one();
                    drop();
                }
}

/* Learns where the library's own memory lies. */
static void find(const char *maker, void (*one)(void), int view)
{
    mv_buffer got;
    source.maker = maker;
    CHECK_OK(mv_buffer_acquire(source.object, MV_FULL_RO, &got, &error));
    source.full.buf = got.buf;
    mv_buffer_release(&got);
    if (view) {
        mv_view *of;
        CHECK_OK(mv_view_new(source.object, MV_FULL_RO, &of, &error));
        make_view(of, maker);
    }
    one();
    drop();
}

static void with_arrays(void (*one)(void))
{
    for (int number = 0; number < STRUCTURES; number++) {
        structure how = structures[number];
        if (how.indirect >= 0) continue;
        for (int i = 0; i < FORMATS * 4; i++) {
            const int order = i & 1 ? 'F' : 'C', format = i / 4;
            ptrdiff_t step = 1;
            if (format == UNKNOWN_FORMAT) continue;
            for (int passed = 0; passed < how.ndim; passed++) {
                const int dim = order == 'F' ? passed : how.ndim - 1 - passed;
                how.strides[dim] = step;
                step *= how.shape[dim];
            }
            lay(&how, format, 0);
            source.any_strides = source.full.len == 0;
            CHECK_OK(mv_array_new(formats[format].text, source.full.shape, how.ndim, order, &source.object,
                                  &error));
            find(i & 2 ? "a view of an array" : "array", one, i & 2);
        }
    }
}

/* Bytes, bytearrays and plain memory, empty and not. */
static void with_plain(void (*one)(void))
{
    for (int i = 0; i < 16; i++) {
        const structure how = {"plain bytes", 1, {i & 1 ? 5 : 0}, {1}, 0, -1};
        const size_t length = (size_t)how.shape[0];
        const int kind = i >> 2, view = i >> 1 & 1;
        lay(&how, 0, kind == 0 || kind == 3);
        if (kind == 0) CHECK_OK(mv_bytes_new(memory, length, &source.object, &error));
        if (kind == 1) CHECK_OK(mv_bytearray_new(memory, length, &source.object, &error));
        if (kind >= 2) CHECK_OK(mv_memory_new(memory, length, kind == 3, NULL, NULL, &source.object, &error));
        find(kind == 0 ? "bytes" : kind == 1 ? "bytearray" : "memory", one, view);
    }
}

static void with_all(void (*one)(void))
{
    atexit(explain);
    with_plain(one);
    with_arrays(one);
    with_described(one);
}

#endif
