/* Buffers: contiguity, alignment, extent, addresses, and the helpers for exporters. */
#include "fixtures.h"

#include <limits.h>

TEST(acceptance_001_c_view_is_c_contiguous)
{
    mv_view *view = numbered("B", MV_DIMS(2, 3), 'C');
    CHECK_STRIDES(view, 3, 1);
    CHECK_CONTIGUOUS(view, 1, 0);
    DROP(view);
}

TEST(acceptance_002_f_view_is_f_contiguous)
{
    mv_view *view = numbered("B", MV_DIMS(2, 3), 'F');
    CHECK_STRIDES(view, 1, 2);
    CHECK_CONTIGUOUS(view, 0, 1);
    DROP(view);
}

TEST(acceptance_003_one_long_dimension_is_contiguous_in_both_orders)
{
    const ptrdiff_t shapes[][3] = {{1, 4, -1}, {4, 1, -1}, {1, 3, 1}, {1, 1, -1}};
    for (int i = 0; i < 4; i++) {
        const int ndim = shapes[i][2] < 0 ? 2 : 3;
        mv_view *c = numbered("H", shapes[i], ndim, 'C'), *f = numbered("H", shapes[i], ndim, 'F');
        CHECK_CONTIGUOUS(c, 1, 1);
        CHECK_CONTIGUOUS(f, 1, 1);
        DROP(c, f);
    }
    /* The stride of an extent of 1 leads nowhere. */
    unsigned char data[4] = {0};
    const ptrdiff_t shape[] = {1, 4, 1}, strides[] = {-777, 1, 12345};
    const mv_buffer odd = {
        .buf = data, .len = 4, .itemsize = 1, .ndim = 3, .shape = shape, .strides = strides, .format = "B"};
    mv_view *view;
    CHECK_OK(mv_view_from_buffer(&odd, &view, &error));
    CHECK_CONTIGUOUS(view, 1, 1);
    DROP(view);
}

TEST(acceptance_004_without_items_is_contiguous_in_both_orders)
{
    const ptrdiff_t shapes[][3] = {{3, 0, -1}, {0, 3, -1}, {7, 0, 7}};
    for (int i = 0; i < 3; i++) {
        const int ndim = shapes[i][2] < 0 ? 2 : 3;
        mv_view *c = numbered("H", shapes[i], ndim, 'C'), *f = numbered("H", shapes[i], ndim, 'F');
        CHECK_CONTIGUOUS(c, 1, 1);
        CHECK_CONTIGUOUS(f, 1, 1);
        CHECK_INT(mv_view_buffer(c)->len, 0);
        DROP(c, f);
    }
}

TEST(acceptance_005_length_1_with_a_step_is_contiguous)
{
    mv_view *view = numbered("B", MV_DIMS(12), 'C'), *slice = sliced(view, "3:4:2");
    CHECK_SHAPE(slice, 1);
    CHECK_CONTIGUOUS(slice, 1, 1);
    CHECK_ITEMS(slice, 3);
    DROP(view, slice);
}

TEST(acceptance_006_empty_slice_with_a_step_is_contiguous)
{
    mv_view *view = numbered("B", MV_DIMS(12), 'C'), *cast;
    const char *const texts[] = {"5:5:3", "2:5:-1", "12::7", "0:0:-2"};
    for (int i = 0; i < 4; i++) {
        mv_view *slice = sliced(view, texts[i]);
        CHECK_SHAPE(slice, 0);
        CHECK_CONTIGUOUS(slice, 1, 1);
        mv_buffer b;
        CHECK_OK(mv_buffer_acquire(mv_view_as_object(slice), MV_SIMPLE, &b, &error));
        CHECK_INT(b.len, 0);
        mv_buffer_release(&b);
        CHECK_OK(mv_view_cast(slice, "H", MV_NO_SHAPE, 'C', &cast, &error));
        CHECK_SHAPE(cast, 0);
        DROP(slice, cast);
    }
    DROP(view);
}

TEST(acceptance_007_no_dimensions_are_contiguous)
{
    mv_view *view = numbered("H", NULL, 0, 'C'), *made;
    const mv_buffer *b = mv_view_buffer(view);
    CHECK_CONTIGUOUS(view, 1, 1);
    CHECK_INT(b->ndim, 0);
    CHECK_INT(b->len, 2);
    CHECK_PTR(b->shape, NULL);
    CHECK_PTR(b->strides, NULL);
    CHECK_PTR(b->suboffsets, NULL);
    CHECK_NOTHING(made, mv_view_slice(view, ":", &made, &error), MV_E_TYPE);
    DROP(view);
}

