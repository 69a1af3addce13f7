/* Bulk: copy and fill. */
#include "fixtures.h"

TEST(acceptance_011_zero_stride)
{
    unsigned char data[1] = {7};
    const ptrdiff_t shape[] = {4}, strides[] = {0};
    const mv_buffer description = {
        .buf = data, .itemsize = 1, .ndim = 1, .format = "B", .shape = shape, .strides = strides};
    mv_object *memory;
    CHECK_OK(mv_memory_describe(&description, data, 1, NULL, NULL, &memory, &error));
    mv_view *view = view_taking(memory), *source = view_taking(bytes_of("\1\2\3\4", 4));
    CHECK_INT(mv_view_buffer(view)->len, 4);
    CHECK_CONTIGUOUS(view, 0, 0);
    CHECK_ITEMS(view, 7, 7, 7, 7);
    CHECK_OK(mv_view_set_i64(view, MV_DIMS(2), 9, &error));
    CHECK_ITEMS(view, 9, 9, 9, 9);
    CHECK_OK(mv_view_copy(view, source, &error));
    CHECK_ITEMS(view, 4, 4, 4, 4);
    CHECK_OK(mv_view_write(view, NULL, 'C', "\5\6\7\10", 4, &error));
    CHECK_ITEMS(view, 8, 8, 8, 8);
    DROP(view, source);
}

TEST(acceptance_063_copy_of_another_length)
{
    mv_view *view = text_view("abcd"), *two = sliced(view, ":2"), *one = view_taking(bytes_of("X", 1));
    CHECK_STATUS(mv_view_copy(two, one, &error), MV_E_SHAPE);
    CHECK_INT(error.dim, 0);
    CHECK_INT(error.value, 2);
    CHECK_INT(error.limit, 1);
    CHECK_ITEMS(view, 'a', 'b', 'c', 'd');
    DROP(view, two, one);
}

TEST(acceptance_064_overlapping_copy)
{
    mv_view *view = text_view("abcdefgh"), *to = sliced(view, "1:5"), *from = sliced(view, "0:4");
    CHECK_OK(mv_view_copy(to, from, &error));
    CHECK_BYTES(mv_view_buffer(view)->buf, "aabcdfgh", 8);
    CHECK_OK(mv_view_copy(from, to, &error)); /* and back */
    CHECK_BYTES(mv_view_buffer(view)->buf, "abcddfgh", 8);
    DROP(view, to, from);
}

TEST(acceptance_065_copy_of_the_reverse)
{
    const char *const texts[] = {"a", "ab", "abcde", "abcdefghijklmnopqrstuvwxyz"};
    for (int i = 0; i < 4; i++) {
        mv_view *view = text_view(texts[i]), *back = sliced(view, "::-1");
        const size_t length = strlen(texts[i]);
        CHECK_OK(mv_view_copy(view, back, &error));
        char expected[26];
        for (size_t at = 0; at < length; at++) expected[at] = texts[i][length - 1 - at];
        CHECK_BYTES(mv_view_buffer(view)->buf, expected, length);
        CHECK_OK(mv_view_copy(back, view, &error));
        CHECK_BYTES(mv_view_buffer(view)->buf, texts[i], length);
        DROP(view, back);
    }
}

TEST(acceptance_066_copy_into_every_other_item)
{
    mv_view *view = text_view("abcdefgh"), *to = sliced(view, "::2");
    mv_view *from = view_taking(bytes_of("1234", 4));
    CHECK_OK(mv_view_copy(to, from, &error));
    CHECK_BYTES(mv_view_buffer(view)->buf, "1b2d3f4h", 8);
    DROP(view, to, from);
}

TEST(acceptance_068_copy_between_spellings_of_a_format)
{
    mv_view *view = text_view("abcd"), *source = text_view("wxyz"), *spelt;
    CHECK_OK(mv_view_cast(source, "@B", MV_NO_SHAPE, 'C', &spelt, &error));
    CHECK_OK(mv_view_copy(view, spelt, &error));
    CHECK_ITEMS(view, 'w', 'x', 'y', 'z');
    CHECK_OK(mv_view_set_i64(view, MV_DIMS(0), 'a', &error));
    CHECK_OK(mv_view_copy(spelt, view, &error));
    CHECK_ITEMS(source, 'a', 'x', 'y', 'z');
    DROP(view, source, spelt);
}

