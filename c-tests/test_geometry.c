/* Geometry: indexing by a list of items and by text. */
#include "fixtures.h"

TEST(acceptance_012_slice_backwards)
{
    mv_view *view = numbered("B", MV_DIMS(10), 'C'), *slice = sliced(view, "::-3");
    CHECK_STRIDES(slice, -3);
    CHECK_SHAPE(slice, 4);
    CHECK_PTR(mv_view_buffer(slice)->buf, (char *)mv_view_buffer(view)->buf + 9);
    CHECK_ITEMS(slice, 9, 6, 3, 0);
    DROP(view, slice);
}

TEST(acceptance_013_greatest_step_on_bytes)
{
    mv_view *view = numbered("B", MV_DIMS(3), 'C'), *slice, *back;
    CHECK_OK(mv_view_index(view, MV_ITEMS(MV_EVERY(PTRDIFF_MAX)), &slice, &error));
    CHECK_SHAPE(slice, 1);
    CHECK_ITEMS(slice, 0);
    CHECK_OK(mv_view_index(view, MV_ITEMS(MV_EVERY(PTRDIFF_MIN)), &back, &error));
    CHECK_SHAPE(back, 1);
    CHECK_ITEMS(back, 2);
    DROP(view, slice, back);
}

TEST(acceptance_014_greatest_step_on_wider_items)
{
    mv_view *view = numbered("i", MV_DIMS(3), 'C'), *slice, *again;
    mv_buffer b;
    const void *low;
    size_t size;
    CHECK_OK(mv_view_index(view, MV_ITEMS(MV_EVERY(PTRDIFF_MAX)), &slice, &error));
    CHECK_SHAPE(slice, 1);
    CHECK_CONTIGUOUS(slice, 1, 1);
    CHECK_ITEMS(slice, 0);
    CHECK_OK(mv_buffer_acquire(mv_view_as_object(slice), MV_FULL_RO, &b, &error));
    CHECK_OK(mv_buffer_extent(&b, &low, &size, &error));
    CHECK_SIZE(size, sizeof(int));
    mv_buffer_release(&b);
    CHECK_OK(mv_view_index(slice, MV_ITEMS(MV_EVERY(PTRDIFF_MIN)), &again, &error));
    CHECK_ITEMS(again, 0);
    DROP(slice, again);
    CHECK_OK(mv_view_index(view, MV_ITEMS(MV_STEP(2, 0, -PTRDIFF_MAX)), &slice, &error));
    CHECK_ITEMS(slice, 2);
    DROP(view, slice);
}

TEST(acceptance_045_row_of_a_matrix)
{
    mv_view *view = numbered("B", MV_DIMS(3, 4), 'C'), *row = sliced(view, "0"), *last;
    CHECK_SHAPE(row, 4);
    CHECK_ITEMS(row, 0, 1, 2, 3);
    CHECK_OK(mv_view_index(view, MV_ITEMS(MV_AT(-1)), &last, &error));
    CHECK_ITEMS(last, 8, 9, 10, 11);
    DROP(view, row, last);
}

TEST(acceptance_046_column_by_ellipsis)
{
    mv_view *view = numbered("B", MV_DIMS(3, 4), 'C'), *column = sliced(view, "..., 1"), *same;
    CHECK_STRIDES(column, 4);
    CHECK_ITEMS(column, 1, 5, 9);
    CHECK_OK(mv_view_index(view, MV_ITEMS(MV_ELLIPSIS, MV_AT(1)), &same, &error));
    CHECK_ITEMS(same, 1, 5, 9);
    DROP(view, column, same);
}

TEST(acceptance_047_slices_in_two_dimensions)
{
    mv_view *view = numbered("B", MV_DIMS(3, 4), 'C'), *part = sliced(view, "1:3, 1:3"), *same;
    CHECK_SHAPE(part, 2, 2);
    CHECK_STRIDES(part, 4, 1);
    CHECK_ITEMS(part, 5, 6, 9, 10);
    CHECK_OK(mv_view_index(view, MV_ITEMS(MV_SLICE(1, 3), MV_SLICE(1, 3)), &same, &error));
    CHECK_ITEMS(same, 5, 6, 9, 10);
    DROP(view, part, same);
}

