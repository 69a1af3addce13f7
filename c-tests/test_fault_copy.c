/* Copies that overlap, do not fit, or may not be made. The expectation of an overlap is a copy through a
   temporary, item by item. */
#include "adversary.h"

#define MEMORY 64

static unsigned char memory[MEMORY];
static mv_object *object;
static mv_view *view;

static void count_up(void)
{
    for (unsigned i = 0; i < MEMORY; i++) memory[i] = (unsigned char)(i + 1);
}

/* A view of `memory` from offset `start`, with strides. */
static mv_view *strided(ptrdiff_t start, const char *format, ptrdiff_t itemsize, int ndim,
                        const ptrdiff_t *shape, const ptrdiff_t *strides)
{
    const mv_buffer description = {memory + start, NULL,  0,       itemsize, 0,   ndim,
                                   format,         shape, strides, NULL,     NULL};
    mv_object *described = NULL;
    CHECK_OK(mv_memory_describe(&description, memory, MEMORY, NULL, NULL, &described, &error));
    mv_view *made = view_of(described);
    mv_object_unref(described);
    return made;
}

/* Copies item by item between a view and a dense block; `to_view` says which way. The slow, obvious model. */
static void model_copy(unsigned char *base, const mv_buffer *buffer, ptrdiff_t offset, unsigned char **dense,
                       int dim, int to_view)
{
    if (dim == buffer->ndim) {
        memcpy(to_view ? base + offset : *dense, to_view ? *dense : base + offset, (size_t)buffer->itemsize);
        *dense += buffer->itemsize;
        return;
    }
    for (ptrdiff_t i = 0; i < buffer->shape[dim]; i++)
        model_copy(base, buffer, offset + i * buffer->strides[dim], dense, dim + 1, to_view);
}

/* destination[...] = source, both views of `memory`, against the model. */
static void check_copy(mv_view *destination, const mv_view *source)
{
    unsigned char expected[MEMORY], dense[256], *at = dense;
    const mv_buffer *from = mv_view_buffer(source), *to = mv_view_buffer(destination);
    CHECK((size_t)from->len <= sizeof dense);
    memcpy(expected, memory, MEMORY);
    model_copy(expected, from, (unsigned char *)from->buf - memory, &at, 0, 0);
    at = dense;
    model_copy(expected, to, (unsigned char *)to->buf - memory, &at, 0, 1);
    CHECK_OK(mv_view_copy(destination, source, &error));
    CHECK_BYTES(memory, expected, MEMORY);
}

static void check_pair(const char *format, ptrdiff_t itemsize, int ndim, const ptrdiff_t *shape,
                       ptrdiff_t to_start, const ptrdiff_t *to_strides, ptrdiff_t from_start,
                       const ptrdiff_t *from_strides)
{
    mv_view *destination = strided(to_start, format, itemsize, ndim, shape, to_strides);
    mv_view *source = strided(from_start, format, itemsize, ndim, shape, from_strides);
    count_up();
    check_copy(destination, source);
    mv_view_unref(source);
    mv_view_unref(destination);
}

/* Every pair of starts and strides of 5 items in 24 bytes, zero and negative strides included. */
TEST(fault_068_overlap_in_one_dimension)
{
    const ptrdiff_t shape[] = {5};
    for (ptrdiff_t to = -3; to <= 3; to++)
        for (ptrdiff_t from = -3; from <= 3; from++)
            for (ptrdiff_t shift = -6; shift <= 6; shift++)
                check_pair("B", 1, 1, shape, 24, &to, 24 + shift, &from);
}

TEST(fault_068_overlap_of_items_that_straddle_each_other)
{
    static const ptrdiff_t strides[] = {-8, -5, -4, -3, 0, 1, 4, 5, 7};
    const ptrdiff_t shape[] = {4};
    for (size_t to = 0; to < sizeof strides / sizeof *strides; to++)
        for (size_t from = 0; from < sizeof strides / sizeof *strides; from++)
            for (ptrdiff_t shift = -5; shift <= 5; shift++)
                check_pair("I", 4, 1, shape, 29, &strides[to], 29 + shift, &strides[from]);
}

