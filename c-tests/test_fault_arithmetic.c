/* Sizes, strides and offsets at the edges of their ranges. */
#include "adversary.h"

#define MAX PTRDIFF_MAX
#define MIN PTRDIFF_MIN

static mv_object *object;
static mv_view *view;
static atomic_int freed;
static unsigned char memory[64];

/* Every function that makes a size out of a shape and an itemsize refuses this one so. */
static void check_shape(const char *format, ptrdiff_t itemsize, const ptrdiff_t *shape, int ndim,
                        mv_status expected)
{
    ptrdiff_t strides[4] = {77, 77, 77, 77};
    const mv_buffer description = {memory, NULL, 0, itemsize, 0, ndim, format, shape, NULL, NULL, NULL};
    mv_object *array = NULL;
    CHECK_REFUSED(mv_array_new(format, shape, ndim, 'C', &object, &error), object, expected);
    CHECK_REFUSED(mv_array_new(format, shape, ndim, 'F', &object, &error), object, expected);
    CHECK_REFUSED(mv_view_wrap(memory, format, shape, ndim, 0, &view, &error), view, expected);
    CHECK_REFUSED(mv_view_from_buffer(&description, &view, &error), view, expected);
    CHECK_REFUSED(
        mv_memory_describe(&description, memory, sizeof memory, count_free, &freed, &object, &error), object,
        expected);
    CHECK_OK(mv_array_new(format, (const ptrdiff_t[]){1, 1, 1, 1}, ndim, 'C', &array, &error));
    CHECK_STATUS(mv_array_resize(array, shape, ndim, &error), expected);
    view = view_of(array);
    CHECK_INT(mv_view_buffer(view)->len, itemsize);
    mv_view_unref(view);
    mv_object_unref(array);
    if (expected == MV_E_OVERFLOW) {
        CHECK_STATUS(mv_buffer_fill_strides(shape, ndim, itemsize, 'C', strides, &error), expected);
        CHECK_STATUS(mv_buffer_fill_strides(shape, ndim, itemsize, 'F', strides, &error), expected);
    }
    CHECK(strides[0] == 77 && strides[1] == 77 && strides[2] == 77 && strides[3] == 77);
    CHECK_INT_OF(freed, 0);
}

TEST(fault_013_shape_product_above_size_t)
{
    check_shape("B", 1, MV_DIMS(MAX, 4), MV_E_OVERFLOW);
    check_shape("B", 1, MV_DIMS(4, MAX), MV_E_OVERFLOW);
    check_shape("B", 1, MV_DIMS(MAX, MAX, MAX, MAX), MV_E_OVERFLOW);
    check_shape("B", 1, MV_DIMS(MAX / 4 + 1, 4, 4), MV_E_OVERFLOW); /* wraps to 0 in size_t */
}

TEST(fault_014_product_times_itemsize)
{
    check_shape("d", 8, MV_DIMS(MAX / 8 + 1), MV_E_OVERFLOW);
    check_shape("d", 8, MV_DIMS(MAX / 16 + 1, 2), MV_E_OVERFLOW);
    check_shape("H", 2, MV_DIMS(MAX), MV_E_OVERFLOW);
}

/* libpng #794: a product that wraps to something small and plausible. */
TEST(libpng_794_product_wraps_to_a_small_number)
{
    check_shape("d", 8, MV_DIMS(MAX / 4 + 2), MV_E_OVERFLOW);    /* 2 ** 61 + 1 items wrap to 8 bytes */
    check_shape("H", 2, MV_DIMS(MAX / 4 + 1, 4), MV_E_OVERFLOW); /* to 0 bytes */
}

/* Pillow #1710: width * height * size, each plausible. */
TEST(pillow_1710_product_of_plausible_extents)
{
    const ptrdiff_t side = (ptrdiff_t)1 << (sizeof(void *) == 8 ? 31 : 15);
    check_shape("d", 8, MV_DIMS(side, side), MV_E_OVERFLOW);
    check_shape("H", 2, MV_DIMS(side, side, 2), MV_E_OVERFLOW);
}

TEST(fault_015_product_above_ptrdiff_max)
{
    check_shape("B", 1, MV_DIMS(MAX / 2 + 1, 2), MV_E_OVERFLOW);
    check_shape("B", 1, MV_DIMS(2, MAX / 2 + 1), MV_E_OVERFLOW);
}

