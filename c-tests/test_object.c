/* Objects: references, bytes, bytearray, array. */
#include "fixtures.h"

/* Too much for any malloc, but no overflow. */

static void check_content(mv_object *object, const char *expected)
{
    mv_buffer b;
    CHECK_OK(mv_buffer_acquire(object, MV_SIMPLE, &b, &error));
    CHECK_INT(b.len, strlen(expected));
    CHECK_BYTES(b.buf, expected, strlen(expected));
    mv_buffer_release(&b);
}

TEST(acceptance_028_bytearray_grows_not_while_viewed)
{
    mv_object *array = bytearray_of("abc", 3);
    mv_view *view = view_of(array);
    CHECK_STATUS(mv_bytearray_splice(array, 3, 0, "d", 1, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 1);
    CHECK_STATUS(mv_bytearray_splice(array, 1, 1, NULL, 0, &error), MV_E_EXPORTED);
    CHECK_STATUS(mv_bytearray_resize(array, 0, &error), MV_E_EXPORTED);
    check_content(array, "abc");
    DROP(view);
    CHECK_OK(mv_bytearray_splice(array, 3, 0, "d", 1, &error));
    check_content(array, "abcd");
    mv_object_unref(array);
}

TEST(acceptance_029_bytearray_changes_in_place_while_viewed)
{
    mv_object *array = bytearray_of("abc", 3);
    mv_view *view = view_of(array), *reversed = sliced(view, "::-1");
    const void *before = mv_view_buffer(view)->buf;
    CHECK_OK(mv_bytearray_splice(array, 0, 1, "x", 1, &error));
    CHECK_ITEMS(view, 'x', 'b', 'c');
    CHECK_OK(mv_view_copy(view, reversed, &error));
    CHECK_ITEMS(view, 'c', 'b', 'x');
    CHECK_OK(mv_view_set_i64(view, MV_DIMS(1), 'y', &error));
    CHECK_OK(mv_bytearray_splice(array, 3, 0, NULL, 0, &error));
    CHECK_OK(mv_bytearray_resize(array, 3, &error));
    CHECK_PTR(mv_view_buffer(view)->buf, before);
    DROP(view, reversed);
    check_content(array, "cyx");
    mv_object_unref(array);
}

TEST(references_keep_an_object)
{
    mv_object *object = bytes_of("abc", 3);
    CHECK_PTR(mv_object_ref(object), object);
    mv_object_unref(object);
    check_content(object, "abc");
    mv_object_unref(object);
    CHECK_PTR(mv_object_ref(NULL), NULL);
    mv_object_unref(NULL);
}

TEST(references_count_through_a_foreign_type)
{
    mv_object *table = table_new(2, 2, 2);
    CHECK_PTR(mv_object_ref(table), table);
    CHECK_INT(((struct table *)(void *)table)->references, 2);
    mv_object_unref(table);
    CHECK_INT(((struct table *)(void *)table)->references, 1);
    mv_object_unref(table);
    CHECK_INT(tables_alive, 0);
}

TEST(type_names)
{
    int memory = 5;
    mv_object *bytes = bytes_of("a", 1), *array = bytearray_of("a", 1), *block, *wrapped, *table;
    CHECK_OK(mv_array_new("d", MV_DIMS(2), 'C', &block, &error));
    CHECK_OK(mv_memory_new(&memory, sizeof memory, 0, NULL, NULL, &wrapped, &error));
    table = table_new(2, 2, 2);
    mv_view *view = view_of(bytes);
    CHECK_STR(mv_object_type_name(bytes), "bytes");
    CHECK_STR(mv_object_type_name(array), "bytearray");
    CHECK_STR(mv_object_type_name(block), "array");
    CHECK_STR(mv_object_type_name(wrapped), "memory");
    CHECK_STR(mv_object_type_name(mv_view_as_object(view)), "view");
    CHECK_STR(mv_object_type_name(table), "table");
    CHECK_STR(mv_object_type_name(NULL), NULL);
    DROP(view);
    mv_object *const all[] = {bytes, array, block, wrapped, table};
    for (size_t i = 0; i < 5; i++) mv_object_unref(all[i]);
}

TEST(exports_count_acquisitions_not_views)
{
    mv_object *object = bytearray_of("abcdef", 6);
    CHECK_SIZE(mv_object_exports(object), 0);
    mv_view *view = view_of(object), *slice = sliced(view, "1:3"), *other = view_of(object);
    CHECK_SIZE(mv_object_exports(object), 2);
    mv_buffer b, c;
    CHECK_OK(mv_buffer_acquire(object, MV_SIMPLE, &b, &error));
    CHECK_SIZE(mv_object_exports(object), 3);
    CHECK_OK(mv_buffer_acquire(mv_view_as_object(slice), MV_FULL_RO, &c, &error));
    CHECK_SIZE(mv_object_exports(object), 3);
    CHECK_SIZE(mv_object_exports(mv_view_as_object(slice)), 1);
    CHECK_SIZE(mv_object_exports(mv_view_as_object(view)), 0);
    mv_buffer_release(&c);
    mv_buffer_release(&b);
    DROP(view, slice);
    CHECK_SIZE(mv_object_exports(object), 1);
    DROP(other);
    CHECK_SIZE(mv_object_exports(object), 0);
    CHECK_SIZE(mv_object_exports(NULL), 0);
    mv_object_unref(object);
}

TEST(exports_of_a_foreign_type)
{
    char data[4] = "abc";
    struct foreign silent = foreign_bytes(data);
    CHECK_SIZE(mv_object_exports(&silent.object), 0);
    mv_object *table = table_new(2, 2, 2);
    mv_view *view = view_of(table);
    CHECK_SIZE(mv_object_exports(table), 1);
    DROP(view);
    CHECK_SIZE(mv_object_exports(table), 0);
    mv_object_unref(table);
}

TEST(bytes_are_a_read_only_copy)
{
    char data[] = "abc";
    mv_view *view = view_taking(bytes_of(data, 3));
    data[0] = 'x';
    const mv_buffer *b = mv_view_buffer(view);
    CHECK_STR(b->format, "B");
    CHECK_INT(b->readonly, 1);
    CHECK_ITEMS(view, 'a', 'b', 'c');
    DROP(view);
    view = view_taking(bytes_of(NULL, 0));
    CHECK_SHAPE(view, 0);
    DROP(view);
}

TEST(bytes_refuse)
{
    mv_object *out;
    CHECK_NOTHING(out, mv_bytes_new(NULL, 3, &out, &error), MV_E_VALUE);
    CHECK_INT(error.value, 3);
    CHECK_STATUS(mv_bytes_new("abc", 3, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 3);
}

TEST(bytearray_is_a_writable_copy)
{
    char data[] = "abc";
    mv_object *array = bytearray_of(data, 3);
    data[0] = 'x';
    mv_view *view = view_taking(array);
    CHECK_STR(mv_view_buffer(view)->format, "B");
    CHECK_INT(mv_view_buffer(view)->readonly, 0);
    CHECK_ITEMS(view, 'a', 'b', 'c');
    DROP(view);
    view = view_taking(bytearray_of(NULL, 3));
    CHECK_ITEMS(view, 0, 0, 0);
    DROP(view);
}

TEST(bytearray_new_refuses)
{
    mv_object *out;
    CHECK_STATUS(mv_bytearray_new("abc", 3, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 3);
    CHECK_NOTHING(out, mv_bytearray_new(NULL, (size_t)PTRDIFF_MAX + 1, &out, &error), MV_E_OVERFLOW);
    CHECK_NOTHING(out, mv_bytearray_new(NULL, SIZE_MAX, &out, &error), MV_E_OVERFLOW);
    CHECK_NOTHING(out, mv_bytearray_new(NULL, unavailable_length(), &out, &error), MV_E_NO_MEMORY);
}

TEST(splice_is_append_insert_remove_replace_and_clear)
{
    mv_object *array = bytearray_of("", 0);
    CHECK_OK(mv_bytearray_splice(array, 0, 0, "world", 5, &error));
    CHECK_OK(mv_bytearray_splice(array, 0, 0, "hello ", 6, &error));
    check_content(array, "hello world");
    CHECK_OK(mv_bytearray_splice(array, 11, 0, "!", 1, &error));
    CHECK_OK(mv_bytearray_splice(array, 5, 1, ", ", 2, &error));
    check_content(array, "hello, world!");
    CHECK_OK(mv_bytearray_splice(array, 0, 7, NULL, 0, &error));
    check_content(array, "world!");
    CHECK_OK(mv_bytearray_splice(array, 1, 4, "e", 1, &error));
    check_content(array, "we!");
    CHECK_OK(mv_bytearray_splice(array, 0, 3, NULL, 0, &error));
    check_content(array, "");
    mv_object_unref(array);
}

TEST(splice_takes_data_of_the_array_itself)
{
    mv_object *array = bytearray_of("abcdef", 6);
    mv_buffer b;
    CHECK_OK(mv_buffer_acquire(array, MV_SIMPLE, &b, &error));
    const char *own = b.buf;
    mv_buffer_release(&b);
    CHECK_OK(mv_bytearray_splice(array, 1, 3, own + 2, 3, &error)); /* over itself */
    check_content(array, "acdeef");
    CHECK_OK(mv_bytearray_splice(array, 2, 1, own, 6, &error)); /* and growing */
    check_content(array, "acacdeefeef");
    mv_object_unref(array);
}

TEST(splice_refuses)
{
    mv_object *array = bytearray_of("abc", 3), *bytes = bytes_of("abc", 3);
    CHECK_STATUS(mv_bytearray_splice(NULL, 0, 0, "x", 1, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_bytearray_splice(bytes, 0, 0, "x", 1, &error), MV_E_TYPE);
    CHECK_STATUS(mv_bytearray_splice(array, 4, 0, "x", 1, &error), MV_E_INDEX);
    CHECK_INT(error.value, 4);
    CHECK_INT(error.limit, 3);
    CHECK_STATUS(mv_bytearray_splice(array, 2, 2, "x", 1, &error), MV_E_INDEX);
    CHECK_STATUS(mv_bytearray_splice(array, 2, SIZE_MAX, "x", 1, &error), MV_E_INDEX);
    CHECK_STATUS(mv_bytearray_splice(array, 0, 0, NULL, 1, &error), MV_E_VALUE);
    CHECK_STATUS(mv_bytearray_splice(array, 3, 0, "x", PTRDIFF_MAX, &error), MV_E_OVERFLOW);
    check_content(array, "abc");
    CHECK_OK(mv_object_revoke(array, &error));
    CHECK_STATUS(mv_bytearray_splice(array, 0, 0, "x", 1, &error), MV_E_RELEASED);
    mv_object_unref(array);
    mv_object_unref(bytes);
}

TEST(resize_keeps_the_beginning_and_zeroes_the_rest)
{
    mv_object *array = bytearray_of("abcd", 4);
    CHECK_OK(mv_bytearray_resize(array, 2, &error));
    check_content(array, "ab");
    CHECK_OK(mv_bytearray_resize(array, 5, &error));
    mv_view *view = view_of(array);
    CHECK_ITEMS(view, 'a', 'b', 0, 0, 0);
    DROP(view);
    mv_object_unref(array);
}

TEST(resize_refuses)
{
    mv_object *array = bytearray_of("abc", 3), *bytes = bytes_of("abc", 3);
    CHECK_STATUS(mv_bytearray_resize(NULL, 1, &error), MV_E_NULL);
    CHECK_STATUS(mv_bytearray_resize(bytes, 1, &error), MV_E_TYPE);
    CHECK_STATUS(mv_bytearray_resize(array, SIZE_MAX, &error), MV_E_OVERFLOW);
    CHECK_STATUS(mv_bytearray_resize(array, unavailable_length(), &error), MV_E_NO_MEMORY);
    check_content(array, "abc");
    CHECK_OK(mv_object_revoke(array, &error));
    CHECK_STATUS(mv_bytearray_resize(array, 1, &error), MV_E_RELEASED);
    mv_object_unref(array);
    mv_object_unref(bytes);
}

TEST(reserve_makes_room_that_growth_uses)
{
    mv_object *array = bytearray_of("abc", 3);
    CHECK_OK(mv_bytearray_reserve(array, 1000, &error));
    check_content(array, "abc");
    mv_buffer b;
    CHECK_OK(mv_buffer_acquire(array, MV_SIMPLE, &b, &error));
    const void *before = b.buf;
    CHECK_OK(mv_bytearray_reserve(array, 1000, &error)); /* the room is there already */
    CHECK_STATUS(mv_bytearray_reserve(array, 1000000, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 1);
    mv_buffer_release(&b);
    CHECK_OK(mv_bytearray_resize(array, 1000, &error));
    CHECK_OK(mv_buffer_acquire(array, MV_SIMPLE, &b, &error));
    CHECK_PTR(b.buf, before);
    CHECK_INT(b.len, 1000);
    mv_buffer_release(&b);
    mv_object_unref(array);
}

TEST(reserve_refuses)
{
    mv_object *array = bytearray_of("abc", 3), *bytes = bytes_of("abc", 3);
    CHECK_STATUS(mv_bytearray_reserve(NULL, 1, &error), MV_E_NULL);
    CHECK_STATUS(mv_bytearray_reserve(bytes, 1, &error), MV_E_TYPE);
    CHECK_STATUS(mv_bytearray_reserve(array, SIZE_MAX, &error), MV_E_OVERFLOW);
    CHECK_STATUS(mv_bytearray_reserve(array, unavailable_length(), &error), MV_E_NO_MEMORY);
    check_content(array, "abc");
    CHECK_OK(mv_object_revoke(array, &error));
    CHECK_STATUS(mv_bytearray_reserve(array, 1000000, &error), MV_E_RELEASED);
    mv_object_unref(array);
    mv_object_unref(bytes);
}