TEST(fault_068_overlap_in_two_dimensions)
{
    static const ptrdiff_t strides[][2] = {{4, 1}, {1, 4}, {-4, 1}, {4, -1}, {-4, -1}, {-1, -4}, {0, 1},
                                           {1, 0}, {0, 0}, {1, 1},  {-1, 1}, {5, 2},   {2, 5},   {3, 1}};
    static const ptrdiff_t shifts[] = {-7, -4, -1, 0, 1, 3, 4, 8};
    const ptrdiff_t shape[] = {3, 4};
    const size_t count = sizeof strides / sizeof *strides;
    for (size_t to = 0; to < count; to++)
        for (size_t from = 0; from < count; from++)
            for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++)
                check_pair("B", 1, 2, shape, 28, strides[to], 28 + shifts[i], strides[from]);
}

TEST(fault_068_overlap_in_three_dimensions)
{
    static const ptrdiff_t strides[][3] = {{9, 3, 1},   {1, 3, 9}, {3, 9, 1}, {-9, 3, 1},
                                           {9, -3, -1}, {0, 3, 1}, {3, 1, 9}};
    const ptrdiff_t shape[] = {2, 3, 3};
    for (size_t to = 0; to < sizeof strides / sizeof *strides; to++)
        for (size_t from = 0; from < sizeof strides / sizeof *strides; from++)
            for (ptrdiff_t shift = -4; shift <= 4; shift++)
                check_pair("B", 1, 3, shape, 24, strides[to], 24 + shift, strides[from]);
}

/* In place: a transpose and a reversal of the same bytes, all of them moved. */
TEST(fault_068_transpose_and_reversal_in_place)
{
    const ptrdiff_t square[] = {8, 8}, rows[] = {8, 1}, columns[] = {1, 8}, back[] = {-8, -1};
    check_pair("B", 1, 2, square, 0, rows, 0, columns);
    check_pair("B", 1, 2, square, 63, back, 0, rows);
    check_pair("H", 2, 1, (const ptrdiff_t[]){32}, 0, (const ptrdiff_t[]){2}, 62, (const ptrdiff_t[]){-2});
    check_pair("d", 8, 1, (const ptrdiff_t[]){8}, 0, (const ptrdiff_t[]){8}, 56, (const ptrdiff_t[]){-8});
}

/* Several items of the destination are one in memory: the last in C order stays. */
TEST(fault_068_last_item_wins_where_the_stride_is_0)
{
    const ptrdiff_t shape[] = {2, 3};
    view = strided(40, "B", 1, 2, shape, (const ptrdiff_t[]){0, 1});
    mv_view *source = strided(0, "B", 1, 2, shape, (const ptrdiff_t[]){3, 1});
    count_up();
    CHECK_OK(mv_view_copy(view, source, &error));
    CHECK_BYTES(memory + 40, "\4\5\6\x2c", 4);
    mv_view_unref(view);
    view = strided(40, "B", 1, 2, shape, (const ptrdiff_t[]){0, 0});
    CHECK_OK(mv_view_copy(view, source, &error));
    CHECK_BYTES(memory + 40, "\6\5\6\x2c", 4);
    mv_view_unref(view);
    mv_view_unref(source);
}

/* Rows behind pointers, some of them the same memory as the plain side, in another order. */
static mv_view *rows_behind_pointers(void **table, ptrdiff_t rows, ptrdiff_t length, ptrdiff_t suboffset)
{
    const ptrdiff_t shape[] = {rows, length}, strides[] = {sizeof(void *), 1}, suboffsets[] = {suboffset, -1};
    const mv_buffer description = {table, NULL, 0, 1, 0, 2, "B", shape, strides, suboffsets, NULL};
    mv_view *made = NULL;
    CHECK_OK(mv_view_from_buffer(&description, &made, &error));
    return made;
}

