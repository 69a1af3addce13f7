/* Geometry: transpose, reshape, broadcast, split. */
#include "fixtures.h"

TEST(transpose_permutes_dimensions)
{
    mv_view *view = numbered("h", MV_DIMS(2, 3, 4), 'C'), *reversed, *moved, *negative;
    CHECK_OK(mv_view_transpose(view, NULL, 0, &reversed, &error));
    CHECK_SHAPE(reversed, 4, 3, 2);
    CHECK_STRIDES(reversed, 2, 8, 24);
    const int axes[] = {1, 2, 0}, from_end[] = {-2, -1, -3};
    CHECK_OK(mv_view_transpose(view, axes, 3, &moved, &error));
    CHECK_SHAPE(moved, 3, 4, 2);
    CHECK_STRIDES(moved, 8, 2, 24);
    mv_view *row = sliced(moved, "1, 2");
    CHECK_ITEMS(row, 6, 18);
    CHECK_OK(mv_view_transpose(view, from_end, 3, &negative, &error));
    CHECK_STRIDES(negative, 8, 2, 24);
    DROP(view, reversed, moved, negative, row);
    view = numbered("h", NULL, 0, 'C');
    CHECK_OK(mv_view_transpose(view, NULL, 0, &reversed, &error));
    CHECK_ITEMS(reversed, 0);
    DROP(view, reversed);
}

