/* Geometry: windows, diagonals and strides of one's own. */
#include <limits.h>

#include "fixtures.h"

TEST(window_positions_then_items)
{
    mv_view *view = numbered("h", MV_DIMS(3, 4), 'C'), *windows, *one;
    CHECK_OK(mv_view_window(view, MV_DIMS(2, 3), &windows, &error));
    CHECK_SHAPE(windows, 2, 2, 2, 3);
    CHECK_STRIDES(windows, 8, 2, 8, 2);
    CHECK_INT(mv_view_buffer(windows)->readonly, 1);
    one = sliced(windows, "1, 1");
    CHECK_ITEMS(one, 5, 6, 7, 9, 10, 11);
    DROP(one, windows);
    CHECK_OK(mv_view_window(view, MV_DIMS(3, 4), &windows, &error));
    CHECK_SHAPE(windows, 1, 1, 3, 4);
    DROP(windows);
    CHECK_OK(mv_view_window(view, MV_DIMS(0, 4), &windows, &error));
    CHECK_SHAPE(windows, 4, 1, 0, 4);
    CHECK_INT(mv_view_buffer(windows)->len, 0);
    DROP(view, windows);
    view = numbered("B", NULL, 0, 'C');
    CHECK_OK(mv_view_window(view, NULL, 0, &windows, &error));
    CHECK_ITEMS(windows, 0);
    DROP(view, windows);
}

TEST(window_over_reversed_and_strided_memory)
{
    mv_view *view = numbered("i", MV_DIMS(9), 'C'), *every = sliced(view, "::-2"), *windows;
    CHECK_OK(mv_view_window(every, MV_DIMS(3), &windows, &error));
    CHECK_SHAPE(windows, 3, 3);
    CHECK_ITEMS(windows, 8, 6, 4, 6, 4, 2, 4, 2, 0);
    DROP(view, every, windows);
}

TEST(window_refuses)
{
    static ptrdiff_t ones[33];
    mv_view *view = numbered("h", MV_DIMS(3, 4), 'C'), *made, *wide;
    CHECK_NOTHING(made, mv_view_window(view, MV_DIMS(2), &made, &error), MV_E_SHAPE);
    CHECK_ERROR(-1, -1, 2, 1);
    CHECK_NOTHING(made, mv_view_window(view, MV_DIMS(2, 5), &made, &error), MV_E_SHAPE);
    CHECK_ERROR(1, -1, 4, 5);
    CHECK_NOTHING(made, mv_view_window(view, MV_DIMS(-1, 2), &made, &error), MV_E_SHAPE);
    CHECK_ERROR(0, -1, -1, 0);
    CHECK_NOTHING(made, mv_view_window(view, MV_DIMS(PTRDIFF_MAX, 2), &made, &error), MV_E_SHAPE);
    CHECK_NOTHING(made, mv_view_window(view, ones, -1, &made, &error), MV_E_VALUE);
    for (int i = 0; i < 33; i++) ones[i] = 1;
    wide = numbered("B", ones, 33, 'C');
    CHECK_NOTHING(made, mv_view_window(wide, ones, 33, &made, &error), MV_E_LIMIT);
    CHECK_ERROR(-1, -1, 66, 64);
    DROP(view, wide);
    view = released_view();
    CHECK_NOTHING(made, mv_view_window(view, MV_DIMS(1, 1), &made, &error), MV_E_RELEASED);
    DROP(view);
}

TEST(window_of_a_table_slides_behind_the_pointers_alone)
{
    mv_view *view = table_view(2, 3, 4), *made;
    CHECK_NOTHING(made, mv_view_window(view, MV_DIMS(2, 1), &made, &error), MV_E_UNSUPPORTED);
    CHECK_INT(error.dim, 0);
    CHECK_OK(mv_view_window(view, MV_DIMS(1, 2), &made, &error));
    CHECK_SHAPE(made, 3, 3, 1, 2);
    CHECK_ITEMS(made, 0, 1, 1, 2, 2, 3, 4, 5, 5, 6, 6, 7, 8, 9, 9, 10, 10, 11);
    DROP(view, made);
    CHECK_INT(tables_alive, 0);
}

TEST(diagonal_of_two_dimensions)
{
    mv_view *view = numbered("i", MV_DIMS(3, 4), 'C'), *made;
    CHECK_OK(mv_view_diagonal(view, 0, 0, 1, &made, &error));
    CHECK_SHAPE(made, 3);
    CHECK_STRIDES(made, 20);
    CHECK_ITEMS(made, 0, 5, 10);
    DROP(made);
    CHECK_OK(mv_view_diagonal(view, 2, 0, 1, &made, &error));
    CHECK_ITEMS(made, 2, 7);
    DROP(made);
    CHECK_OK(mv_view_diagonal(view, -1, -2, -1, &made, &error));
    CHECK_ITEMS(made, 4, 9);
    CHECK_OK(mv_view_set_i64(made, MV_DIMS(1), 99, &error));
    DROP(made);
    CHECK_OK(mv_view_diagonal(view, -1, 1, 0, &made, &error));
    CHECK_ITEMS(made, 1, 6, 11);
    DROP(made);
    CHECK_OK(mv_view_diagonal(view, PTRDIFF_MIN, 0, 1, &made, &error));
    CHECK_SHAPE(made, 0);
    DROP(made, view);
}