TEST(fault_068_overlap_behind_pointers)
{
    void *table[3] = {memory + 8, memory + 4, memory};
    const ptrdiff_t shape[] = {3, 4};
    mv_view *rows = rows_behind_pointers(table, 3, 4, 0), *plain = strided(0, "B", 1, 2, shape, NULL),
            *back = NULL;
    count_up();
    CHECK_OK(mv_view_copy(plain, rows, &error));
    CHECK_BYTES(memory, "\x9\xa\xb\xc\5\6\7\x8\1\2\3\4\xd", 13);
    CHECK_OK(mv_view_copy(rows, plain, &error));
    CHECK_BYTES(memory, "\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd", 13);
    CHECK_OK(mv_view_slice(rows, "::-1, ::-1", &back, &error));
    CHECK_OK(mv_view_copy(back, rows, &error));
    CHECK_BYTES(memory, "\xc\xb\xa\x9\x8\7\6\5\4\3\2\1\xd", 13);
    mv_view_unref(back);
    mv_view_unref(plain);
    mv_view_unref(rows);
    rows = rows_behind_pointers(table, 3, 4, 2); /* the rows overlap each other's neighbours */
    plain = strided(1, "B", 1, 2, shape, NULL);
    count_up();
    CHECK_OK(mv_view_copy(plain, rows, &error));
    CHECK_BYTES(memory, "\1\xb\xc\xd\xe\7\x8\x9\xa\3\4\5\6\xe", 14);
    mv_view_unref(plain);
    mv_view_unref(rows);
}

TEST(fault_068_read_and_write_into_the_view_itself)
{
    const ptrdiff_t shape[] = {4, 4}, columns[] = {1, 4};
    unsigned char expected[16];
    for (unsigned i = 0; i < 16; i++) expected[i] = (unsigned char)(1 + i % 4 * 4 + i / 4);
    view = strided(0, "B", 1, 2, shape, columns);
    count_up();
    CHECK_OK(mv_view_read(view, NULL, 'C', memory, 16, &error));
    CHECK_BYTES(memory, expected, 16);
    count_up();
    CHECK_OK(mv_view_write(view, NULL, 'C', memory, 16, &error));
    CHECK_BYTES(memory, expected, 16);
    count_up();
    CHECK_OK(mv_buffer_to_contiguous(mv_view_buffer(view), memory, 16, 'C', &error));
    CHECK_BYTES(memory, expected, 16);
    count_up();
    CHECK_OK(mv_buffer_from_contiguous(mv_view_buffer(view), memory, 16, 'C', &error));
    CHECK_BYTES(memory, expected, 16);
    count_up();
    CHECK_OK(mv_view_read(view, NULL, 'F', memory + 2, 16, &error)); /* a shift by 2, and no more */
    CHECK_BYTES(memory, "\1\2\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf\x10\x13", 19);
    mv_view_unref(view);
}

TEST(fault_068_objects_of_overlapping_memory)
{
    mv_object *other = NULL;
    count_up();
    CHECK_OK(mv_memory_new(memory, 16, 0, NULL, NULL, &object, &error));
    CHECK_OK(mv_memory_new(memory + 3, 16, 0, NULL, NULL, &other, &error));
    CHECK_OK(mv_object_copy(other, object, &error));
    CHECK_BYTES(memory, "\1\2\3\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf\x10\x14", 20);
    CHECK_OK(mv_object_copy(object, object, &error));
    CHECK_BYTES(memory, "\1\2\3\1\2\3\4\5", 8);
    mv_object_unref(other);
    mv_object_unref(object);
}

