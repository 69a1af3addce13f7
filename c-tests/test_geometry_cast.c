/* Geometry: the same bytes as items of another format, in another shape. */
#include "fixtures.h"

static mv_view *cast_to(const mv_view *view, const char *format, const ptrdiff_t *shape, int ndim)
{
    mv_view *result = NULL;
    CHECK_OK(mv_view_cast(view, format, shape, ndim, 'C', &result, &error));
    return result;
}

TEST(acceptance_015_cast_to_64_dimensions)
{
    mv_view *view = text_view("a"), *made;
    ptrdiff_t ones[65];
    for (int i = 0; i < 65; i++) ones[i] = 1;
    mv_view *deep = cast_to(view, "B", ones, 64);
    CHECK_INT(mv_view_buffer(deep)->ndim, 64);
    const ptrdiff_t index[64] = {0};
    int64_t item = 0;
    CHECK_OK(mv_view_get_i64(deep, index, 64, &item, &error));
    CHECK_INT(item, 'a');
    CHECK_NOTHING(made, mv_view_cast(view, "B", ones, 65, 'C', &made, &error), MV_E_LIMIT);
    CHECK_ERROR(-1, -1, 65, 64);
    DROP(view, deep);
}

TEST(acceptance_072_cast_of_no_bytes)
{
    mv_view *view = text_view(""), *cast = cast_to(view, "I", MV_NO_SHAPE), *made;
    CHECK_SHAPE(cast, 0);
    CHECK_INT(mv_view_buffer(cast)->itemsize, sizeof(unsigned));
    CHECK_NOTHING(made, mv_view_cast(view, "I", MV_DIMS(0), 'C', &made, &error), MV_E_TYPE);
    DROP(view, cast);
}

TEST(acceptance_073_cast_to_no_dimensions_and_back)
{
    const unsigned one = 1;
    mv_view *view = view_taking(bytearray_of(&one, sizeof one)), *scalar = cast_to(view, "I", NULL, 0);
    CHECK_INT(mv_view_buffer(scalar)->ndim, 0);
    CHECK_ITEMS(scalar, 1);
    mv_view *back = cast_to(scalar, "B", MV_NO_SHAPE);
    CHECK_SHAPE(back, sizeof one);
    CHECK_BYTES(mv_view_buffer(back)->buf, &one, sizeof one);
    DROP(view, scalar, back);
}

TEST(acceptance_074_cast_of_a_scalar)
{
    mv_view *view = text_view("abcd"), *scalar = cast_to(view, "I", NULL, 0);
    mv_view *square = cast_to(scalar, "B", MV_DIMS(2, 2)), *again = cast_to(scalar, "f", NULL, 0);
    CHECK_ITEMS(square, 'a', 'b', 'c', 'd');
    CHECK_INT(mv_view_buffer(again)->ndim, 0);
    CHECK_STR(mv_view_buffer(again)->format, "f");
    CHECK_PTR(mv_view_buffer(again)->buf, mv_view_buffer(view)->buf);
    DROP(view, scalar, square, again);
}

TEST(acceptance_075_cast_of_a_remainder)
{
    mv_view *view = text_view("abcde"), *made;
    CHECK_NOTHING(made, mv_view_cast(view, "H", MV_NO_SHAPE, 'C', &made, &error), MV_E_TYPE);
    CHECK_ERROR(-1, -1, 5, 2);
    DROP(view);
}

TEST(acceptance_077_cast_from_shape_to_shape)
{
    mv_view *view = numbered("B", MV_DIMS(2, 2), 'C'), *same = cast_to(view, "B", MV_DIMS(2, 2));
    CHECK_SHAPE(same, 2, 2);
    CHECK_ITEMS(same, 0, 1, 2, 3);
    mv_view *turned = cast_to(view, "b", MV_DIMS(4, 1)), *wider = cast_to(view, "H", MV_DIMS(1, 2));
    CHECK_ITEMS(turned, 0, 1, 2, 3);
    CHECK_SHAPE(wider, 1, 2);
    mv_view *kept = cast_to(wider, NULL, MV_DIMS(2, 1)); /* NULL keeps the format */
    CHECK_STR(mv_view_buffer(kept)->format, "H");
    CHECK_SHAPE(kept, 2, 1);
    DROP(view, same, turned, wider, kept);
}