TEST(diagonal_of_more_dimensions_goes_last)
{
    mv_view *view = numbered("h", MV_DIMS(2, 3, 2), 'F'), *made;
    CHECK_OK(mv_view_diagonal(view, 0, 0, 2, &made, &error));
    CHECK_SHAPE(made, 3, 2);
    CHECK_ITEMS(made, 0, 7, 2, 9, 4, 11);
    DROP(view, made);
}

TEST(diagonal_refuses)
{
    mv_view *view = numbered("h", MV_DIMS(3, 4), 'C'), *made;
    CHECK_NOTHING(made, mv_view_diagonal(view, 0, 1, 1, &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_diagonal(view, 0, 1, -1, &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_diagonal(view, 0, 0, 2, &made, &error), MV_E_VALUE);
    CHECK_ERROR(-1, -1, 2, 2);
    CHECK_NOTHING(made, mv_view_diagonal(view, 0, INT_MIN, 0, &made, &error), MV_E_VALUE);
    DROP(view);
    view = table_view(2, 3, 4);
    CHECK_NOTHING(made, mv_view_diagonal(view, 0, 0, 1, &made, &error), MV_E_UNSUPPORTED);
    CHECK_INT(error.dim, 0);
    DROP(view);
}

TEST(strided_within_the_view)
{
    mv_view *view = numbered("h", MV_DIMS(3, 4), 'C'), *made;
    CHECK_OK(
        mv_view_strided(view, 2, (const ptrdiff_t[]){2, 3}, (const ptrdiff_t[]){10, 2}, 2, &made, &error));
    CHECK_ITEMS(made, 1, 2, 3, 6, 7, 8);
    CHECK_INT(mv_view_buffer(made)->readonly, 0);
    DROP(made);
    CHECK_OK(mv_view_strided(view, 22, (const ptrdiff_t[]){12}, (const ptrdiff_t[]){-2}, 1, &made, &error));
    CHECK_ITEMS(made, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    DROP(made);
    CHECK_OK(mv_view_strided(view, 6, (const ptrdiff_t[]){3}, (const ptrdiff_t[]){0}, 1, &made, &error));
    CHECK_ITEMS(made, 3, 3, 3);
    DROP(made);
    CHECK_OK(mv_view_strided(view, 1000, (const ptrdiff_t[]){0}, (const ptrdiff_t[]){7}, 1, &made, &error));
    CHECK_SHAPE(made, 0);
    DROP(made, view);
}

TEST(strided_never_leaves_the_view)
{
    mv_view *whole = numbered("h", MV_DIMS(12), 'C'), *view = sliced(whole, "2:10:2"), *made;
    const ptrdiff_t two[] = {2}, far[] = {PTRDIFF_MAX}, low[] = {PTRDIFF_MIN};
    /* It reaches the 14 bytes of items 2 to 8. */
    CHECK_OK(mv_view_strided(view, 0, (const ptrdiff_t[]){7}, two, 1, &made, &error));
    CHECK_ITEMS(made, 2, 3, 4, 5, 6, 7, 8);
    DROP(made);
    CHECK_NOTHING(made, mv_view_strided(view, 0, (const ptrdiff_t[]){8}, two, 1, &made, &error), MV_E_SHAPE);
    CHECK_ERROR(-1, -1, 15, 14);
    CHECK_NOTHING(made, mv_view_strided(view, -1, (const ptrdiff_t[]){1}, two, 1, &made, &error), MV_E_SHAPE);
    CHECK_ERROR(-1, -1, -1, 14);
    CHECK_NOTHING(made, mv_view_strided(view, 13, (const ptrdiff_t[]){1}, two, 1, &made, &error), MV_E_SHAPE);
    CHECK_NOTHING(made, mv_view_strided(view, 0, (const ptrdiff_t[]){2}, far, 1, &made, &error),
                  MV_E_OVERFLOW);
    CHECK_NOTHING(made, mv_view_strided(view, 0, (const ptrdiff_t[]){2}, low, 1, &made, &error),
                  MV_E_OVERFLOW);
    CHECK_NOTHING(made, mv_view_strided(view, PTRDIFF_MAX, (const ptrdiff_t[]){1}, two, 1, &made, &error),
                  MV_E_OVERFLOW);
    CHECK_NOTHING(made, mv_view_strided(view, 0, (const ptrdiff_t[]){-1}, two, 1, &made, &error), MV_E_SHAPE);
    CHECK_NOTHING(made, mv_view_strided(view, 0, (const ptrdiff_t[]){PTRDIFF_MAX}, two, 1, &made, &error),
                  MV_E_OVERFLOW);
    CHECK_NOTHING(made, mv_view_strided(view, 0, two, two, 65, &made, &error), MV_E_LIMIT);
    DROP(view, whole);
    view = table_view(2, 3, 4);
    CHECK_NOTHING(made, mv_view_strided(view, 0, (const ptrdiff_t[]){1}, two, 1, &made, &error),
                  MV_E_UNSUPPORTED);
    DROP(view);
}