/* A bytearray spliced with its own bytes, that move under it. */
TEST(fault_068_splice_of_a_bytearray_with_itself)
{
    mv_buffer buffer;
    object = counting_bytearray(4);
    for (int i = 0; i < 6; i++) { /* grows from 4 bytes to 256, moving on its way */
        CHECK_OK(mv_buffer_acquire(object, MV_SIMPLE, &buffer, &error));
        const void *data = buffer.buf;
        const size_t length = (size_t)buffer.len;
        mv_buffer_release(&buffer);
        CHECK_OK(mv_bytearray_splice(object, 2, 0, data, length, &error));
    }
    CHECK_OK(mv_buffer_acquire(object, MV_SIMPLE, &buffer, &error));
    CHECK_INT(buffer.len, 256);
    CHECK_BYTES(buffer.buf, "\0\1\0\1\0\1\0\1\0\1\0\1\0\1\2\3", 16);
    mv_buffer_release(&buffer);
    CHECK_OK(mv_bytearray_resize(object, 8, &error));
    CHECK_OK(mv_bytearray_splice(object, 0, 8, "abcdefgh", 8, &error));
    CHECK_OK(mv_buffer_acquire(object, MV_SIMPLE, &buffer, &error));
    CHECK_OK(
        mv_bytearray_splice(object, 1, 5, (const char *)buffer.buf + 3, 5, &error)); /* no change of size */
    CHECK_BYTES(buffer.buf, "adefghgh", 8);
    mv_buffer_release(&buffer);
    mv_object_unref(object);
}

static void check_mismatch(const ptrdiff_t *to_shape, int to_ndim, const ptrdiff_t *from_shape, int from_ndim)
{
    unsigned char before[MEMORY];
    mv_view *to = wrapped(memory, "B", to_shape, to_ndim),
            *from = wrapped(memory + 32, "B", from_shape, from_ndim);
    count_up();
    memcpy(before, memory, MEMORY);
    CHECK_STATUS(mv_view_copy(to, from, &error), MV_E_SHAPE);
    CHECK_STATUS(mv_object_copy(mv_view_as_object(to), mv_view_as_object(from), &error), MV_E_SHAPE);
    CHECK_BYTES(memory, before, MEMORY);
    mv_view_unref(from);
    mv_view_unref(to);
}

TEST(fault_069_shape_mismatch)
{
    check_mismatch(MV_DIMS(4), MV_DIMS(5));
    check_mismatch(MV_DIMS(5), MV_DIMS(4));
    check_mismatch(MV_DIMS(4), MV_DIMS(2, 2));
    check_mismatch(MV_DIMS(2, 2), MV_DIMS(4));
    check_mismatch(MV_DIMS(1), NULL, 0);
    check_mismatch(NULL, 0, MV_DIMS(1));
    check_mismatch(MV_DIMS(2, 3), MV_DIMS(3, 2));
    check_mismatch(MV_DIMS(4), MV_DIMS(1)); /* nothing is broadcast */
    check_mismatch(MV_DIMS(0), MV_DIMS(1));
    check_mismatch(MV_DIMS(1), MV_DIMS(0));
    check_mismatch(MV_DIMS(2, 0), MV_DIMS(3, 0));
}

TEST(fault_069_shape_mismatch_names_the_dimension)
{
    view = wrapped(memory, "B", MV_DIMS(2, 3));
    mv_view *from = wrapped(memory + 32, "B", MV_DIMS(2, 4));
    CHECK_STATUS(mv_view_copy(view, from, &error), MV_E_SHAPE);
    CHECK(error.dim == 1 && error.value == 3 && error.limit == 4);
    mv_view_unref(from);
    mv_view_unref(view);
}

TEST(fault_069_length_mismatch)
{
    unsigned char bytes[8], before[MEMORY];
    count_up();
    memcpy(before, memory, MEMORY);
    memset(bytes, 0x55, sizeof bytes);
    view = strided(0, "B", 1, 1, (const ptrdiff_t[]){4}, (const ptrdiff_t[]){3});
    for (size_t length = 0; length < 8; length++) {
        if (length == 4) continue;
        CHECK_STATUS(mv_view_read(view, NULL, 'C', bytes, length, &error), MV_E_SHAPE);
        CHECK_INT(error.value, (int64_t)length);
        CHECK_STATUS(mv_view_write(view, NULL, 'C', bytes, length, &error), MV_E_SHAPE);
        CHECK_STATUS(mv_buffer_to_contiguous(mv_view_buffer(view), bytes, length, 'C', &error), MV_E_SHAPE);
    }
    CHECK_STATUS(mv_view_read(view, NULL, 'C', bytes, 10, &error), MV_E_SHAPE); /* the span is no length */
    const mv_status status = mv_view_read(view, NULL, 'C', bytes, SIZE_MAX, &error);
    CHECK(status == MV_E_SHAPE || status == MV_E_OVERFLOW);
    CHECK_BYTES(bytes, "UUUUUUUU", 8);
    CHECK_BYTES(memory, before, MEMORY);
    mv_view_unref(view);
}

