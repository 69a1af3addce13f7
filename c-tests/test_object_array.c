/* The built-in array: making one, and changing its shape. */
#include "fixtures.h"

TEST(array_is_zeroed_aligned_and_in_order)
{
    mv_object *array;
    CHECK_OK(mv_array_new("i", MV_DIMS(2, 3), 'F', &array, &error));
    mv_view *view = view_taking(array);
    const mv_buffer *b = mv_view_buffer(view);
    CHECK_STR(b->format, "i");
    CHECK_INT(b->itemsize, sizeof(int));
    CHECK_INT(b->readonly, 0);
    CHECK_INT((uintptr_t)b->buf % 64, 0);
    CHECK_SHAPE(view, 2, 3);
    CHECK_STRIDES(view, sizeof(int), 2 * sizeof(int));
    CHECK_ITEMS(view, 0, 0, 0, 0, 0, 0);
    DROP(view);
    CHECK_OK(mv_array_new("i", MV_DIMS(2, 3), 'C', &array, &error));
    view = view_taking(array);
    CHECK_STRIDES(view, 3 * sizeof(int), sizeof(int));
    DROP(view);
}

TEST(array_of_each_native_format)
{
    const struct {
        const char *format;
        size_t itemsize;
    } formats[] = {
        {"c", 1},
        {"b", 1},
        {"B", 1},
        {"?", sizeof(_Bool)},
        {"h", sizeof(short)},
        {"H", sizeof(short)},
        {"i", sizeof(int)},
        {"I", sizeof(int)},
        {"l", sizeof(long)},
        {"L", sizeof(long)},
        {"q", sizeof(long long)},
        {"Q", sizeof(long long)},
        {"n", sizeof(ptrdiff_t)},
        {"N", sizeof(size_t)},
        {"e", 2},
        {"f", sizeof(float)},
        {"d", sizeof(double)},
        {"P", sizeof(void *)},
        {"@d", sizeof(double)},
    };
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        mv_object *array;
        CHECK_OK(mv_array_new(formats[i].format, MV_DIMS(3), 'C', &array, &error));
        mv_view *view = view_taking(array);
        CHECK_STR(mv_view_buffer(view)->format, formats[i].format);
        CHECK_INT(mv_view_buffer(view)->itemsize, formats[i].itemsize);
        CHECK_INT(mv_view_buffer(view)->len, 3 * formats[i].itemsize);
        DROP(view);
    }
}

TEST(array_of_no_dimensions_and_without_items)
{
    mv_object *array;
    CHECK_OK(mv_array_new("q", NULL, 0, 'C', &array, &error));
    mv_view *view = view_taking(array);
    CHECK_INT(mv_view_buffer(view)->ndim, 0);
    CHECK_ITEMS(view, 0);
    DROP(view);
    /* However great the other extents are, and wherever the zero stands. */
    CHECK_OK(mv_array_new("q", MV_DIMS(PTRDIFF_MAX, PTRDIFF_MAX, 0), 'C', &array, &error));
    mv_object_unref(array);
    CHECK_OK(mv_array_new("q", MV_DIMS(0, PTRDIFF_MAX, PTRDIFF_MAX), 'F', &array, &error));
    view = view_taking(array);
    CHECK_INT(mv_view_buffer(view)->len, 0);
    CHECK_SHAPE(view, 0, PTRDIFF_MAX, PTRDIFF_MAX);
    DROP(view);
}