TEST(acceptance_049_integer_on_no_dimensions)
{
    mv_view *view = numbered("H", NULL, 0, 'C'), *made;
    int64_t item = 77;
    CHECK_NOTHING(made, mv_view_slice(view, "0", &made, &error), MV_E_TYPE);
    CHECK_ERROR(-1, -1, 1, 0);
    CHECK_NOTHING(made, mv_view_index(view, MV_ITEMS(MV_AT(0)), &made, &error), MV_E_TYPE);
    CHECK_STATUS(mv_view_get_i64(view, MV_DIMS(0), &item, &error), MV_E_TYPE);
    CHECK_INT(item, 77);
    DROP(view);
}

TEST(acceptance_050_index_beyond_every_integer)
{
    mv_view *view = numbered("B", MV_DIMS(12), 'C'), *made;
    CHECK_NOTHING(made, mv_view_slice(view, "18446744073709551616", &made, &error), MV_E_INDEX);
    CHECK_INT(error.dim, 0);
    CHECK_INT(error.limit, 12);
    CHECK_NOTHING(made, mv_view_slice(view, "-18446744073709551616", &made, &error), MV_E_INDEX);
    CHECK_NOTHING(made, mv_view_slice(view, "999999999999999999999999999999", &made, &error), MV_E_INDEX);
    mv_view *all = sliced(view, "-18446744073709551616:18446744073709551616:18446744073709551616");
    CHECK_ITEMS(all, 0); /* as bounds they are clamped */
    DROP(view, all);
}