TEST(fault_069_format_mismatch)
{
    unsigned char before[MEMORY];
    mv_view *ints = wrapped(memory, "i", MV_DIMS(2)), *floats = wrapped(memory + 32, "f", MV_DIMS(2));
    mv_view *bytes = wrapped(memory, "B", MV_DIMS(2)), *chars = wrapped(memory + 32, "c", MV_DIMS(2));
    mv_view *at = wrapped(memory + 32, "@i", MV_DIMS(2));
    count_up();
    memcpy(before, memory, MEMORY);
    CHECK_STATUS(mv_view_copy(ints, floats, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_copy(bytes, chars, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_copy(bytes, ints, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_object_copy(mv_view_as_object(ints), mv_view_as_object(floats), &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_read(ints, "4s", 'C', memory + 48, 8, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_write(ints, "T{i:a:}", 'C', memory + 48, 8, &error), MV_E_FORMAT);
    /* Numbers are converted, but their length must be that of all of them. */
    CHECK_STATUS(mv_view_write(ints, "q", 'C', memory + 48, 8, &error), MV_E_SHAPE);
    CHECK_BYTES(memory, before, MEMORY);
    CHECK_OK(mv_view_copy(ints, at, &error));
    CHECK_BYTES(memory, before + 32, 8);
    mv_view_unref(at);
    mv_view_unref(chars);
    mv_view_unref(bytes);
    mv_view_unref(floats);
    mv_view_unref(ints);
}

/* Every way to write, into a view that must not be written. */
static void check_writes_are_refused(mv_view *fixed)
{
    unsigned char bytes[4] = {9, 9, 9, 9};
    const mv_scalar nine = {MV_INT, 0, {9}, NULL};
    const ptrdiff_t first[] = {0};
    mv_view *from = wrapped(bytes, "B", MV_DIMS(4));
    CHECK_INT(mv_view_buffer(fixed)->readonly, 1);
    CHECK_STATUS(mv_view_copy(fixed, from, &error), MV_E_READONLY);
    CHECK_STATUS(mv_view_copy(fixed, fixed, &error), MV_E_READONLY);
    CHECK_STATUS(mv_view_write(fixed, NULL, 'C', bytes, 4, &error), MV_E_READONLY);
    CHECK_STATUS(mv_view_fill(fixed, &nine, &error), MV_E_READONLY);
    CHECK_STATUS(mv_view_set(fixed, first, 1, &nine, &error), MV_E_READONLY);
    CHECK_STATUS(mv_view_set_i64(fixed, first, 1, 9, &error), MV_E_READONLY);
    CHECK_STATUS(mv_view_set_u64(fixed, first, 1, 9, &error), MV_E_READONLY);
    CHECK_STATUS(mv_view_set_f64(fixed, first, 1, 9, &error), MV_E_READONLY);
    CHECK_STATUS(mv_buffer_from_contiguous(mv_view_buffer(fixed), bytes, 4, 'C', &error), MV_E_READONLY);
    CHECK_STATUS(mv_object_copy(mv_view_as_object(fixed), mv_view_as_object(from), &error), MV_E_BUFFER);
    CHECK_ACQUIRE(mv_view_as_object(fixed), MV_WRITABLE, MV_E_BUFFER);
    CHECK_ITEMS(fixed, "\0\1\2\3", 4);
    mv_view_unref(from);
}

TEST(fault_070_read_only_destination)
{
    unsigned char bytes[4] = {0, 1, 2, 3};
    mv_view *writable = NULL, *part = NULL;
    CHECK_OK(mv_bytes_new(bytes, 4, &object, &error));
    view = view_of(object);
    check_writes_are_refused(view);
    mv_view_unref(view);
    mv_object_unref(object);
    CHECK_OK(mv_memory_new(bytes, 4, 1, NULL, NULL, &object, &error));
    view = view_of(object);
    check_writes_are_refused(view);
    CHECK_OK(mv_view_slice(view, ":", &part, &error));
    check_writes_are_refused(part);
    mv_view_unref(part);
    mv_view_unref(view);
    mv_object_unref(object);
    CHECK_OK(mv_view_wrap(bytes, NULL, MV_DIMS(4), 1, &view, &error));
    check_writes_are_refused(view);
    mv_view_unref(view);
    writable = wrapped(bytes, "B", MV_DIMS(4));
    CHECK_OK(mv_view_toreadonly(writable, &view, &error));
    check_writes_are_refused(view);
    CHECK_OK(mv_view_set_i64(writable, (const ptrdiff_t[]){0}, 1, 5, &error));
    CHECK_INT(bytes[0], 5);
    mv_view_unref(view);
    mv_view_unref(writable);
}

TEST(fault_070_write_back_into_read_only_memory)
{
    CHECK_OK(mv_bytes_new("abcd", 4, &object, &error));
    CHECK_REFUSED(mv_view_contiguous(object, MV_WRITE, 'C', &view, &error), view, MV_E_BUFFER);
    CHECK_REFUSED(mv_view_contiguous(object, MV_WRITE_BACK, 'C', &view, &error), view, MV_E_BUFFER);
    CHECK_SIZE(mv_object_exports(object), 0);
    mv_object_unref(object);
}

/* libpng #778: the length of a copy is that of the items, whatever the strides say: 1 byte of each row of
   8, the last of which ends with the memory; and rows that run backwards. */
TEST(libpng_778_length_of_a_copy_is_not_a_stride)
{
    const ptrdiff_t shape[] = {8, 1}, forwards[] = {8, 1}, backwards[] = {-8, 1};
    unsigned char *const pixels = (unsigned char *)malloc(57), *const out = (unsigned char *)malloc(8);
    CHECK(pixels != NULL && out != NULL);
    for (unsigned i = 0; i < 57; i++) pixels[i] = (unsigned char)i;
    mv_buffer description = {pixels, NULL, 0, 1, 0, 2, "B", shape, forwards, NULL, NULL};
    CHECK_OK(mv_memory_describe(&description, pixels, 57, NULL, NULL, &object, &error));
    view = view_of(object);
    CHECK_OK(mv_view_read(view, NULL, 'C', out, 8, &error));
    CHECK_BYTES(out, "\0\x8\x10\x18\x20\x28\x30\x38", 8);
    CHECK_OK(mv_view_write(view, NULL, 'F', "abcdefgh", 8, &error));
    CHECK(pixels[56] == 'h' && pixels[55] == 55 && pixels[1] == 1);
    mv_view_unref(view);
    mv_object_unref(object);
    description.buf = pixels + 56;
    description.strides = backwards;
    CHECK_OK(mv_memory_describe(&description, pixels, 57, NULL, NULL, &object, &error));
    view = view_of(object);
    CHECK_OK(mv_view_read(view, NULL, 'C', out, 8, &error));
    CHECK_BYTES(out, "hgfedcba", 8);
    mv_view_unref(view);
    mv_object_unref(object);
    free(out);
    free(pixels);
}

/* gh-153689: sizes of the source in the shape of the destination. */
TEST(cpython_153689_copy_between_exporters_of_other_shapes)
{
    const ptrdiff_t shape[] = {1, 2}, strides[] = {4, 2};
    adversary a;
    mv_object *source = adversary_object(&a);
    a.answer.ndim = 2;
    a.answer.shape = shape;
    a.answer.strides = strides;
    CHECK_OK(mv_array_new("B", MV_DIMS(2, 1), 'C', &object, &error));
    CHECK_STATUS(mv_object_copy(object, source, &error), MV_E_SHAPE);
    CHECK_STATUS(mv_object_copy(source, object, &error), MV_E_SHAPE);
    CHECK_SIZE(mv_object_exports(object), 0);
    CHECK_ADVERSARY(&a, 2, 2, 0);
    CHECK_BYTES(a.bytes, "\0\1\2\3", 4);
    mv_object_unref(object);
}