TEST(transpose_refuses)
{
    mv_view *view = numbered("h", MV_DIMS(2, 3), 'C'), *made;
    const int good[] = {1, 0}, twice[] = {1, -1}, far[] = {0, 2}, below[] = {0, -3}, many[3] = {0, 1, 2};
    CHECK_NOTHING(made, mv_view_transpose(NULL, good, 2, &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_NOTHING(made, mv_view_transpose(view, NULL, 2, &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
    CHECK_STATUS(mv_view_transpose(view, good, 2, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 4);
    CHECK_NOTHING(made, mv_view_transpose(view, good, 1, &made, &error), MV_E_VALUE);
    CHECK_ERROR(-1, -1, 1, 2);
    CHECK_NOTHING(made, mv_view_transpose(view, many, 3, &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_transpose(view, good, -1, &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_transpose(view, twice, 2, &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_transpose(view, far, 2, &made, &error), MV_E_VALUE);
    CHECK_ERROR(-1, -1, 2, 2);
    CHECK_NOTHING(made, mv_view_transpose(view, below, 2, &made, &error), MV_E_VALUE);
    CHECK_INT(error.value, -3);
    DROP(view);
}

static mv_view *reshaped(mv_view *view, int order, const ptrdiff_t *shape, int ndim)
{
    mv_view *result = NULL;
    CHECK_OK(mv_view_reshape(view, shape, ndim, order, &result, &error));
    CHECK_PTR(mv_view_buffer(result)->buf, mv_view_buffer(view)->buf);
    return result;
}

TEST(reshape_counts_items_in_an_order)
{
    mv_view *view = numbered("h", MV_DIMS(2, 6), 'C');
    mv_view *a = reshaped(view, 'C', MV_DIMS(3, 4)), *b = reshaped(view, 'C', MV_DIMS(-1));
    mv_view *c = reshaped(view, 'C', MV_DIMS(2, -1, 3)), *d = reshaped(view, 'A', MV_DIMS(4, 3));
    CHECK_STRIDES(a, 8, 2);
    CHECK_SHAPE(b, 12);
    CHECK_SHAPE(c, 2, 2, 3);
    CHECK_STRIDES(c, 12, 6, 2);
    CHECK_STRIDES(d, 6, 2);
    CHECK_ITEMS(a, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    CHECK_ITEMS(c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    DROP(a, b, c, d);
    mv_view *f = numbered("h", MV_DIMS(2, 6), 'F');
    a = reshaped(f, 'F', MV_DIMS(4, 3));
    b = reshaped(f, 'A', MV_DIMS(4, 3));
    CHECK_STRIDES(a, 2, 8);
    CHECK_STRIDES(b, 2, 8);
    c = reshaped(a, 'F', MV_DIMS(2, 6));
    CHECK_ITEMS(c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    DROP(view, f, a, b, c);
}

TEST(reshape_of_strided_items_where_strides_can_say_it)
{
    mv_view *view = numbered("h", MV_DIMS(4, 6), 'C'), *rows = sliced(view, "::2"), *made;
    mv_view *a = reshaped(rows, 'C', MV_DIMS(2, 2, 3)), *columns = sliced(view, ":, ::2");
    CHECK_STRIDES(a, 24, 6, 2);
    CHECK_ITEMS(a, 0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17);
    mv_view *b = reshaped(columns, 'C', MV_DIMS(12)); /* every other item of all */
    CHECK_STRIDES(b, 4);
    CHECK_ITEMS(b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22);
    CHECK_NOTHING(made, mv_view_reshape(rows, MV_DIMS(12), 'C', &made, &error), MV_E_UNSUPPORTED);
    CHECK_NOTHING(made, mv_view_reshape(view, MV_DIMS(24), 'F', &made, &error), MV_E_UNSUPPORTED);
    mv_view *c = reshaped(rows, 'C', MV_DIMS(1, 2, 1, 6, 1)); /* ones cost nothing */
    CHECK_ITEMS(c, 0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17);
    DROP(view, rows, a, columns, b, c);
}

TEST(reshape_of_one_item_and_of_none)
{
    mv_view *one = numbered("h", MV_DIMS(1, 1), 'C'), *a = reshaped(one, 'C', NULL, 0);
    CHECK_INT(mv_view_buffer(a)->ndim, 0);
    mv_view *b = reshaped(a, 'C', MV_DIMS(1, 1, 1));
    CHECK_ITEMS(b, 0);
    DROP(one, a, b);
    mv_view *none = numbered("h", MV_DIMS(3, 0), 'C');
    a = reshaped(none, 'C', MV_DIMS(0, 5));
    CHECK_SHAPE(a, 0, 5);
    DROP(none, a);
}

TEST(reshape_refuses)
{
    mv_view *view = numbered("h", MV_DIMS(2, 3), 'C'), *made;
    ptrdiff_t ones[65];
    for (int i = 0; i < 65; i++) ones[i] = 1;
    CHECK_NOTHING(made, mv_view_reshape(NULL, MV_DIMS(6), 'C', &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_NOTHING(made, mv_view_reshape(view, NULL, 1, 'C', &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
    CHECK_STATUS(mv_view_reshape(view, MV_DIMS(6), 'C', NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 5);
    CHECK_NOTHING(made, mv_view_reshape(view, NULL, -1, 'C', &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_reshape(view, MV_DIMS(6), 'K', &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_reshape(view, ones, 65, 'C', &made, &error), MV_E_LIMIT);
    CHECK_NOTHING(made, mv_view_reshape(view, MV_DIMS(5), 'C', &made, &error), MV_E_SHAPE);
    CHECK_NOTHING(made, mv_view_reshape(view, MV_DIMS(4, -1), 'C', &made, &error), MV_E_SHAPE);
    CHECK_NOTHING(made, mv_view_reshape(view, MV_DIMS(-1, -1), 'C', &made, &error), MV_E_SHAPE);
    CHECK_NOTHING(made, mv_view_reshape(view, MV_DIMS(-2, -3), 'C', &made, &error), MV_E_SHAPE);
    CHECK_INT(error.dim, 0);
    CHECK_INT(error.value, -2);
    CHECK_NOTHING(made, mv_view_reshape(view, NULL, 0, 'C', &made, &error), MV_E_SHAPE);
    CHECK_NOTHING(made, mv_view_reshape(view, MV_DIMS(0, -1), 'C', &made, &error), MV_E_SHAPE);
    CHECK_NOTHING(made, mv_view_reshape(view, MV_DIMS(PTRDIFF_MAX, 4), 'C', &made, &error), MV_E_OVERFLOW);
    DROP(view);
}

TEST(broadcast_repeats_items)
{
    mv_view *view = numbered("h", MV_DIMS(3, 1), 'C'), *wide, *deep, *same;
    CHECK_OK(mv_view_broadcast(view, MV_DIMS(3, 4), &wide, &error));
    CHECK_STRIDES(wide, 2, 0);
    CHECK_INT(mv_view_buffer(wide)->len, 24);
    CHECK_INT(mv_view_buffer(wide)->readonly, 1);
    CHECK_INT(mv_view_buffer(view)->readonly, 0);
    CHECK_ITEMS(wide, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2);
    CHECK_STATUS(mv_view_set_i64(wide, MV_DIMS(0, 0), 1, &error), MV_E_READONLY);
    CHECK_OK(mv_view_broadcast(view, MV_DIMS(2, 3, 2), &deep, &error));
    CHECK_STRIDES(deep, 0, 2, 0);
    CHECK_ITEMS(deep, 0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2);
    CHECK_OK(mv_view_broadcast(view, MV_DIMS(3, 1), &same, &error));
    CHECK_ITEMS(same, 0, 1, 2);
    DROP(wide, deep, same);
    CHECK_OK(mv_view_broadcast(view, MV_DIMS(3, 0), &wide, &error)); /* even to nothing */
    CHECK_SHAPE(wide, 3, 0);
    DROP(view, wide);
    view = table_view(2, 2, 1);
    CHECK_OK(mv_view_broadcast(view, MV_DIMS(2, 2, 3), &deep, &error));
    CHECK_ITEMS(deep, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1);
    DROP(view, deep);
    view = table_view(2, 1, 2);
    CHECK_OK(mv_view_broadcast(view, MV_DIMS(3, 2), &deep, &error));
    CHECK_SUBOFFSETS(deep, 0, -1);
    CHECK_STRIDES(deep, 0, 1);
    CHECK_ITEMS(deep, 0, 1, 0, 1, 0, 1);
    DROP(view, deep);
}

TEST(broadcast_refuses)
{
    mv_view *view = numbered("h", MV_DIMS(2, 3), 'C'), *made;
    ptrdiff_t ones[65];
    for (int i = 0; i < 65; i++) ones[i] = 1;
    CHECK_NOTHING(made, mv_view_broadcast(NULL, MV_DIMS(2, 3), &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_NOTHING(made, mv_view_broadcast(view, NULL, 2, &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
    CHECK_STATUS(mv_view_broadcast(view, MV_DIMS(2, 3), NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 4);
    CHECK_NOTHING(made, mv_view_broadcast(view, NULL, -1, &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_broadcast(view, ones, 65, &made, &error), MV_E_LIMIT);
    CHECK_NOTHING(made, mv_view_broadcast(view, MV_DIMS(2, 4), &made, &error), MV_E_SHAPE);
    CHECK_INT(error.dim, 1);
    CHECK_NOTHING(made, mv_view_broadcast(view, MV_DIMS(3), &made, &error), MV_E_SHAPE);
    CHECK_NOTHING(made, mv_view_broadcast(view, MV_DIMS(2, 1), &made, &error), MV_E_SHAPE);
    CHECK_NOTHING(made, mv_view_broadcast(view, MV_DIMS(-1, 2, 3), &made, &error), MV_E_SHAPE);
    CHECK_ERROR(0, -1, -1, 0);
    CHECK_NOTHING(made, mv_view_broadcast(view, MV_DIMS(PTRDIFF_MAX, 2, 3), &made, &error), MV_E_OVERFLOW);
    DROP(view);
}

/* The parts are balanced, and together have every item of 0 .. 23 once. */
static void check_split(const ptrdiff_t *shape, int ndim, int parts)
{
    mv_view *view = numbered("B", shape, ndim, 'C');
    unsigned seen[24] = {0};
    ptrdiff_t least = PTRDIFF_MAX, greatest = 0;
    for (int i = 0; i < parts; i++) {
        mv_view *part = NULL;
        CHECK_OK(mv_view_split(view, i, parts, &part, &error));
        const mv_buffer *b = mv_view_buffer(part);
        CHECK_INT(b->ndim, ndim);
        if (b->len < least) least = b->len;
        if (b->len > greatest) greatest = b->len;
        ptrdiff_t index[4] = {0};
        if (b->len > 0) {
            do seen[*(unsigned char *)item_address(b, index)]++;
            while (next_index(b, index));
        }
        DROP(part);
    }
    for (int i = 0; i < 24; i++) CHECK_INT(seen[i], i < mv_view_buffer(view)->len);
    /* No part is longer than another by more than one position of an axis. */
    ptrdiff_t coarsest = 1;
    for (int d = 0; d < ndim; d++) {
        const ptrdiff_t slab = shape[d] > 0 ? mv_view_buffer(view)->len / shape[d] : 0;
        if (slab > coarsest) coarsest = slab;
    }
    CHECK(greatest - least <= coarsest);
    DROP(view);
}

TEST(split_parts_have_every_item_once)
{
    for (int parts = 1; parts <= 9; parts++) {
        check_split(MV_DIMS(24), parts);
        check_split(MV_DIMS(7), parts);
        check_split(MV_DIMS(4, 6), parts);
        check_split(MV_DIMS(2, 12), parts);
        check_split(MV_DIMS(2, 3, 4), parts);
        check_split(MV_DIMS(1, 5), parts);
        check_split(MV_DIMS(3, 0), parts);
    }
}

TEST(split_refuses)
{
    mv_view *view = numbered("B", MV_DIMS(6), 'C'), *scalar = numbered("B", NULL, 0, 'C'), *made;
    CHECK_NOTHING(made, mv_view_split(NULL, 0, 2, &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_view_split(view, 0, 2, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 4);
    CHECK_NOTHING(made, mv_view_split(view, 0, 0, &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_split(view, 0, -1, &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_split(view, 2, 2, &made, &error), MV_E_VALUE);
    CHECK_ERROR(-1, -1, 2, 2);
    CHECK_NOTHING(made, mv_view_split(view, -1, 2, &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_split(scalar, 0, 2, &made, &error), MV_E_TYPE);
    CHECK_OK(mv_view_split(scalar, 0, 1, &made, &error));
    CHECK_ITEMS(made, 0);
    DROP(view, scalar, made);
}