TEST(contiguity_of_strided_memory_and_of_other_orders)
{
    mv_view *view = numbered("B", MV_DIMS(4, 6), 'C');
    const char *const texts[] = {"::2", ":, ::2", "::-1", ":, 1:5"};
    for (int i = 0; i < 4; i++) {
        mv_view *slice = sliced(view, texts[i]);
        CHECK_CONTIGUOUS(slice, 0, 0);
        DROP(slice);
    }
    const int orders[] = {'c', 'f', 'K', 0, -1, 'C' + 256, INT_MIN};
    for (int i = 0; i < 7; i++) CHECK_INT(mv_buffer_is_contiguous(mv_view_buffer(view), orders[i]), 0);
    CHECK_INT(mv_buffer_is_contiguous(NULL, 'C'), 0);
    DROP(view);
    const mv_buffer plain = {.buf = fixture_junk, .len = 1, .itemsize = 1, .ndim = 1};
    CHECK_INT(mv_buffer_is_contiguous(&plain, 'F'), 1);
}

TEST(alignment_is_that_of_every_item)
{
    _Alignas(64) static unsigned char block[256];
    const struct {
        ptrdiff_t first, shape[2], strides[2];
        size_t alignment;
    } cases[] = {
        {0, {3, 4}, {24, 4}, 4},   {0, {3, 4}, {24, 8}, 8},   {4, {3, 4}, {24, 8}, 4},
        {0, {3, 4}, {25, 8}, 1},   {2, {1, 4}, {7, 16}, 2},   {8, {1, 1}, {3, 5}, 8},
        {32, {2, 2}, {-16, 4}, 4}, {16, {2, 2}, {0, 32}, 16},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const mv_buffer b = {.buf = block + cases[i].first,
                             .len = 4 * cases[i].shape[0] * cases[i].shape[1],
                             .itemsize = 4,
                             .ndim = 2,
                             .shape = cases[i].shape,
                             .strides = cases[i].strides};
        CHECK_SIZE(mv_buffer_alignment(&b), cases[i].alignment);
    }
    const mv_buffer senseless = {.buf = block, .len = 4, .itemsize = 0, .ndim = 1};
    CHECK_SIZE(mv_buffer_alignment(&senseless), 0);
    CHECK_SIZE(mv_buffer_alignment(NULL), 0);
}

static void check_extent(mv_view *view, ptrdiff_t low, size_t size)
{
    const void *at = NULL;
    size_t length = 0;
    CHECK_OK(mv_buffer_extent(mv_view_buffer(view), &at, &length, &error));
    CHECK_PTR(at, (const char *)mv_view_buffer(view)->buf + low);
    CHECK_SIZE(length, size);
    DROP(view);
}

TEST(extent_is_what_the_items_reach)
{
    mv_view *view = numbered("H", MV_DIMS(4, 6), 'C');
    check_extent(sliced(view, ":"), 0, 48);
    check_extent(sliced(view, "::-1"), -36, 48);
    check_extent(sliced(view, ":, ::-1"), -10, 48);
    check_extent(sliced(view, "1:3, 2:5"), 0, 18);
    check_extent(sliced(view, "::-1, ::-2"), -36 - 8, 46);
    check_extent(sliced(view, "2, 3:4"), 0, 2);
    DROP(view);
    const void *at;
    size_t length = 99;
    mv_view *empty = numbered("H", MV_DIMS(4, 0), 'C');
    CHECK_OK(mv_buffer_extent(mv_view_buffer(empty), &at, &length, &error));
    CHECK_SIZE(length, 0);
    DROP(empty);
    check_extent(table_view(2, 3, 4), 0, 3 * sizeof(void *));
}