TEST(acceptance_051_slice_of_the_first_dimension)
{
    mv_view *view = numbered("B", MV_DIMS(3, 4), 'C');
    mv_view *row = sliced(view, "1:2"), *back = sliced(view, "::-1");
    CHECK_SHAPE(row, 1, 4);
    CHECK_ITEMS(row, 4, 5, 6, 7);
    CHECK_SHAPE(back, 3, 4);
    CHECK_STRIDES(back, -4, 1);
    CHECK_ITEMS(back, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
    DROP(view, row, back);
}

TEST(acceptance_052_step_zero)
{
    mv_view *view = numbered("B", MV_DIMS(3, 4), 'C'), *made;
    CHECK_NOTHING(made, mv_view_slice(view, "::0", &made, &error), MV_E_VALUE);
    CHECK_INT(error.dim, 0);
    CHECK_NOTHING(made, mv_view_index(view, MV_ITEMS(MV_ALL, MV_EVERY(0)), &made, &error), MV_E_VALUE);
    CHECK_INT(error.dim, 1);
    DROP(view);
}

/* A slice of 0 1 2 3 4 5 6 7 8 9, as Python has it. */
static void check_slice(mv_index item, const char *expected)
{
    mv_view *view = numbered("B", MV_DIMS(10), 'C'), *slice = NULL;
    CHECK_OK(mv_view_index(view, &item, 1, &slice, &error));
    const mv_buffer *b = mv_view_buffer(slice);
    CHECK_INT(b->len, strlen(expected));
    char digits[11] = "";
    for (ptrdiff_t i = 0; i < b->shape[0]; i++) digits[i] = (char)('0' + *item_address(b, &i));
    CHECK_STR(digits, expected);
    /* The pointer never leaves the memory, even where there is nothing to see. */
    const char *begin = mv_view_buffer(view)->buf;
    CHECK((const char *)b->buf >= begin && (const char *)b->buf <= begin + 10);
    DROP(view, slice);
}

TEST(slices_by_python_s_rules)
{
    check_slice((mv_index)MV_SLICE(2, 5), "234");
    check_slice((mv_index)MV_SLICE(-3, -1), "78");
    check_slice((mv_index)MV_SLICE(8, 100), "89");
    check_slice((mv_index)MV_SLICE(-100, 2), "01");
    check_slice((mv_index)MV_SLICE(5, 5), "");
    check_slice((mv_index)MV_SLICE(7, 3), "");
    check_slice((mv_index)MV_SLICE(10, 20), "");
    check_slice((mv_index)MV_SLICE(100, 200), "");
    check_slice((mv_index)MV_FROM(7), "789");
    check_slice((mv_index)MV_FROM(-2), "89");
    check_slice((mv_index)MV_FROM(10), "");
    check_slice((mv_index)MV_TO(3), "012");
    check_slice((mv_index)MV_TO(-8), "01");
    check_slice((mv_index)MV_TO(-10), "");
    check_slice((mv_index)MV_ALL, "0123456789");
    check_slice((mv_index)MV_EVERY(3), "0369");
    check_slice((mv_index)MV_EVERY(-4), "951");
    check_slice((mv_index)MV_EVERY(9), "09");
    check_slice((mv_index)MV_EVERY(10), "0");
    check_slice((mv_index)MV_STEP(1, 8, 3), "147");
    check_slice((mv_index)MV_STEP(8, 1, -3), "852");
    check_slice((mv_index)MV_STEP(8, -100, -3), "852");
    check_slice((mv_index)MV_STEP(100, 0, -4), "951");
    check_slice((mv_index)MV_STEP(1, 8, -1), "");
    check_slice((mv_index)MV_STEP(-100, -200, -1), "");
}

TEST(bounds_at_the_ends_of_ptrdiff_t)
{
    check_slice((mv_index)MV_SLICE(PTRDIFF_MIN, PTRDIFF_MAX), "0123456789");
    check_slice((mv_index)MV_SLICE(PTRDIFF_MAX, PTRDIFF_MIN), "");
    check_slice((mv_index)MV_STEP(PTRDIFF_MAX, PTRDIFF_MIN, -1), "9876543210");
    check_slice((mv_index)MV_STEP(PTRDIFF_MIN, PTRDIFF_MAX, PTRDIFF_MAX), "0");
    check_slice((mv_index)MV_STEP(PTRDIFF_MAX, PTRDIFF_MIN, PTRDIFF_MIN), "9");
    check_slice((mv_index)MV_STEP(PTRDIFF_MIN, PTRDIFF_MIN, PTRDIFF_MIN), "");
}

TEST(integers_slices_ellipsis_and_newaxis_together)
{
    mv_view *view = numbered("H", MV_DIMS(2, 3, 4), 'C'), *a, *b, *c, *d;
    CHECK_OK(mv_view_index(view, MV_ITEMS(MV_AT(1), MV_ELLIPSIS, MV_EVERY(-2)), &a, &error));
    CHECK_SHAPE(a, 3, 2);
    CHECK_STRIDES(a, 8, -4);
    CHECK_ITEMS(a, 15, 13, 19, 17, 23, 21);
    const mv_index new_axes[] = {MV_NEWAXIS, MV_ALL, MV_AT(-1), MV_NEWAXIS, MV_SLICE(1, 3)};
    CHECK_OK(mv_view_index(view, new_axes, 5, &b, &error));
    CHECK_SHAPE(b, 1, 2, 1, 2);
    CHECK_ITEMS(b, 9, 10, 21, 22);
    CHECK_OK(mv_view_index(view, MV_ITEMS(MV_AT(1), MV_AT(2), MV_ELLIPSIS, MV_AT(3)), &c, &error));
    CHECK_INT(mv_view_buffer(c)->ndim, 0);
    CHECK_ITEMS(c, 23);
    CHECK_OK(mv_view_index(view, NULL, 0, &d, &error));
    CHECK_SHAPE(d, 2, 3, 4);
    DROP(a, b, c, d);
    a = sliced(view, "1, ..., ::-2");
    CHECK_ITEMS(a, 15, 13, 19, 17, 23, 21);
    b = sliced(view, "newaxis, :, -1, None, 1:3");
    CHECK_SHAPE(b, 1, 2, 1, 2);
    c = sliced(view, " ... ");
    CHECK_SHAPE(c, 2, 3, 4);
    DROP(view, a, b, c);
}

TEST(empty_dimensions_can_be_indexed)
{
    mv_view *view = numbered("H", MV_DIMS(3, 0, 4), 'C'), *slice = sliced(view, "1:, ::-1, 2"), *made;
    CHECK_SHAPE(slice, 2, 0);
    CHECK_PTR(mv_view_buffer(slice)->buf, mv_view_buffer(view)->buf);
    CHECK_NOTHING(made, mv_view_slice(view, ":, 0", &made, &error), MV_E_INDEX);
    CHECK_ERROR(1, -1, 0, 0);
    DROP(view, slice);
}

TEST(index_refuses)
{
    mv_view *view = numbered("B", MV_DIMS(3, 4), 'C'), *made;
    mv_index many[65];
    for (int i = 0; i < 65; i++) many[i] = (mv_index)MV_NEWAXIS;
    CHECK_NOTHING(made, mv_view_index(NULL, MV_ITEMS(MV_AT(0)), &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_NOTHING(made, mv_view_index(view, NULL, 1, &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
    CHECK_STATUS(mv_view_index(view, MV_ITEMS(MV_AT(0)), NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 4);
    CHECK_NOTHING(made, mv_view_index(view, many, -1, &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_index(view, MV_ITEMS(MV_ELLIPSIS, MV_ELLIPSIS), &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_index(view, MV_ITEMS(MV_ALL, {4, 0, 0, 0, 0}), &made, &error), MV_E_VALUE);
    CHECK_INT(error.value, 4);
    CHECK_NOTHING(made, mv_view_index(view, MV_ITEMS({-1, 0, 0, 0, 0}), &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_index(view, MV_ITEMS(MV_ALL, MV_ALL, MV_AT(0)), &made, &error), MV_E_TYPE);
    CHECK_ERROR(-1, -1, 3, 2);
    CHECK_NOTHING(made, mv_view_index(view, MV_ITEMS(MV_ALL, MV_AT(4)), &made, &error), MV_E_INDEX);
    CHECK_ERROR(1, -1, 4, 4);
    CHECK_NOTHING(made, mv_view_index(view, MV_ITEMS(MV_AT(PTRDIFF_MIN)), &made, &error), MV_E_INDEX);
    CHECK_NOTHING(made, mv_view_index(view, MV_ITEMS(MV_AT(PTRDIFF_MAX)), &made, &error), MV_E_INDEX);
    CHECK_NOTHING(made, mv_view_index(view, many, 63, &made, &error), MV_E_LIMIT);
    CHECK_ERROR(-1, -1, 65, 64);
    CHECK_OK(mv_view_index(view, many, 62, &made, &error));
    CHECK_INT(mv_view_buffer(made)->ndim, 64);
    DROP(view, made);
}

TEST(slice_refuses)
{
    mv_view *view = numbered("B", MV_DIMS(3, 4), 'C'), *made;
    CHECK_NOTHING(made, mv_view_slice(view, "0, 0, 0", &made, &error), MV_E_TYPE);
    CHECK_NOTHING(made, mv_view_slice(view, "..., ...", &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_slice(view, "0, 1, 2:x", &made, &error), MV_E_VALUE);
    CHECK_INT(error.position, 8);
    CHECK_NOTHING(made, mv_view_slice(view, ":, -5", &made, &error), MV_E_INDEX);
    CHECK_ERROR(1, -1, -5, 4);
    DROP(view);
}

/* An item, so many times, and a comma after each. */
static void check_long_text(const mv_view *view, const char *item, int times, mv_status expected)
{
    char text[2000] = "";
    mv_view *made;
    for (int i = 0; i < times; i++) strcat(strcat(text, item), ",");
    CHECK_NOTHING(made, mv_view_slice(view, text, &made, &error), expected);
    if (expected == MV_E_TYPE) CHECK_INT(error.value, times);
    CHECK_INT(error.limit, expected == MV_E_TYPE ? 2 : 64);
}

TEST(long_texts_fail_as_long_lists_do)
{
    mv_view *view = numbered("B", MV_DIMS(3, 4), 'C');
    check_long_text(view, "newaxis", 63, MV_E_LIMIT);
    check_long_text(view, "None", 200, MV_E_LIMIT);
    check_long_text(view, "0", 3, MV_E_TYPE);
    check_long_text(view, "0", 129, MV_E_TYPE);
    check_long_text(view, "0", 130, MV_E_TYPE);
    check_long_text(view, ":", 500, MV_E_TYPE);
    DROP(view);
}

/* Reads a text and compares it with the items expected. */
static void check_parse(const char *text, const mv_index *expected, int expected_count)
{
    mv_index items[8];
    int count = -1;
    memset(items, 0x55, sizeof items);
    CHECK_OK(mv_index_parse(text, items, 8, &count, &error));
    CHECK_INT(count, expected_count);
    for (int i = 0; i < count; i++) {
        CHECK_INT(items[i].kind, expected[i].kind);
        if (items[i].kind == MV_INDEX_SLICE) CHECK_INT(items[i].given, expected[i].given);
        if (items[i].kind == MV_INDEX_AT || items[i].given & 1) CHECK_INT(items[i].start, expected[i].start);
        if (items[i].kind != MV_INDEX_SLICE) continue;
        if (items[i].given & 2) CHECK_INT(items[i].stop, expected[i].stop);
        if (items[i].given & 4) CHECK_INT(items[i].step, expected[i].step);
    }
}

TEST(index_text_is_python_s)
{
    CHECK_SIZE(sizeof(mv_index), 8 + 3 * sizeof(ptrdiff_t));
    check_parse("3", MV_ITEMS(MV_AT(3)));
    check_parse("-3,+4", MV_ITEMS(MV_AT(-3), MV_AT(4)));
    check_parse("1:3, ..., ::-1", MV_ITEMS(MV_SLICE(1, 3), MV_ELLIPSIS, MV_EVERY(-1)));
    check_parse(":,1:,:2,::", MV_ITEMS(MV_ALL, MV_FROM(1), MV_TO(2), MV_ALL));
    check_parse("1::2", MV_ITEMS({MV_INDEX_SLICE, 5, 1, 0, 2}));
    check_parse(":-2:3", MV_ITEMS({MV_INDEX_SLICE, 6, 0, -2, 3}));
    check_parse("\t1 : 9 : - 2 ", MV_ITEMS(MV_STEP(1, 9, -2)));
    check_parse("newaxis, None", MV_ITEMS(MV_NEWAXIS, MV_NEWAXIS));
    check_parse("None:None:None", MV_ITEMS(MV_ALL));
    check_parse("0, ", MV_ITEMS(MV_AT(0))); /* Python's m[0,] */
    check_parse("18446744073709551616, -18446744073709551617",
                MV_ITEMS(MV_AT(PTRDIFF_MAX), MV_AT(PTRDIFF_MIN)));
    check_parse("-99999999999999999999:99999999999999999999", MV_ITEMS(MV_SLICE(PTRDIFF_MIN, PTRDIFF_MAX)));
}

TEST(index_text_that_is_none)
{
    const struct {
        const char *text;
        int position;
    } bad[] = {{"x", 0},    {"1:3, x", 5}, {"1 2", 2}, {"1:2:3:4", 5}, {",", 0},   {"1,,2", 2},
               {"-", 1},    {"1.5", 1},    {"..", 0},  {"....", 3},    {"1:-", 3}, {"(1)", 0},
               {"0x10", 1}, {"nan", 0},    {"--1", 1}, {"\xff", 0}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        mv_index items[8];
        int count = -1;
        CHECK_STATUS(mv_index_parse(bad[i].text, items, 8, &count, &error), MV_E_VALUE);
        if (error.position != bad[i].position)
            FAIL("\"%s\": position %d, expected %d", bad[i].text, (int)error.position, bad[i].position);
        CHECK_INT(count, -1);
    }
}

TEST(index_parse_refuses)
{
    mv_index items[2];
    int count = -1;
    CHECK_STATUS(mv_index_parse(NULL, items, 2, &count, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_index_parse("0", NULL, 2, &count, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
    CHECK_STATUS(mv_index_parse("0", items, 2, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 4);
    CHECK_STATUS(mv_index_parse("0", items, -1, &count, &error), MV_E_VALUE);
    CHECK_STATUS(mv_index_parse("0, 1, 2", items, 2, &count, &error), MV_E_LIMIT);
    CHECK_ERROR(-1, -1, 3, 2);
    CHECK_INT(count, -1);
    CHECK_STATUS(mv_index_parse("0", NULL, 0, &count, &error), MV_E_LIMIT);
    CHECK_OK(mv_index_parse("0, 1", items, 2, &count, &error));
    CHECK_INT(count, 2);
}
