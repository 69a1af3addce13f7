/* Buffers: to and from contiguous memory, and from object to object. */
#include "fixtures.h"

#define ITEMS(...) ((const short[]){__VA_ARGS__})

/* "h" of 6 items, of which every other one. */
static mv_view *strided_view(mv_view **whole)
{
    *whole = numbered("h", MV_DIMS(6), 'C');
    return sliced(*whole, "::2");
}

TEST(to_contiguous_in_each_order)
{
    short data[6];
    mv_view *c = numbered("h", MV_DIMS(2, 3), 'C'), *f = numbered("h", MV_DIMS(2, 3), 'F');
    mv_view *const views[] = {c, f};
    for (int i = 0; i < 2; i++) {
        const mv_buffer *b = mv_view_buffer(views[i]);
        CHECK_OK(mv_buffer_to_contiguous(b, data, sizeof data, 'C', &error));
        CHECK_BYTES(data, ITEMS(0, 1, 2, 3, 4, 5), sizeof data);
        CHECK_OK(mv_buffer_to_contiguous(b, data, sizeof data, 'F', &error));
        CHECK_BYTES(data, ITEMS(0, 3, 1, 4, 2, 5), sizeof data);
        CHECK_OK(mv_buffer_to_contiguous(b, data, sizeof data, 'A', &error));
        CHECK_BYTES(data, b->buf, sizeof data);
    }
    mv_view *slice = sliced(c, "::-1, ::2"), *empty = sliced(c, ":, 1:1");
    CHECK_OK(mv_buffer_to_contiguous(mv_view_buffer(slice), data, 8, 'A', &error));
    CHECK_BYTES(data, ITEMS(3, 5, 0, 2), 8);
    CHECK_OK(mv_buffer_to_contiguous(mv_view_buffer(empty), NULL, 0, 'C', &error));
    DROP(c, f, slice, empty);
    unsigned char bytes[12];
    mv_view *table = table_view(2, 3, 4);
    CHECK_OK(mv_buffer_to_contiguous(mv_view_buffer(table), bytes, 12, 'F', &error));
    CHECK_BYTES(bytes, "\0\4\10\1\5\11\2\6\12\3\7\13", 12);
    DROP(table);
}

TEST(to_contiguous_over_its_own_memory)
{
    mv_view *view = numbered("h", MV_DIMS(2, 3), 'C');
    short *own = mv_view_buffer(view)->buf;
    CHECK_OK(mv_buffer_to_contiguous(mv_view_buffer(view), own, 12, 'F', &error));
    CHECK_BYTES(own, ITEMS(0, 3, 1, 4, 2, 5), 12);
    DROP(view);
}

TEST(acceptance_111_to_contiguous_wants_the_exact_length)
{
    short data[4] = {70, 71, 72, 73};
    mv_view *whole, *view = strided_view(&whole);
    CHECK_STATUS(mv_buffer_to_contiguous(mv_view_buffer(view), data, 4, 'C', &error), MV_E_SHAPE);
    CHECK_ERROR(-1, -1, 4, 6);
    CHECK_STATUS(mv_buffer_to_contiguous(mv_view_buffer(view), data, 7, 'C', &error), MV_E_SHAPE);
    CHECK_STATUS(mv_buffer_to_contiguous(mv_view_buffer(whole), data, 8, 'C', &error), MV_E_SHAPE);
    CHECK_ERROR(-1, -1, 8, 12);
    CHECK_BYTES(data, ITEMS(70, 71, 72, 73), 8);
    DROP(view, whole);
}

