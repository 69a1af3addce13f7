/* Views: contiguous ones, by a copy where it takes one. */
#include "fixtures.h"

static mv_view *contiguous(mv_view *view, int mode, int order)
{
    mv_view *result = NULL;
    CHECK_OK(mv_view_contiguous(mv_view_as_object(view), mode, order, &result, &error));
    return result;
}

TEST(contiguous_memory_is_not_copied)
{
    mv_view *c = numbered("H", MV_DIMS(2, 3), 'C'), *f = numbered("H", MV_DIMS(2, 3), 'F');
    const struct {
        mv_view *view;
        int order;
    } same[] = {{c, 'C'}, {c, 'A'}, {f, 'F'}, {f, 'A'}};
    const int modes[] = {MV_READ, MV_WRITE, MV_WRITE_BACK};
    for (int i = 0; i < 4; i++) {
        for (int m = 0; m < 3; m++) {
            mv_view *view = contiguous(same[i].view, modes[m], same[i].order);
            CHECK_PTR(mv_view_buffer(view)->buf, mv_view_buffer(same[i].view)->buf);
            CHECK_ITEMS(view, 0, 1, 2, 3, 4, 5);
            DROP(view);
        }
    }
    DROP(c, f);
}

TEST(acceptance_116_read_copy_of_strided_items)
{
    mv_view *whole = numbered("H", MV_DIMS(4, 6), 'C'), *strided = sliced(whole, "::2, ::3");
    const int orders[] = {'C', 'A', 'F'};
    for (int i = 0; i < 3; i++) {
        mv_view *view = contiguous(strided, MV_READ, orders[i]);
        CHECK_INT(mv_view_buffer(view)->readonly, 1);
        CHECK_STR(mv_view_buffer(view)->format, "H");
        CHECK_SHAPE(view, 2, 2);
        CHECK_CONTIGUOUS(view, i < 2, i == 2);
        CHECK_ITEMS(view, 0, 3, 12, 15);
        CHECK_OK(mv_view_set_i64(strided, MV_DIMS(0, 0), 7, &error));
        CHECK_ITEMS(view, 0, 3, 12, 15); /* a copy */
        CHECK_OK(mv_view_set_i64(strided, MV_DIMS(0, 0), 0, &error));
        DROP(view);
    }
    mv_view *other = numbered("H", MV_DIMS(2, 3), 'F'), *view = contiguous(other, MV_READ, 'C');
    CHECK_STRIDES(view, 6, 2);
    CHECK_ITEMS(view, 0, 1, 2, 3, 4, 5);
    mv_view *table = table_view(2, 3, 4), *flat = contiguous(table, MV_READ, 'C');
    CHECK_PTR(mv_view_buffer(flat)->suboffsets, NULL);
    CHECK_ITEMS(flat, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    DROP(whole, strided, other, view, table, flat);
}

TEST(read_copy_does_not_hold_the_object)
{
    mv_object *array = bytearray_of("abcdef", 6);
    mv_view *view = view_of(array), *slice = sliced(view, "::2"), *copy = contiguous(slice, MV_READ, 'C');
    DROP(view, slice);
    CHECK_SIZE(mv_object_exports(array), 0);
    CHECK_OK(mv_bytearray_resize(array, 0, &error));
    CHECK_ITEMS(copy, 'a', 'c', 'e');
    DROP(copy);
    mv_object_unref(array);
}

TEST(acceptance_117_write_back_of_strided_items)
{
    mv_object *array = bytearray_of("abcdef", 6);
    mv_view *view = view_of(array), *slice = sliced(view, "::2"), *made;
    CHECK_NOTHING(made, mv_view_contiguous(mv_view_as_object(slice), MV_WRITE, 'C', &made, &error),
                  MV_E_BUFFER);
    mv_view *copy = contiguous(slice, MV_WRITE_BACK, 'C'), *part = sliced(copy, "1:");
    CHECK_INT(mv_view_buffer(copy)->readonly, 0);
    CHECK_CONTIGUOUS(copy, 1, 1);
    CHECK_ITEMS(copy, 'a', 'c', 'e');
    CHECK_OK(mv_view_set_i64(copy, MV_DIMS(0), 'X', &error));
    CHECK_OK(mv_view_set_i64(part, MV_DIMS(1), 'Z', &error));
    CHECK_OK(mv_view_release(copy, &error));
    CHECK_ITEMS(view, 'a', 'b', 'c', 'd', 'e', 'f'); /* the part still shares the copy */
    CHECK_STATUS(mv_bytearray_resize(array, 9, &error), MV_E_EXPORTED);
    CHECK_OK(mv_view_release(part, &error));
    CHECK_ITEMS(view, 'X', 'b', 'c', 'd', 'Z', 'f');
    DROP(slice, copy, part, view);
    CHECK_SIZE(mv_object_exports(array), 0);
    mv_object_unref(array);
}

TEST(write_back_of_two_dimensions_by_unref)
{
    mv_view *view = numbered("h", MV_DIMS(2, 3), 'C'), *copy = contiguous(view, MV_WRITE_BACK, 'F');
    CHECK_STRIDES(copy, 2, 4);
    short *items = mv_view_buffer(copy)->buf;
    for (int i = 0; i < 6; i++) items[i] = (short)(items[i] + 10);
    CHECK_ITEMS(view, 0, 1, 2, 3, 4, 5);
    DROP(copy);
    CHECK_ITEMS(view, 10, 11, 12, 13, 14, 15);
    DROP(view);
}

TEST(write_back_to_revoked_memory_is_reported)
{
    mv_object *array = bytearray_of("abcdef", 6);
    mv_view *view = view_of(array), *slice = sliced(view, "::2");
    mv_view *copy = contiguous(slice, MV_WRITE_BACK, 'C');
    CHECK_OK(mv_view_set_i64(copy, MV_DIMS(0), 'X', &error));
    DROP(view, slice);
    const mv_status revoked = mv_object_revoke(array, NULL);
    CHECK(revoked == MV_OK || revoked == MV_E_EXPORTED);
    CHECK_STATUS(mv_view_release(copy, &error), MV_E_RELEASED);
    CHECK_PTR(mv_view_buffer(copy), NULL);
    CHECK_OK(mv_view_release(copy, &error)); /* it is released all the same */
    DROP(copy);
    CHECK_OK(mv_object_revoke(array, &error));
    mv_object_unref(array);
}

TEST(contiguous_refuses)
{
    mv_object *bytes = bytes_of("abcdef", 6);
    mv_view *view = view_of(bytes), *slice = sliced(view, "::2"), *made;
    const int writing[] = {MV_WRITE, MV_WRITE_BACK};
    for (int i = 0; i < 2; i++) {
        CHECK_NOTHING(made, mv_view_contiguous(bytes, writing[i], 'C', &made, &error), MV_E_BUFFER);
        CHECK_NOTHING(made, mv_view_contiguous(mv_view_as_object(slice), writing[i], 'C', &made, &error),
                      MV_E_BUFFER);
    }
    CHECK_NOTHING(made, mv_view_contiguous(NULL, MV_READ, 'C', &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_view_contiguous(bytes, MV_READ, 'C', NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 4);
    CHECK_NOTHING(made, mv_view_contiguous(bytes, 0, 'C', &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_contiguous(bytes, MV_READ | MV_WRITE, 'C', &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_contiguous(bytes, MV_READ, 'c', &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_contiguous(bytes, MV_READ, 0, &made, &error), MV_E_VALUE);
    DROP(slice);
    CHECK_SIZE(mv_object_exports(bytes), 1);
    DROP(view);
    mv_object_unref(bytes);
}