TEST(acceptance_069_copy_of_other_dimensions)
{
    mv_view *flat = text_view("abcd"), *other = text_view("wxyz"), *square, *scalar, *one = text_view("a");
    CHECK_OK(mv_view_cast(other, "B", MV_DIMS(2, 2), 'C', &square, &error));
    CHECK_OK(mv_view_cast(one, "B", NULL, 0, 'C', &scalar, &error));
    CHECK_STATUS(mv_view_copy(flat, square, &error), MV_E_SHAPE);
    CHECK_STATUS(mv_view_copy(square, flat, &error), MV_E_SHAPE);
    CHECK_STATUS(mv_view_copy(one, scalar, &error), MV_E_SHAPE);
    CHECK_STATUS(mv_view_copy(scalar, one, &error), MV_E_SHAPE);
    CHECK_ITEMS(flat, 'a', 'b', 'c', 'd');
    CHECK_ITEMS(square, 'w', 'x', 'y', 'z');
    CHECK_OK(mv_view_copy(scalar, scalar, &error));
    DROP(flat, other, square, scalar, one);
}

TEST(acceptance_070_copy_of_nothing)
{
    mv_view *empty = text_view(""), *none = text_view(""), *one = text_view("a");
    CHECK_OK(mv_view_copy(empty, none, &error));
    CHECK_STATUS(mv_view_copy(empty, one, &error), MV_E_SHAPE);
    CHECK_STATUS(mv_view_copy(one, empty, &error), MV_E_SHAPE);
    CHECK_ITEMS(one, 'a');
    DROP(empty, none, one);
}

TEST(acceptance_071_overlapping_copy_of_two_dimensions)
{
    mv_view *view = numbered("B", MV_DIMS(3, 4), 'C');
    mv_view *to = sliced(view, "1:, :"), *from = sliced(view, ":-1, :");
    CHECK_OK(mv_view_copy(to, from, &error));
    CHECK_ITEMS(view, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7);
    DROP(view, to, from);
    view = numbered("B", MV_DIMS(3, 4), 'C');
    to = sliced(view, ":-1, 1:");
    from = sliced(view, "1:, :-1");
    CHECK_OK(mv_view_copy(to, from, &error));
    CHECK_ITEMS(view, 0, 4, 5, 6, 4, 8, 9, 10, 8, 9, 10, 11);
    DROP(view, to, from);
}

/* Every pair of views of one 5 x 5 block with the same shape, against a copy through a temporary. */
TEST(overlapping_copies_are_as_if_through_a_temporary)
{
    const char *const texts[] = {"0:3, 0:3",   "1:4, 1:4",    "2:5, 0:3",    "0:3, 2:5",
                                 "2::-1, 0:3", "1:4, ::-2",   "::2, 1:4",    "::-2, ::-2",
                                 "::2, ::2",   "4:1:-1, ::2", "1:4, 3:0:-1", "3:0:-1, 4:1:-1"};
    const char *const formats[] = {"B", "h", "i", "q"};
    for (int n = 0; n < 4 * 12 * 12; n++) {
        mv_view *view = numbered(formats[n / 144], MV_DIMS(5, 5), 'C');
        mv_view *to = sliced(view, texts[n / 12 % 12]), *from = sliced(view, texts[n % 12]);
        mv_view *turned = NULL;
        if (n % 2) CHECK_OK(mv_view_transpose(from, NULL, 0, &turned, &error));
        const mv_buffer *target = mv_view_buffer(to), *source = mv_view_buffer(n % 2 ? turned : from);
        long long expected[25], moved[9];
        for (int i = 0; i < 25; i++) expected[i] = i;
        ptrdiff_t index[2] = {0, 0};
        int item = 0;
        do moved[item++] = load_integer(source->format, item_address(source, index));
        while (next_index(source, index));
        CHECK_INT(item, 9);
        item = 0;
        do {
            const ptrdiff_t place = item_address(target, index) - (char *)mv_view_buffer(view)->buf;
            expected[place / target->itemsize] = moved[item++];
        } while (next_index(target, index));
        CHECK_OK(mv_view_copy(to, n % 2 ? turned : from, &error));
        fixture_items(__FILE__, __LINE__, view, expected, 25);
        DROP(view, to, from, turned);
    }
}

