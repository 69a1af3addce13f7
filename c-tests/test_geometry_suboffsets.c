/* Geometry: memory behind pointers, as the Python Imaging Library keeps images. */
#include "fixtures.h"

TEST(acceptance_008_pointer_table_of_one_dimension)
{
    mv_view *view = table_view(1, 3, 1);
    CHECK_SHAPE(view, 3);
    CHECK_STRIDES(view, POINTER);
    CHECK_SUBOFFSETS(view, 0);
    CHECK_CONTIGUOUS(view, 0, 0);
    CHECK_ITEMS(view, 0, 1, 2);
    mv_view *empty = sliced(view, "3:");
    CHECK_SHAPE(empty, 0);
    DROP(view, empty);
    CHECK_INT(tables_alive, 0);
}

TEST(acceptance_009_part_of_a_pointer_table)
{
    mv_view *view = table_view(2, 3, 4), *part = sliced(view, "1:3, 1:3");
    CHECK_SHAPE(part, 2, 2);
    CHECK_SUBOFFSETS(part, 1, -1);
    CHECK_STRIDES(part, POINTER, 1);
    CHECK_ITEMS(part, 5, 6, 9, 10);
    DROP(view, part);
}

TEST(acceptance_010_columns_of_a_pointer_table_reversed)
{
    mv_view *view = table_view(2, 3, 4), *back = sliced(view, ":, ::-1");
    CHECK_SUBOFFSETS(back, 3, -1);
    CHECK_STRIDES(back, POINTER, -1);
    CHECK_ITEMS(back, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8);
    mv_view *again = sliced(back, "::-1, 1::2");
    CHECK_SUBOFFSETS(again, 2, -1);
    CHECK_ITEMS(again, 10, 8, 6, 4, 2, 0);
    DROP(view, back, again);
}

TEST(row_of_a_pointer_table_is_plain_memory)
{
    mv_view *view = table_view(2, 3, 4), *part = sliced(view, "1:, 1:"), *row = sliced(part, "1"), *slice;
    CHECK_SHAPE(row, 3);
    CHECK_STRIDES(row, 1);
    CHECK_PTR(mv_view_buffer(row)->suboffsets, NULL);
    CHECK_CONTIGUOUS(row, 1, 1);
    CHECK_ITEMS(row, 9, 10, 11);
    slice = sliced(row, "::-2");
    DROP(view, part, row);
    CHECK_ITEMS(slice, 11, 9);
    DROP(slice);
    CHECK_INT(tables_alive, 0);
}

TEST(column_of_a_pointer_table)
{
    mv_view *view = table_view(2, 3, 4), *column = sliced(view, ":, 2"), *item = sliced(view, "2, 3");
    CHECK_SHAPE(column, 3);
    CHECK_SUBOFFSETS(column, 2);
    CHECK_ITEMS(column, 2, 6, 10);
    mv_view *back = sliced(column, "::-1");
    CHECK_ITEMS(back, 10, 6, 2);
    CHECK_INT(mv_view_buffer(item)->ndim, 0);
    CHECK_ITEMS(item, 11);
    DROP(view, column, item, back);
}

TEST(new_axes_around_a_dereference)
{
    mv_view *view = table_view(2, 2, 2), *a = sliced(view, "newaxis, :, newaxis, :, newaxis");
    CHECK_SHAPE(a, 1, 2, 1, 2, 1);
    CHECK_SUBOFFSETS(a, -1, 0, -1, -1, -1);
    CHECK_ITEMS(a, 0, 1, 2, 3);
    DROP(view, a);
}

TEST(items_behind_pointers_are_written)
{
    mv_view *view = table_view(2, 3, 4), *part = sliced(view, "::2, 1::2");
    CHECK_OK(mv_view_set_i64(part, MV_DIMS(1, -1), 77, &error));
    CHECK_ITEMS(view, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 77);
    const mv_scalar zero = scalar_int(0);
    CHECK_OK(mv_view_fill(part, &zero, &error));
    CHECK_ITEMS(view, 0, 0, 2, 0, 4, 5, 6, 7, 8, 0, 10, 0);
    CHECK_OK(mv_view_write(part, NULL, 'F', "\x11\x12\x13\x14", 4, &error));
    CHECK_ITEMS(part, 0x11, 0x13, 0x12, 0x14);
    DROP(view, part);
}