TEST(extent_refuses)
{
    const ptrdiff_t shape[] = {3}, wild[] = {PTRDIFF_MAX};
    mv_view *view = numbered("B", MV_DIMS(2), 'C');
    const void *at = view;
    size_t length = 99;
    CHECK_STATUS(mv_buffer_extent(NULL, &at, &length, &error), MV_E_NULL);
    CHECK_STATUS(mv_buffer_extent(mv_view_buffer(view), NULL, &length, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
    CHECK_STATUS(mv_buffer_extent(mv_view_buffer(view), &at, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 3);
    const mv_buffer senseless = {.buf = view, .len = 3, .itemsize = -1, .ndim = 1, .shape = shape};
    CHECK_STATUS(mv_buffer_extent(&senseless, &at, &length, &error), MV_E_CALLBACK);
    const mv_buffer wide = {.buf = view, .len = 3, .itemsize = 1, .ndim = 1, .shape = shape, .strides = wild};
    CHECK_STATUS(mv_buffer_extent(&wide, &at, &length, &error), MV_E_OVERFLOW);
    CHECK_PTR(at, view);
    CHECK_SIZE(length, 99);
    DROP(view);
}

TEST(pointer_follows_strides_and_pointers)
{
    mv_view *view = numbered("H", MV_DIMS(4, 6), 'C'), *slice = sliced(view, "::-1, 1::2");
    mv_view *const views[] = {view, slice, table_view(2, 3, 4)};
    for (int v = 0; v < 3; v++) {
        const mv_buffer *b = mv_view_buffer(views[v]);
        ptrdiff_t index[2] = {0, 0};
        do {
            void *at = NULL;
            CHECK_OK(mv_buffer_pointer(b, index, 2, &at, &error));
            CHECK_PTR(at, item_address(b, index));
            const ptrdiff_t from_end[] = {index[0] - b->shape[0], index[1] - b->shape[1]};
            CHECK_OK(mv_buffer_pointer(b, from_end, 2, &at, &error));
            CHECK_PTR(at, item_address(b, index));
        } while (next_index(b, index));
    }
    DROP(view, slice, views[2]);
    const mv_buffer plain = {.buf = fixture_junk, .len = 5, .itemsize = 2, .ndim = 1};
    void *at = NULL;
    CHECK_OK(mv_buffer_pointer(&plain, MV_DIMS(4), &at, &error));
    CHECK_PTR(at, fixture_junk + 4);
    CHECK_STATUS(mv_buffer_pointer(&plain, MV_DIMS(5), &at, &error), MV_E_INDEX);
}

TEST(pointer_refuses)
{
    mv_view *view = numbered("H", MV_DIMS(4, 6), 'C');
    const mv_buffer *b = mv_view_buffer(view);
    const ptrdiff_t many[65] = {0};
    void *at = view;
    CHECK_STATUS(mv_buffer_pointer(NULL, MV_DIMS(0, 0), &at, &error), MV_E_NULL);
    CHECK_STATUS(mv_buffer_pointer(b, NULL, 2, &at, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
    CHECK_STATUS(mv_buffer_pointer(b, MV_DIMS(0, 0), NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 4);
    CHECK_STATUS(mv_buffer_pointer(b, NULL, -1, &at, &error), MV_E_VALUE);
    CHECK_STATUS(mv_buffer_pointer(b, many, 65, &at, &error), MV_E_LIMIT);
    CHECK_STATUS(mv_buffer_pointer(b, many, 3, &at, &error), MV_E_TYPE);
    CHECK_ERROR(-1, -1, 3, 2);
    CHECK_STATUS(mv_buffer_pointer(b, many, 1, &at, &error), MV_E_TYPE);
    CHECK_STATUS(mv_buffer_pointer(b, MV_DIMS(3, 6), &at, &error), MV_E_INDEX);
    CHECK_ERROR(1, -1, 6, 6);
    CHECK_STATUS(mv_buffer_pointer(b, MV_DIMS(-5, 0), &at, &error), MV_E_INDEX);
    CHECK_ERROR(0, -1, -5, 4);
    CHECK_STATUS(mv_buffer_pointer(b, MV_DIMS(PTRDIFF_MIN, 0), &at, &error), MV_E_INDEX);
    CHECK_STATUS(mv_buffer_pointer(b, MV_DIMS(0, PTRDIFF_MAX), &at, &error), MV_E_INDEX);
    mv_buffer senseless = *b;
    senseless.ndim = -1;
    CHECK_STATUS(mv_buffer_pointer(&senseless, many, 1, &at, &error), MV_E_CALLBACK);
    CHECK_PTR(at, view);
    DROP(view);
}

TEST(fill_info_describes_plain_bytes)
{
    char data[] = "abcd";
    const ptrdiff_t length = 4;
    mv_object *object = bytes_of("x", 1);
    mv_buffer b;
    CHECK_OK(mv_buffer_fill_info(&b, object, data, &length, 0, MV_FULL, &error));
    CHECK_PTR(b.buf, data);
    CHECK_PTR(b.obj, object);
    CHECK_INT(b.len, 4);
    CHECK_INT(b.itemsize, 1);
    CHECK_INT(b.readonly, 0);
    CHECK_INT(b.ndim, 1);
    CHECK_STR(b.format, "B");
    CHECK_PTR(b.shape, &length);
    CHECK_INT(b.strides[0], 1);
    CHECK_PTR(b.suboffsets, NULL);
    const mv_buffer moved = b; /* no array points into the struct */
    memset(&b, 0x55, sizeof b);
    CHECK_INT(moved.strides[0], 1);
    CHECK_OK(mv_buffer_fill_info(&b, NULL, data, &length, 1, MV_SIMPLE, &error));
    CHECK_PTR(b.obj, NULL);
    CHECK_INT(b.readonly, 1);
    CHECK_PTR(b.format, NULL);
    CHECK_PTR(b.shape, NULL);
    CHECK_PTR(b.strides, NULL);
    CHECK_OK(mv_buffer_fill_info(&b, NULL, data, &length, 1, MV_FORMAT, &error));
    CHECK_STR(b.format, "B");
    CHECK_OK(mv_buffer_fill_info(&b, NULL, data, &length, 1, MV_ND, &error));
    CHECK_PTR(b.shape, &length);
    CHECK_PTR(b.strides, NULL);
    mv_object_unref(object);
}

TEST(fill_info_refuses)
{
    const ptrdiff_t length = 4, negative = -4, none = 0;
    char data[] = "abcd";
    mv_buffer b;
    CHECK_STATUS(mv_buffer_fill_info(NULL, NULL, data, &length, 0, MV_FULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_NO_BUFFER(b, mv_buffer_fill_info(&b, NULL, data, NULL, 0, MV_FULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 4);
    CHECK_NO_BUFFER(b, mv_buffer_fill_info(&b, NULL, data, &negative, 0, MV_FULL, &error), MV_E_VALUE);
    CHECK_INT(error.value, -4);
    CHECK_NO_BUFFER(b, mv_buffer_fill_info(&b, NULL, NULL, &length, 0, MV_FULL, &error), MV_E_VALUE);
    CHECK_NO_BUFFER(b, mv_buffer_fill_info(&b, NULL, data, &length, 0, 0x100, &error), MV_E_FLAGS);
    CHECK_NO_BUFFER(b, mv_buffer_fill_info(&b, NULL, data, &length, 0, 0x200, &error), MV_E_FLAGS);
    CHECK_NO_BUFFER(b, mv_buffer_fill_info(&b, NULL, data, &length, 0, 0x40000000, &error), MV_E_FLAGS);
    CHECK_NO_BUFFER(b, mv_buffer_fill_info(&b, NULL, data, &length, 1, MV_FULL, &error), MV_E_BUFFER);
    CHECK_OK(mv_buffer_fill_info(&b, NULL, NULL, &none, 0, MV_FULL, &error));
    CHECK_INT(b.len, 0);
}

TEST(acceptance_114_strides_of_contiguous_blocks)
{
    ptrdiff_t strides[3];
    CHECK_OK(mv_buffer_fill_strides(MV_DIMS(2, 3, 4), 8, 'C', strides, &error));
    CHECK_BYTES(strides, ((ptrdiff_t[]){96, 32, 8}), sizeof strides);
    CHECK_OK(mv_buffer_fill_strides(MV_DIMS(2, 3, 4), 8, 'F', strides, &error));
    CHECK_BYTES(strides, ((ptrdiff_t[]){8, 16, 48}), sizeof strides);
    CHECK_OK(mv_buffer_fill_strides(MV_DIMS(2, 0, 4), 8, 'C', strides, &error));
    CHECK_BYTES(strides, ((ptrdiff_t[]){0, 32, 8}), sizeof strides);
    CHECK_OK(mv_buffer_fill_strides(NULL, 0, 8, 'C', NULL, &error));
}

TEST(fill_strides_refuses)
{
    ptrdiff_t strides[65] = {77, 78}, ones[65];
    for (int i = 0; i < 65; i++) ones[i] = 1;
    CHECK_STATUS(mv_buffer_fill_strides(NULL, 2, 8, 'C', strides, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_buffer_fill_strides(ones, 2, 8, 'C', NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 5);
    CHECK_STATUS(mv_buffer_fill_strides(ones, -1, 8, 'C', strides, &error), MV_E_VALUE);
    CHECK_STATUS(mv_buffer_fill_strides(ones, 2, 8, 'A', strides, &error), MV_E_VALUE);
    CHECK_STATUS(mv_buffer_fill_strides(ones, 65, 8, 'C', strides, &error), MV_E_LIMIT);
    CHECK_STATUS(mv_buffer_fill_strides(ones, 2, 0, 'C', strides, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_buffer_fill_strides(ones, 2, -8, 'C', strides, &error), MV_E_FORMAT);
    CHECK_INT(error.value, -8);
    CHECK_STATUS(mv_buffer_fill_strides(MV_DIMS(2, -3), 8, 'C', strides, &error), MV_E_SHAPE);
    CHECK_ERROR(1, -1, -3, 0);
    CHECK_STATUS(mv_buffer_fill_strides(MV_DIMS(PTRDIFF_MAX, 2), 8, 'C', strides, &error), MV_E_OVERFLOW);
    CHECK_STATUS(mv_buffer_fill_strides(MV_DIMS(PTRDIFF_MAX / 8 + 1), 8, 'F', strides, &error),
                 MV_E_OVERFLOW);
    CHECK_INT(strides[0], 77);
    CHECK_INT(strides[1], 78);
}