TEST(copy_between_layouts_and_tables)
{
    for (int n = 0; n < 9; n++) {
        mv_view *views[2];
        for (int i = 0; i < 2; i++) {
            const int which = i == 0 ? n / 3 : n % 3;
            const int order = which == 0 ? 'C' : 'F';
            views[i] = which == 2 ? table_view(2, 3, 4) : numbered("B", MV_DIMS(3, 4), order);
        }
        mv_view *back = sliced(views[1], "::-1, ::-1");
        CHECK_OK(mv_view_copy(views[0], back, &error));
        CHECK_ITEMS(views[0], 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        CHECK_ITEMS(views[1], 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        DROP(views[0], views[1], back);
    }
    mv_view *table = table_view(2, 3, 4), *back = sliced(table, "::-1, ::-1");
    CHECK_OK(mv_view_copy(table, back, &error)); /* over itself, through the pointers */
    CHECK_ITEMS(table, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    DROP(table, back);
    CHECK_INT(tables_alive, 0);
}

TEST(copy_refuses)
{
    mv_view *view = text_view("abcd"), *b, *c, *i, *f, *wide = numbered("i", MV_DIMS(1), 'C');
    CHECK_OK(mv_view_cast(view, "b", MV_NO_SHAPE, 'C', &b, &error));
    CHECK_OK(mv_view_cast(view, "c", MV_NO_SHAPE, 'C', &c, &error));
    CHECK_OK(mv_view_cast(view, "I", MV_NO_SHAPE, 'C', &i, &error));
    CHECK_OK(mv_view_cast(view, "f", MV_NO_SHAPE, 'C', &f, &error));
    CHECK_STATUS(mv_view_copy(NULL, view, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_view_copy(view, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
    CHECK_STATUS(mv_view_copy(view, b, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_copy(view, c, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_copy(wide, i, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_copy(wide, f, &error), MV_E_FORMAT);
    CHECK_ITEMS(wide, 0);
    CHECK_ITEMS(view, 'a', 'b', 'c', 'd');
    DROP(view, b, c, i, f, wide);
}

TEST(copy_between_formats_of_one_layout)
{
    const char *const other = sizeof(long) == sizeof(long long) ? "q" : "i";
    mv_view *to = numbered("l", MV_DIMS(3), 'C'), *from = numbered(other, MV_DIMS(3), 'C');
    mv_view *back = sliced(from, "::-1");
    CHECK_OK(mv_view_copy(to, back, &error));
    CHECK_ITEMS(to, 2, 1, 0);
    DROP(to, from, back);
}

TEST(fill_writes_one_value_to_all_items)
{
    mv_view *view = numbered("h", MV_DIMS(3, 4), 'C');
    mv_view *part = sliced(view, "::2, 1::2"), *none = sliced(view, "1:1");
    mv_scalar value = scalar_int(-7);
    CHECK_OK(mv_view_fill(part, &value, &error));
    CHECK_ITEMS(view, 0, -7, 2, -7, 4, 5, 6, 7, 8, -7, 10, -7);
    CHECK_OK(mv_view_fill(view, &value, &error));
    CHECK_ITEMS(view, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7, -7);
    value = scalar_int(40000);
    CHECK_STATUS(mv_view_fill(view, &value, &error), MV_E_RANGE);
    CHECK_STATUS(mv_view_fill(none, &value, &error), MV_E_RANGE);
    value = scalar_uint(1);
    CHECK_OK(mv_view_fill(none, &value, &error));
    CHECK_INT(load_integer("h", mv_view_buffer(view)->buf), -7);
    DROP(view, part, none);
    view = numbered("?", MV_DIMS(3), 'C');
    value = scalar_float(2.5);
    CHECK_OK(mv_view_fill(view, &value, &error));
    CHECK_ITEMS(view, 1, 1, 1);
    DROP(view);
    view = numbered("q", NULL, 0, 'C');
    value = scalar_int(INT64_MIN);
    CHECK_OK(mv_view_fill(view, &value, &error));
    CHECK_ITEMS(view, INT64_MIN);
    DROP(view);
}

TEST(fill_refuses)
{
    mv_view *view = text_view("abcd"), *c;
    const mv_scalar value = scalar_int(1), real = scalar_float(1), two = scalar_bytes("xy", 2);
    CHECK_OK(mv_view_cast(view, "c", MV_NO_SHAPE, 'C', &c, &error));
    CHECK_STATUS(mv_view_fill(NULL, &value, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_view_fill(view, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
    CHECK_STATUS(mv_view_fill(view, &real, &error), MV_E_TYPE);
    CHECK_STATUS(mv_view_fill(c, &value, &error), MV_E_TYPE);
    CHECK_STATUS(mv_view_fill(c, &two, &error), MV_E_VALUE);
    CHECK_ITEMS(view, 'a', 'b', 'c', 'd');
    DROP(view, c);
}