TEST(unsupported_across_a_dereference)
{
    mv_view *view = table_view(2, 3, 4), *made;
    CHECK_NOTHING(made, mv_view_transpose(view, NULL, 0, &made, &error), MV_E_UNSUPPORTED);
    CHECK(error.dim == 0 || error.dim == 1);
    CHECK_NOTHING(made, mv_view_reshape(view, MV_DIMS(12), 'C', &made, &error), MV_E_UNSUPPORTED);
    CHECK_NOTHING(made, mv_view_cast(view, "b", MV_NO_SHAPE, 'C', &made, &error), MV_E_TYPE);
    const int same[] = {0, 1};
    CHECK_OK(mv_view_transpose(view, same, 2, &made, &error));
    CHECK_ITEMS(made, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    DROP(made);
    CHECK_OK(mv_view_reshape(view, MV_DIMS(3, 2, 2), 'C', &made, &error)); /* within the rows */
    CHECK_SUBOFFSETS(made, 0, -1, -1);
    CHECK_ITEMS(made, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    DROP(view, made);
}

TEST(parts_of_a_pointer_table)
{
    mv_view *view = table_view(2, 5, 3), *part;
    ptrdiff_t rows = 0;
    for (int i = 0; i < 2; i++) {
        CHECK_OK(mv_view_split(view, i, 2, &part, &error));
        CHECK_INT(load_integer("B", item_address(mv_view_buffer(part), (ptrdiff_t[]){0, 0})), rows * 3);
        rows += mv_view_buffer(part)->shape[0];
        DROP(part);
    }
    CHECK_INT(rows, 5);
    DROP(view);
}

/* Two tables in a row: each pointer of the first leads to a table of pointers to single items. */
TEST(two_dereferences_in_a_row)
{
    unsigned char items[2][2] = {{1, 2}, {3, 4}};
    void *inner[2][2] = {{&items[0][0], &items[0][1]}, {&items[1][0], &items[1][1]}};
    void *outer[2] = {inner[0], inner[1]};
    const ptrdiff_t shape[] = {2, 2}, strides[] = {POINTER, POINTER}, suboffsets[] = {0, 0};
    const mv_buffer description = {.buf = outer,
                                   .itemsize = 1,
                                   .ndim = 2,
                                   .format = "B",
                                   .shape = shape,
                                   .strides = strides,
                                   .suboffsets = suboffsets,
                                   .len = 4};
    mv_view *view, *made;
    CHECK_OK(mv_view_from_buffer(&description, &view, &error));
    CHECK_ITEMS(view, 1, 2, 3, 4);
    mv_view *row = sliced(view, "1");
    CHECK_SUBOFFSETS(row, 0);
    CHECK_ITEMS(row, 3, 4);
    mv_view *back = sliced(view, "::-1, ::-1");
    CHECK_ITEMS(back, 4, 3, 2, 1);
    CHECK_NOTHING(made, mv_view_slice(view, ":, 1", &made, &error), MV_E_UNSUPPORTED);
    CHECK_INT(error.dim, 1);
    DROP(view, row, back);
}

/* A table of 2 x 3 pointers to pairs: its first two dimensions may change places, the pairs may not move. */
TEST(transpose_before_a_dereference)
{
    unsigned char pairs[6][2];
    void *table[6];
    for (int i = 0; i < 6; i++) {
        table[i] = pairs[i];
        pairs[i][0] = (unsigned char)(2 * i);
        pairs[i][1] = (unsigned char)(2 * i + 1);
    }
    const ptrdiff_t shape[] = {2, 3, 2}, strides[] = {3 * POINTER, POINTER, 1}, suboffsets[] = {-1, 0, -1};
    const mv_buffer description = {.buf = table,
                                   .itemsize = 1,
                                   .ndim = 3,
                                   .format = "B",
                                   .shape = shape,
                                   .strides = strides,
                                   .suboffsets = suboffsets,
                                   .len = 12};
    const int good[] = {1, 0, 2}, bad[] = {0, 2, 1};
    mv_view *view, *turned, *made;
    CHECK_OK(mv_view_from_buffer(&description, &view, &error));
    CHECK_OK(mv_view_transpose(view, good, 3, &turned, &error));
    CHECK_SHAPE(turned, 3, 2, 2);
    CHECK_SUBOFFSETS(turned, -1, 0, -1);
    CHECK_ITEMS(turned, 0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11);
    CHECK_NOTHING(made, mv_view_transpose(view, bad, 3, &made, &error), MV_E_UNSUPPORTED);
    CHECK(error.dim == 1 || error.dim == 2);
    mv_view *column = sliced(turned, "1, :, 1");
    CHECK_SUBOFFSETS(column, 1);
    CHECK_ITEMS(column, 3, 9);
    DROP(view, turned, column);
}

TEST(suboffset_below_zero_is_unsupported)
{
    /* Each pointer leads to the last item of its row. */
    unsigned char rows[2][3] = {{0, 1, 2}, {3, 4, 5}};
    void *table[2] = {&rows[0][2], &rows[1][2]};
    const ptrdiff_t shape[] = {2, 3}, strides[] = {POINTER, -1}, suboffsets[] = {0, -1};
    const mv_buffer description = {.buf = table,
                                   .itemsize = 1,
                                   .ndim = 2,
                                   .format = "B",
                                   .shape = shape,
                                   .strides = strides,
                                   .suboffsets = suboffsets,
                                   .len = 6};
    mv_view *view, *made;
    CHECK_OK(mv_view_from_buffer(&description, &view, &error));
    CHECK_ITEMS(view, 2, 1, 0, 5, 4, 3);
    CHECK_NOTHING(made, mv_view_slice(view, ":, 1:", &made, &error), MV_E_UNSUPPORTED);
    CHECK_INT(error.dim, 1);
    CHECK_NOTHING(made, mv_view_slice(view, ":, ::-1", &made, &error), MV_E_UNSUPPORTED);
    mv_view *row = sliced(view, "1, ::-1"), *line = sliced(view, "1:"), *part;
    CHECK_ITEMS(row, 3, 4, 5);
    /* Only the columns can be shared out. */
    CHECK_NOTHING(made, mv_view_split(line, 1, 3, &made, &error), MV_E_UNSUPPORTED);
    CHECK_INT(error.dim, 1);
    CHECK_OK(mv_view_split(line, 0, 3, &part, &error));
    CHECK_ITEMS(part, 5);
    DROP(view, row, line, part);
}

TEST(unchecked_addresses_of_the_header)
{
    mv_view *table = table_view(2, 3, 4), *view = numbered("h", MV_DIMS(3, 4), 'F');
    CHECK_INT(*(unsigned char *)mv_item(mv_view_buffer(table), 2, 1), 9);
    CHECK_INT(((unsigned char *)mv_row(mv_view_buffer(table), 1))[3], 7);
    CHECK_INT(*(short *)mv_item(mv_view_buffer(view), 2, 1), 9);
    CHECK_INT(*(short *)mv_row(mv_view_buffer(view), 1), 4);
    DROP(table, view);
}