TEST(to_contiguous_refuses)
{
    short data[3] = {0};
    mv_view *whole, *view = strided_view(&whole);
    const mv_buffer *b = mv_view_buffer(view);
    CHECK_STATUS(mv_buffer_to_contiguous(NULL, data, 6, 'C', &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_buffer_to_contiguous(b, NULL, 6, 'C', &error), MV_E_VALUE);
    CHECK_STATUS(mv_buffer_to_contiguous(b, data, 6, 'c', &error), MV_E_VALUE);
    CHECK_STATUS(mv_buffer_to_contiguous(b, data, 6, 0, &error), MV_E_VALUE);
    mv_buffer senseless = *b;
    senseless.itemsize = 0;
    CHECK_STATUS(mv_buffer_to_contiguous(&senseless, data, 6, 'C', &error), MV_E_CALLBACK);
    CHECK_BYTES(data, ITEMS(0, 0, 0), 6);
    DROP(view, whole);
}

TEST(from_contiguous_in_each_order)
{
    const short data[] = {10, 11, 12, 13, 14, 15};
    mv_view *c = numbered("h", MV_DIMS(2, 3), 'C'), *f = numbered("h", MV_DIMS(2, 3), 'F');
    mv_view *const views[] = {c, f};
    for (int i = 0; i < 2; i++) {
        CHECK_OK(mv_buffer_from_contiguous(mv_view_buffer(views[i]), data, sizeof data, 'F', &error));
        CHECK_ITEMS(views[i], 10, 12, 14, 11, 13, 15);
        CHECK_OK(mv_buffer_from_contiguous(mv_view_buffer(views[i]), data, sizeof data, 'C', &error));
        CHECK_ITEMS(views[i], 10, 11, 12, 13, 14, 15);
    }
    CHECK_OK(mv_buffer_from_contiguous(mv_view_buffer(f), data, sizeof data, 'A', &error));
    CHECK_BYTES(mv_view_buffer(f)->buf, data, sizeof data);
    CHECK_OK(mv_buffer_from_contiguous(mv_view_buffer(c), NULL, 0, 'C', &error));
    CHECK_ITEMS(c, 10, 11, 12, 13, 14, 15);
    mv_view *table = table_view(2, 2, 2);
    mv_buffer writable = *mv_view_buffer(table);
    CHECK_OK(mv_buffer_from_contiguous(&writable, "\6\7\10\11", 4, 'F', &error));
    CHECK_ITEMS(table, 6, 8, 7, 9);
    DROP(c, f, table);
}

TEST(acceptance_112_from_contiguous_clamps_and_checks_writability)
{
    const short data[] = {10, 11, 12, 13, 14, 15};
    mv_view *whole, *view = strided_view(&whole), *readonly;
    CHECK_OK(mv_buffer_from_contiguous(mv_view_buffer(view), data, 12, 'C', &error));
    CHECK_ITEMS(whole, 10, 1, 11, 3, 12, 5);
    /* Fewer bytes write a beginning. */
    CHECK_OK(mv_buffer_from_contiguous(mv_view_buffer(whole), data + 3, 4, 'C', &error));
    CHECK_ITEMS(whole, 13, 14, 11, 3, 12, 5);
    CHECK_OK(mv_view_toreadonly(view, &readonly, &error));
    CHECK_STATUS(mv_buffer_from_contiguous(mv_view_buffer(readonly), data, 12, 'C', &error), MV_E_READONLY);
    CHECK_ITEMS(whole, 13, 14, 11, 3, 12, 5);
    DROP(view, whole, readonly);
}

TEST(acceptance_113_from_contiguous_drops_a_partial_item)
{
    const unsigned char data[] = {1, 1, 2, 2, 3};
    mv_view *whole, *strided = strided_view(&whole);
    CHECK_OK(mv_buffer_from_contiguous(mv_view_buffer(strided), data, 5, 'C', &error));
    CHECK_ITEMS(whole, 0x0101, 1, 0x0202, 3, 4, 5);
    DROP(strided, whole);
    mv_view *contiguous = numbered("h", MV_DIMS(3), 'C');
    CHECK_OK(mv_buffer_from_contiguous(mv_view_buffer(contiguous), data, 5, 'C', &error));
    CHECK_ITEMS(contiguous, 0x0101, 0x0202, 2);
    DROP(contiguous);
}

TEST(from_contiguous_refuses)
{
    const short data[] = {10, 11, 12};
    mv_view *whole, *view = strided_view(&whole);
    const mv_buffer *b = mv_view_buffer(view);
    CHECK_STATUS(mv_buffer_from_contiguous(NULL, data, 6, 'C', &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_buffer_from_contiguous(b, NULL, 6, 'C', &error), MV_E_VALUE);
    CHECK_STATUS(mv_buffer_from_contiguous(b, data, 6, 'f', &error), MV_E_VALUE);
    mv_buffer senseless = *b;
    senseless.ndim = 65;
    CHECK_STATUS(mv_buffer_from_contiguous(&senseless, data, 6, 'C', &error), MV_E_CALLBACK);
    CHECK_ITEMS(whole, 0, 1, 2, 3, 4, 5);
    DROP(view, whole);
}

static mv_object *array_of(const char *format, const ptrdiff_t *shape, int ndim)
{
    mv_object *object = NULL;
    CHECK_OK(mv_array_new(format, shape, ndim, 'C', &object, &error));
    return object;
}

TEST(object_copy_copies_items)
{
    mv_object *destination = array_of("h", MV_DIMS(2, 3));
    mv_view *source = numbered("h", MV_DIMS(2, 3), 'F'), *view = view_of(destination);
    CHECK_OK(mv_object_copy(destination, mv_view_as_object(source), &error));
    CHECK_ITEMS(view, 0, 1, 2, 3, 4, 5);
    CHECK_SIZE(mv_object_exports(destination), 1);
    CHECK_SIZE(mv_object_exports(mv_view_as_object(source)), 0);
    mv_view *reversed = sliced(view, "::-1, ::-1");
    CHECK_OK(mv_object_copy(mv_view_as_object(view), mv_view_as_object(reversed), &error)); /* over itself */
    CHECK_ITEMS(view, 5, 4, 3, 2, 1, 0);
    DROP(source, view, reversed);
    mv_object_unref(destination);
}

TEST(acceptance_115_object_copy_refuses_other_structures)
{
    mv_object *six = array_of("h", MV_DIMS(6)), *five = array_of("h", MV_DIMS(5));
    mv_object *bytes = bytes_of("abcdef", 6);
    mv_object *square = array_of("h", MV_DIMS(2, 3)), *turned = array_of("h", MV_DIMS(3, 2));
    CHECK_STATUS(mv_object_copy(five, six, &error), MV_E_SHAPE);
    CHECK_INT(error.dim, 0);
    CHECK_STATUS(mv_object_copy(six, five, &error), MV_E_SHAPE);
    CHECK_STATUS(mv_object_copy(square, turned, &error), MV_E_SHAPE);
    CHECK_STATUS(mv_object_copy(square, six, &error), MV_E_SHAPE);
    mv_object *target = array_of("B", MV_DIMS(6));
    CHECK_STATUS(mv_object_copy(bytes, target, &error), MV_E_BUFFER);
    CHECK_STATUS(mv_object_copy(target, six, &error), MV_E_FORMAT);
    mv_object *other = array_of("H", MV_DIMS(6));
    CHECK_STATUS(mv_object_copy(other, six, &error), MV_E_FORMAT);
    mv_object *const all[] = {six, five, bytes, square, turned, target, other};
    for (int i = 0; i < 7; i++) {
        CHECK_SIZE(mv_object_exports(all[i]), 0);
        mv_object_unref(all[i]);
    }
}

TEST(object_copy_refuses)
{
    mv_object *bytes = bytes_of("abc", 3), *target = bytearray_of("xyz", 3);
    CHECK_STATUS(mv_object_copy(NULL, bytes, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_object_copy(target, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
    CHECK_OK(mv_object_copy(target, bytes, &error));
    mv_view *view = view_of(target);
    CHECK_ITEMS(view, 'a', 'b', 'c');
    CHECK_OK(mv_view_release(view, &error));
    CHECK_STATUS(mv_object_copy(target, mv_view_as_object(view), &error), MV_E_RELEASED);
    CHECK_STATUS(mv_object_copy(mv_view_as_object(view), bytes, &error), MV_E_RELEASED);
    DROP(view);
    CHECK_SIZE(mv_object_exports(target), 0);
    mv_object_unref(target);
    mv_object_unref(bytes);
}