TEST(acceptance_078_cast_to_impossible_shapes)
{
    mv_view *view = text_view("abcd"), *made;
    CHECK_NOTHING(made, mv_view_cast(view, "B", MV_DIMS(4, 0), 'C', &made, &error), MV_E_SHAPE);
    CHECK_INT(error.dim, 1);
    CHECK_INT(error.value, 0);
    CHECK_NOTHING(made, mv_view_cast(view, "B", MV_DIMS(-1), 'C', &made, &error), MV_E_SHAPE);
    CHECK_INT(error.dim, 0);
    CHECK_INT(error.value, -1);
    CHECK_NOTHING(made, mv_view_cast(view, "B", MV_DIMS(3), 'C', &made, &error), MV_E_TYPE);
    CHECK_ERROR(-1, -1, 3, 4);
    CHECK_NOTHING(made, mv_view_cast(view, "B", MV_DIMS(PTRDIFF_MAX, 2), 'C', &made, &error), MV_E_OVERFLOW);
    CHECK_NOTHING(made, mv_view_cast(view, "H", MV_DIMS(PTRDIFF_MAX), 'C', &made, &error), MV_E_OVERFLOW);
    CHECK_NOTHING(made, mv_view_cast(view, "B", NULL, 1, 'C', &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 3);
    DROP(view);
}

TEST(acceptance_080_cast_keeps_the_text_of_the_format)
{
    mv_view *view = text_view("abcd"), *cast = cast_to(view, "@B", MV_NO_SHAPE);
    CHECK_STR(mv_view_buffer(cast)->format, "@B");
    CHECK_ITEMS(cast, 'a', 'b', 'c', 'd');
    char text[] = "@H";
    mv_view *own = cast_to(view, text, MV_NO_SHAPE);
    memset(text, 'x', 2); /* the caller's text need not live on */
    CHECK_STR(mv_view_buffer(own)->format, "@H");
    DROP(view, cast, own);
}

TEST(acceptance_081_cast_of_negative_strides)
{
    mv_view *view = text_view("abcd"), *back = sliced(view, "::-1"), *single = sliced(view, "2::-7"), *made;
    CHECK_NOTHING(made, mv_view_cast(back, "B", MV_NO_SHAPE, 'C', &made, &error), MV_E_TYPE);
    CHECK_NOTHING(made, mv_view_cast(back, "H", MV_DIMS(2), 'C', &made, &error), MV_E_TYPE);
    CHECK_SHAPE(single, 1);
    mv_view *cast = cast_to(single, "b", MV_DIMS(1, 1));
    CHECK_ITEMS(cast, 'c');
    DROP(view, back, single, cast);
}

TEST(acceptance_082_cast_of_f_contiguous_bytes)
{
    mv_view *view = numbered("B", MV_DIMS(2, 3), 'F'), *flat = cast_to(view, "B", MV_NO_SHAPE), *made;
    CHECK_ITEMS(flat, 0, 3, 1, 4, 2, 5); /* as they lie */
    mv_view *given = cast_to(view, "b", MV_DIMS(6));
    CHECK_ITEMS(given, 0, 3, 1, 4, 2, 5);
    CHECK_NOTHING(made, mv_view_cast(view, "B", MV_DIMS(3, 2), 'C', &made, &error), MV_E_TYPE);
    DROP(view, flat, given);
}

TEST(acceptance_083_cast_in_fortran_order)
{
    mv_view *view = numbered("B", MV_DIMS(6), 'C'), *cast;
    CHECK_OK(mv_view_cast(view, "B", MV_DIMS(3, 2), 'F', &cast, &error));
    CHECK_SHAPE(cast, 3, 2);
    CHECK_STRIDES(cast, 1, 3);
    CHECK_ITEMS(cast, 0, 3, 1, 4, 2, 5);
    DROP(view, cast);
}

TEST(acceptance_085_unaligned_items)
{
    const short one = 0x0001, two = 0x0002;
    unsigned char data[5] = {0};
    memcpy(data + 1, &one, 2);
    memcpy(data + 3, &two, 2);
    mv_view *view = view_taking(bytearray_of(data, 5)), *part = sliced(view, "1:"), *cast;
    cast = cast_to(part, "H", MV_NO_SHAPE);
    CHECK_ITEMS(cast, 1, 2);
    CHECK_SIZE(mv_buffer_alignment(mv_view_buffer(cast)), 1);
    CHECK_OK(mv_view_set_i64(cast, MV_DIMS(0), 0x0304, &error));
    CHECK_ITEMS(cast, 0x0304, 2);
    CHECK_ITEMS(view, 0, data[1] ? 4 : 3, data[1] ? 3 : 4, data[3], data[4]);
    DROP(view, part, cast);
}

TEST(cast_inherits_and_shares)
{
    mv_view *view = view_taking(bytes_of("abcdefgh", 8)), *cast = cast_to(view, "d", MV_NO_SHAPE);
    CHECK_INT(mv_view_buffer(cast)->readonly, 1);
    CHECK_INT(mv_view_buffer(cast)->itemsize, 8);
    CHECK_PTR(mv_view_buffer(cast)->buf, mv_view_buffer(view)->buf);
    CHECK_PTR(mv_view_exporter(cast), mv_view_exporter(view));
    mv_view *other = cast_to(cast, "q", MV_NO_SHAPE); /* from one wide format to another */
    CHECK_STR(mv_view_buffer(other)->format, "q");
    DROP(view, cast, other);
}

TEST(cast_refuses)
{
    mv_view *view = text_view("abcd"), *slice = sliced(view, "::2"), *none = text_view(""), *made;
    CHECK_NOTHING(made, mv_view_cast(NULL, "B", MV_NO_SHAPE, 'C', &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_view_cast(view, "B", MV_NO_SHAPE, 'C', NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 6);
    CHECK_NOTHING(made, mv_view_cast(view, "B", NULL, -2, 'C', &made, &error), MV_E_VALUE);
    CHECK_INT(error.value, -2);
    CHECK_NOTHING(made, mv_view_cast(view, "B", MV_NO_SHAPE, 'A', &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_cast(view, "B", MV_NO_SHAPE, 'f', &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_cast(view, "", MV_NO_SHAPE, 'C', &made, &error), MV_E_FORMAT);
    CHECK_NOTHING(made, mv_view_cast(view, "@", MV_NO_SHAPE, 'C', &made, &error), MV_E_FORMAT);
    CHECK_NOTHING(made, mv_view_cast(view, "\xff", MV_NO_SHAPE, 'C', &made, &error), MV_E_FORMAT);
    CHECK_NOTHING(made, mv_view_cast(slice, "B", MV_NO_SHAPE, 'C', &made, &error), MV_E_TYPE);
    CHECK_NOTHING(made, mv_view_cast(none, "B", MV_DIMS(1), 'C', &made, &error), MV_E_TYPE);
    CHECK_NOTHING(made, mv_view_cast(none, "B", NULL, 0, 'C', &made, &error), MV_E_TYPE);
    DROP(view, slice, none);
}