TEST(array_new_refuses)
{
    mv_object *out;
    CHECK_NOTHING(out, mv_array_new(NULL, MV_DIMS(2), 'C', &out, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_NOTHING(out, mv_array_new("B", NULL, 1, 'C', &out, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
    CHECK_STATUS(mv_array_new("B", MV_DIMS(2), 'C', NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 5);
    CHECK_NOTHING(out, mv_array_new("B", MV_DIMS(2), 'A', &out, &error), MV_E_VALUE);
    CHECK_NOTHING(out, mv_array_new("B", MV_DIMS(2), 'c', &out, &error), MV_E_VALUE);
    CHECK_NOTHING(out, mv_array_new("B", MV_DIMS(2), 'C' + 256, &out, &error), MV_E_VALUE);
    CHECK_NOTHING(out, mv_array_new("B", NULL, -1, 'C', &out, &error), MV_E_VALUE);
    CHECK_INT(error.value, -1);
    CHECK_NOTHING(out, mv_array_new("", MV_DIMS(2), 'C', &out, &error), MV_E_FORMAT);
    CHECK_NOTHING(out, mv_array_new("@", MV_DIMS(2), 'C', &out, &error), MV_E_FORMAT);
    CHECK_NOTHING(out, mv_array_new("\x01", MV_DIMS(2), 'C', &out, &error), MV_E_FORMAT);
    CHECK_NOTHING(out, mv_array_new("B", MV_DIMS(2, -1), 'C', &out, &error), MV_E_SHAPE);
    CHECK_ERROR(1, -1, -1, 0);
    CHECK_NOTHING(out, mv_array_new("B", MV_DIMS(-1, 0), 'C', &out, &error), MV_E_SHAPE);
    ptrdiff_t ones[65];
    for (int i = 0; i < 65; i++) ones[i] = 1;
    CHECK_NOTHING(out, mv_array_new("B", ones, 65, 'C', &out, &error), MV_E_LIMIT);
    CHECK_ERROR(-1, -1, 65, 64);
    CHECK_OK(mv_array_new("B", ones, 64, 'C', &out, &error));
    mv_object_unref(out);
}

TEST(array_new_refuses_sizes)
{
    mv_object *out;
    CHECK_NOTHING(out, mv_array_new("B", MV_DIMS(PTRDIFF_MAX, 3), 'C', &out, &error), MV_E_OVERFLOW);
    CHECK_NOTHING(out, mv_array_new("B", MV_DIMS(3, PTRDIFF_MAX), 'F', &out, &error), MV_E_OVERFLOW);
    CHECK_NOTHING(out, mv_array_new("h", MV_DIMS(PTRDIFF_MAX / 2 + 1), 'C', &out, &error), MV_E_OVERFLOW);
    const ptrdiff_t length = (ptrdiff_t)unavailable_length();
    CHECK_NOTHING(out, mv_array_new("B", MV_DIMS(length), 'C', &out, &error), MV_E_NO_MEMORY);
}

/* An array of 3 x 4 numbered items gets another shape; the items that lie in both keep index and value. */
static void check_resize(int order, ptrdiff_t rows, ptrdiff_t columns)
{
    mv_object *array;
    CHECK_OK(mv_array_new("h", MV_DIMS(3, 4), order, &array, &error));
    mv_view *view = view_of(array);
    for (short i = 0; i < 12; i++)
        store_integer("h", item_address(mv_view_buffer(view), (ptrdiff_t[]){i / 4, i % 4}), i + 1);
    DROP(view);
    CHECK_OK(mv_array_resize(array, MV_DIMS(rows, columns), &error));
    view = view_taking(array);
    CHECK_SHAPE(view, rows, columns);
    const int line = rows <= 1 || columns <= 1;
    CHECK_CONTIGUOUS(view, line || order == 'C', line || order == 'F');
    for (ptrdiff_t y = 0; y < rows; y++) {
        for (ptrdiff_t x = 0; x < columns; x++) {
            const void *item = item_address(mv_view_buffer(view), (ptrdiff_t[]){y, x});
            CHECK_INT(load_integer("h", item), y < 3 && x < 4 ? y * 4 + x + 1 : 0);
        }
    }
    DROP(view);
}

TEST(array_resize_keeps_what_lies_in_both_shapes)
{
    for (int i = 0; i < 2; i++) {
        const int order = i == 0 ? 'C' : 'F';
        check_resize(order, 3, 4);
        check_resize(order, 5, 4);
        check_resize(order, 3, 7);
        check_resize(order, 4, 5);
        check_resize(order, 2, 4);
        check_resize(order, 3, 2);
        check_resize(order, 2, 6);
        check_resize(order, 6, 2);
        check_resize(order, 0, 4);
        check_resize(order, 1, 1);
    }
}

TEST(array_resize_refuses)
{
    mv_object *array, *bytes = bytes_of("abc", 3);
    CHECK_OK(mv_array_new("h", MV_DIMS(2, 3), 'C', &array, &error));
    CHECK_STATUS(mv_array_resize(NULL, MV_DIMS(2, 3), &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_array_resize(array, NULL, 2, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
    CHECK_STATUS(mv_array_resize(bytes, MV_DIMS(2), &error), MV_E_TYPE);
    CHECK_STATUS(mv_array_resize(array, MV_DIMS(6), &error), MV_E_SHAPE);
    CHECK_STATUS(mv_array_resize(array, MV_DIMS(2, -3), &error), MV_E_SHAPE);
    CHECK_ERROR(1, -1, -3, 0);
    CHECK_STATUS(mv_array_resize(array, NULL, -1, &error), MV_E_VALUE);
    ptrdiff_t ones[65];
    for (int i = 0; i < 65; i++) ones[i] = 1;
    CHECK_STATUS(mv_array_resize(array, ones, 65, &error), MV_E_LIMIT);
    CHECK_STATUS(mv_array_resize(array, MV_DIMS(PTRDIFF_MAX, 2), &error), MV_E_OVERFLOW);
    const ptrdiff_t length = (ptrdiff_t)unavailable_length();
    CHECK_STATUS(mv_array_resize(array, MV_DIMS(length, 1), &error), MV_E_NO_MEMORY);
    mv_view *view = view_of(array);
    CHECK_SHAPE(view, 2, 3);
    CHECK_STATUS(mv_array_resize(array, MV_DIMS(3, 3), &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 1);
    DROP(view);
    CHECK_OK(mv_object_revoke(array, &error));
    CHECK_STATUS(mv_array_resize(array, MV_DIMS(3, 3), &error), MV_E_RELEASED);
    mv_object_unref(array);
    mv_object_unref(bytes);
}