TEST(fault_015_lengths_above_ptrdiff_max)
{
    CHECK_REFUSED(mv_bytearray_new(NULL, (size_t)MAX + 1, &object, &error), object, MV_E_OVERFLOW);
    CHECK_REFUSED(mv_bytearray_new(NULL, SIZE_MAX, &object, &error), object, MV_E_OVERFLOW);
    CHECK_REFUSED(mv_bytearray_new(memory, SIZE_MAX, &object, &error), object, MV_E_OVERFLOW);
    CHECK_REFUSED(mv_bytes_new(memory, (size_t)MAX + 1, &object, &error), object, MV_E_OVERFLOW);
    CHECK_REFUSED(mv_memory_new(memory, SIZE_MAX, 0, count_free, &freed, &object, &error), object,
                  MV_E_OVERFLOW);
    CHECK_INT_OF(freed, 0);
    object = counting_bytearray(4);
    CHECK_STATUS(mv_bytearray_resize(object, (size_t)MAX + 1, &error), MV_E_OVERFLOW);
    CHECK_STATUS(mv_bytearray_reserve(object, SIZE_MAX, &error), MV_E_OVERFLOW);
    CHECK_STATUS(mv_bytearray_splice(object, 4, 0, memory, SIZE_MAX, &error), MV_E_OVERFLOW);
    CHECK_STATUS(mv_bytearray_splice(object, 4, 0, memory, (size_t)MAX - 3, &error), MV_E_OVERFLOW);
    view = view_of(object);
    CHECK_ITEMS(view, "\0\1\2\3", 4);
    mv_view_unref(view);
    mv_object_unref(object);
}

/* What fits the arithmetic but no machine: refused by the allocator, and nothing is lost by it. */
TEST(fault_015_lengths_that_fit_but_are_not_there)
{
    const mv_status status = mv_array_new("B", MV_DIMS(MAX), 'C', &object, &error);
    CHECK(status == MV_E_OVERFLOW ||
          status == MV_E_NO_MEMORY); /* with the 64 of its alignment it overflows */
    CHECK(object == NULL);
    CHECK_REFUSED(mv_bytearray_new(NULL, unavailable_length(), &object, &error), object, MV_E_NO_MEMORY);
}

static void check_empty_shape(const ptrdiff_t *shape, int ndim)
{
    ptrdiff_t strides[4];
    const mv_buffer description = {NULL, NULL, 0, 8, 0, ndim, "d", shape, NULL, NULL, NULL};
    mv_buffer buffer;
    for (int order = 'C'; order <= 'F'; order += 'F' - 'C') {
        CHECK_OK(mv_array_new("d", shape, ndim, order, &object, &error));
        CHECK_OK(mv_buffer_acquire(object, MV_FULL, &buffer, &error));
        CHECK_INT(buffer.len, 0);
        CHECK_BYTES(buffer.shape, shape, (size_t)ndim * sizeof *shape);
        CHECK(mv_buffer_is_contiguous(&buffer, 'C') && mv_buffer_is_contiguous(&buffer, 'F'));
        CHECK_OK(mv_buffer_to_contiguous(&buffer, NULL, 0, order, &error));
        mv_buffer_release(&buffer);
        mv_object_unref(object);
        CHECK_OK(mv_buffer_fill_strides(shape, ndim, 8, order, strides, &error));
    }
    CHECK_OK(mv_view_wrap(NULL, "d", shape, ndim, 0, &view, &error));
    CHECK_INT(mv_view_buffer(view)->len, 0);
    CHECK_OK(mv_view_read(view, NULL, 'C', NULL, 0, &error));
    mv_view_unref(view);
    CHECK_OK(mv_memory_describe(&description, NULL, 0, NULL, NULL, &object, &error));
    CHECK_ACQUIRE(object, MV_FULL, MV_OK);
    mv_object_unref(object);
}

TEST(fault_016_huge_extents_with_an_empty_one_in_any_order)
{
    check_empty_shape(MV_DIMS(0, MAX));
    check_empty_shape(MV_DIMS(MAX, 0));
    check_empty_shape(MV_DIMS(0, MAX, MAX));
    check_empty_shape(MV_DIMS(MAX, 0, MAX));
    check_empty_shape(MV_DIMS(MAX, MAX, 0));
    check_empty_shape(MV_DIMS(MAX, MAX, MAX, 0));
}

TEST(fault_021_result_of_broadcast_is_read_only)
{
    mv_view *wide = NULL, *part = NULL;
    mv_scalar one = {MV_INT, 0, {1}, NULL};
    object = counting_bytearray(1);
    view = view_of(object);
    CHECK_OK(mv_view_broadcast(view, MV_DIMS(2, 3), &wide, &error));
    CHECK_INT(mv_view_buffer(wide)->readonly, 1);
    CHECK_STATUS(mv_view_set_i64(wide, (const ptrdiff_t[]){0, 0}, 2, 1, &error), MV_E_READONLY);
    CHECK_STATUS(mv_view_fill(wide, &one, &error), MV_E_READONLY);
    CHECK_ACQUIRE(mv_view_as_object(wide), MV_FULL, MV_E_BUFFER);
    CHECK_OK(mv_view_slice(wide, "0, 0:1", &part, &error));
    CHECK_STATUS(mv_view_fill(part, &one, &error), MV_E_READONLY);
    mv_view_unref(part);
    CHECK_OK(mv_view_broadcast(view, MV_DIMS(1), &part, &error));
    CHECK_STATUS(mv_view_fill(part, &one, &error), MV_E_READONLY);
    CHECK_ITEMS(wide, "\0\0\0\0\0\0", 6);
    mv_view_unref(part);
    mv_view_unref(wide);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(fault_013_broadcast_reshape_and_cast_overflow)
{
    object = counting_bytearray(8);
    view = view_of(object);
    mv_view *source = NULL, *made;
    CHECK_OK(mv_view_slice(view, "0:1", &source, &error));
    CHECK_REFUSED(mv_view_broadcast(source, MV_DIMS(MAX, MAX), &made, &error), made, MV_E_OVERFLOW);
    CHECK_REFUSED(mv_view_broadcast(source, MV_DIMS(MAX / 2 + 1, 2, 1), &made, &error), made, MV_E_OVERFLOW);
    CHECK_OK(mv_view_broadcast(source, MV_DIMS(MAX), &made, &error));
    CHECK_INT(mv_view_buffer(made)->len, MAX);
    mv_view_unref(made);
    CHECK_REFUSED(mv_view_reshape(view, MV_DIMS(MAX, MAX), 'C', &made, &error), made, MV_E_OVERFLOW);
    CHECK_REFUSED(mv_view_reshape(view, MV_DIMS(MAX, MAX, -1), 'C', &made, &error), made, MV_E_OVERFLOW);
    CHECK_REFUSED(mv_view_cast(view, "B", MV_DIMS(MAX, MAX), 'C', &made, &error), made, MV_E_OVERFLOW);
    CHECK_REFUSED(mv_view_cast(view, "d", MV_DIMS(MAX / 8 + 1), 'F', &made, &error), made, MV_E_OVERFLOW);
    mv_view_unref(source);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(fault_022_negative_extent)
{
    check_shape("B", 1, MV_DIMS(-1), MV_E_SHAPE);
    CHECK_REFUSED(mv_array_new("B", MV_DIMS(4, -7), 'C', &object, &error), object, MV_E_SHAPE);
    CHECK(error.dim == 1 && error.value == -7);
    check_shape("B", 1, MV_DIMS(2, MIN), MV_E_SHAPE);
    check_shape("d", 8, MV_DIMS(-2, -3), MV_E_SHAPE);
    check_shape("d", 8, MV_DIMS(0, -1), MV_E_SHAPE);
    check_shape("d", 8, MV_DIMS(MAX, 0, MAX, -1), MV_E_SHAPE);
    CHECK_STATUS(mv_buffer_fill_strides((const ptrdiff_t[]){-1}, 1, 1, 'C', (ptrdiff_t[]){0}, &error),
                 MV_E_SHAPE);
}

TEST(fault_022_negative_extent_of_geometry)
{
    object = counting_bytearray(8);
    view = view_of(object);
    mv_view *made;
    CHECK_REFUSED(mv_view_reshape(view, MV_DIMS(-2), 'C', &made, &error), made, MV_E_SHAPE);
    CHECK_REFUSED(mv_view_reshape(view, MV_DIMS(-1, -1), 'C', &made, &error), made, MV_E_SHAPE);
    CHECK_REFUSED(mv_view_reshape(view, MV_DIMS(-2, -4), 'C', &made, &error), made, MV_E_SHAPE);
    CHECK_REFUSED(mv_view_reshape(view, MV_DIMS(-1, 0), 'C', &made, &error), made, MV_E_SHAPE);
    CHECK_REFUSED(mv_view_broadcast(view, MV_DIMS(-1, 8), &made, &error), made, MV_E_SHAPE);
    CHECK_REFUSED(mv_view_cast(view, "B", MV_DIMS(-1, 8), 'C', &made, &error), made, MV_E_SHAPE);
    CHECK_REFUSED(mv_view_cast(view, "B", MV_DIMS(-2, -4), 'C', &made, &error), made, MV_E_SHAPE);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(fault_023_itemsize_not_above_0)
{
    static const ptrdiff_t itemsizes[] = {0, -1, -8, MIN};
    const ptrdiff_t shape[] = {4};
    ptrdiff_t strides[] = {77};
    for (size_t i = 0; i < 4; i++) {
        mv_buffer description = {memory, NULL, 0, itemsizes[i], 0, 1, "B", shape, NULL, NULL, NULL};
        CHECK_REFUSED(mv_memory_describe(&description, memory, 64, count_free, &freed, &object, &error),
                      object, MV_E_FORMAT);
        CHECK_REFUSED(mv_view_from_buffer(&description, &view, &error), view, MV_E_FORMAT);
        description.shape = NULL;
        description.len = 16;
        CHECK_REFUSED(mv_view_from_buffer(&description, &view, &error), view, MV_E_FORMAT);
        CHECK_REFUSED(mv_memory_describe(&description, memory, 64, count_free, &freed, &object, &error),
                      object, MV_E_FORMAT);
        CHECK_STATUS(mv_buffer_fill_strides(shape, 1, itemsizes[i], 'C', strides, &error), MV_E_FORMAT);
        CHECK_INT(error.value, itemsizes[i]);
        CHECK_INT(strides[0], 77);
    }
    CHECK_INT_OF(freed, 0);
}

/* A buffer that memview has not checked: the helpers for ports take any. */
TEST(bpo_37188_itemsize_0_never_divides)
{
    const ptrdiff_t shape[] = {4};
    unsigned char bytes[4];
    const void *low = bytes;
    size_t size = 44;
    void *at = bytes;
    const mv_buffer buffer = {memory, NULL, 0, 0, 0, 1, "B", shape, NULL, NULL, NULL};
    CHECK_STATUS(mv_buffer_extent(&buffer, &low, &size, &error), MV_E_CALLBACK);
    CHECK(low == bytes && size == 44);
    CHECK_STATUS(mv_buffer_pointer(&buffer, (const ptrdiff_t[]){0}, 1, &at, &error), MV_E_CALLBACK);
    CHECK(at == bytes);
    CHECK_STATUS(mv_buffer_to_contiguous(&buffer, bytes, 0, 'C', &error), MV_E_CALLBACK);
    CHECK_STATUS(mv_buffer_from_contiguous(&buffer, bytes, 4, 'C', &error), MV_E_CALLBACK);
    CHECK_SIZE(mv_buffer_alignment(&buffer), 0);
    CHECK_INT(mv_buffer_is_contiguous(&buffer, 'C'), 0);
}

/* Complete, and impossible all the same: nothing is taken from the caller's word. */
static void check_senseless(const mv_buffer *buffer)
{
    unsigned char block[4] = {1, 2, 3, 4};
    const void *low = block;
    size_t size = 44;
    CHECK_STATUS(mv_buffer_extent(buffer, &low, &size, &error), MV_E_CALLBACK);
    CHECK(low == block && size == 44);
    CHECK_STATUS(
        mv_buffer_to_contiguous(buffer, block, buffer->len > 0 ? (size_t)buffer->len : 0, 'C', &error),
        MV_E_CALLBACK);
    CHECK_STATUS(mv_buffer_from_contiguous(buffer, block, 4, 'C', &error), MV_E_CALLBACK);
    CHECK_SIZE(mv_buffer_alignment(buffer), 0);
    CHECK_INT(mv_buffer_is_contiguous(buffer, 'A'), 0);
    CHECK_BYTES(block, "\1\2\3\4", 4);
}

static const ptrdiff_t wraps[] = {MAX / 2 + 1, 4}, negative[] = {2, -1}, still[] = {0, 0}, pair[] = {2, 2};

TEST(fault_013_buffer_whose_shape_overflows)
{
    check_senseless(&(mv_buffer){memory, NULL, 0, 1, 0, 2, "B", wraps, still, NULL, NULL});
    check_senseless(&(mv_buffer){memory, NULL, MAX, 1, 0, 2, "B", wraps, still, NULL, NULL});
}

TEST(fault_022_buffer_whose_shape_is_negative)
{
    check_senseless(&(mv_buffer){memory, NULL, 0, 1, 0, 2, "B", negative, still, NULL, NULL});
    check_senseless(&(mv_buffer){memory, NULL, -2, 1, 0, 2, "B", negative, still, NULL, NULL});
}

TEST(fault_005_buffer_whose_ndim_is_none)
{
    check_senseless(&(mv_buffer){memory, NULL, 4, 1, 0, -1, "B", pair, still, NULL, NULL});
    check_senseless(&(mv_buffer){memory, NULL, 4, 1, 0, 65, "B", pair, still, NULL, NULL});
    check_senseless(&(mv_buffer){memory, NULL, 4, 1, 0, 2, "B", NULL, NULL, NULL, NULL});
}

/* Whatever `len` says, no more is written than there is room for. */
TEST(fault_026_buffer_whose_len_is_not_the_shapes)
{
    static const ptrdiff_t lies[] = {5, 3, 0, -4};
    unsigned char block[4] = {1, 2, 3, 4};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        const mv_buffer buffer = {memory, NULL, lies[i], 1, 0, 2, "B", pair, still, NULL, NULL};
        const mv_status status = mv_buffer_to_contiguous(&buffer, block, 3, 'C', &error);
        CHECK(status == MV_E_SHAPE || status == MV_E_CALLBACK);
    }
    CHECK_BYTES(block, "\1\2\3\4", 4);
}

TEST(fault_024_cast_of_a_remainder)
{
    mv_view *made;
    object = counting_bytearray(5);
    view = view_of(object);
    CHECK_REFUSED(mv_view_cast(view, "H", MV_NO_SHAPE, 'C', &made, &error), made, MV_E_TYPE);
    CHECK_INT(error.value, 5);
    CHECK_INT(error.limit, 2);
    CHECK_REFUSED(mv_view_cast(view, "d", MV_NO_SHAPE, 'C', &made, &error), made, MV_E_TYPE);
    CHECK_REFUSED(mv_view_cast(view, "H", MV_DIMS(2), 'C', &made, &error), made, MV_E_TYPE);
    CHECK_REFUSED(mv_view_cast(view, "B", MV_DIMS(2, 2), 'C', &made, &error), made, MV_E_TYPE);
    CHECK_REFUSED(mv_view_cast(view, "d", NULL, 0, 'C', &made, &error), made, MV_E_TYPE);
    CHECK_OK(mv_view_cast(view, "b", MV_DIMS(5, 1), 'C', &made, &error));
    mv_view_unref(made);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(fault_025_shapes_of_3_gib)
{
    const ptrdiff_t shape[] = {3, (ptrdiff_t)1 << 30};
    if (sizeof(void *) == 4) {
        CHECK_REFUSED(mv_view_wrap(memory, "B", shape, 2, 1, &view, &error), view, MV_E_OVERFLOW);
        CHECK_REFUSED(mv_array_new("B", shape, 2, 'C', &object, &error), object, MV_E_OVERFLOW);
        return;
    }
    CHECK_OK(mv_view_wrap(memory, "B", shape, 2, 1, &view, &error)); /* described, and never read */
    CHECK_INT(mv_view_buffer(view)->len, 3LL << 30);
    CHECK_INT(mv_view_buffer(view)->strides[0], 1LL << 30);
    mv_view_unref(view);
}

TEST(fault_026_len_that_is_not_the_shapes)
{
    static const ptrdiff_t lies[] = {15, 17, -1, 1, 24, MAX, MIN};
    const ptrdiff_t shape[] = {4, 2}, strides[] = {4, 2};
    adversary a;
    mv_object *foreign = adversary_object(&a);
    a.answer.ndim = 2;
    a.answer.itemsize = 2;
    a.answer.format = "H";
    a.answer.shape = shape;
    a.answer.strides = strides;
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        a.answer.len = lies[i];
        CHECK_REFUSED(mv_memory_describe(&a.answer, a.bytes, 64, count_free, &freed, &object, &error), object,
                      MV_E_SHAPE);
        const mv_status status = mv_view_from_buffer(&a.answer, &view, &error);
        CHECK(view == NULL && (status == MV_E_SHAPE || (status == MV_E_VALUE && lies[i] % 2 != 0)));
        CHECK_ACQUIRE(foreign, MV_FULL_RO, MV_E_CALLBACK);
    }
    a.answer.len = 16;
    CHECK_ACQUIRE(foreign, MV_FULL_RO, MV_OK);
    a.answer.len = 0;
    CHECK_ACQUIRE(foreign, MV_FULL_RO, MV_OK);
    CHECK_ADVERSARY(&a, 9, 9, 0);
    CHECK_INT_OF(freed, 0);
}
