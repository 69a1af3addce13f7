/* Arguments outside their domain: NULL data, numbers of dimensions. Flags and structs:
   test_fault_protocol.c. */
#include "adversary.h"

static mv_object *object;
static mv_view *view;
static const ptrdiff_t ones[65] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
};
static const ptrdiff_t zeros[65];

static mv_view *view_2x3(unsigned char *bytes)
{
    return wrapped(bytes, "B", MV_DIMS(2, 3));
}

TEST(fault_003_null_data_of_length_0)
{
    static atomic_int freed;
    const ptrdiff_t none = 0;
    mv_buffer buffer;
    CHECK_OK(mv_bytes_new(NULL, 0, &object, &error));
    mv_object_unref(object);
    CHECK_OK(mv_memory_new(NULL, 0, 0, count_free, &freed, &object, &error));
    CHECK_ACQUIRE(object, MV_FULL, MV_OK);
    mv_object_unref(object);
    CHECK_INT_OF(freed, 1);
    CHECK_OK(mv_bytearray_new(NULL, 0, &object, &error));
    CHECK_OK(mv_bytearray_splice(object, 0, 0, NULL, 0, &error));
    view = view_of(object);
    CHECK_INT(mv_view_buffer(view)->len, 0);
    CHECK_OK(mv_view_read(view, NULL, 'C', NULL, 0, &error));
    CHECK_OK(mv_view_write(view, NULL, 'F', NULL, 0, &error));
    CHECK_OK(mv_buffer_to_contiguous(mv_view_buffer(view), NULL, 0, 'A', &error));
    CHECK_OK(mv_buffer_from_contiguous(mv_view_buffer(view), NULL, 0, 'A', &error));
    mv_view_unref(view);
    mv_object_unref(object);
    CHECK_OK(mv_view_wrap(NULL, NULL, MV_DIMS(3, 0), 0, &view, &error));
    mv_view_unref(view);
    CHECK_OK(mv_buffer_fill_info(&buffer, NULL, NULL, &none, 0, MV_FULL, &error));
    CHECK_INT(buffer.len, 0);
}

/* CPython's bytearray(n): NULL stands for zeros, whatever the length. */
TEST(fault_003_null_data_of_a_bytearray_is_zeros)
{
    CHECK_OK(mv_bytearray_new(NULL, 3, &object, &error));
    view = view_of(object);
    CHECK_ITEMS(view, "\0\0\0", 3);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(fault_004_null_data_of_some_length)
{
    static atomic_int freed;
    unsigned char bytes[6] = {0};
    const ptrdiff_t one = 1;
    mv_buffer buffer, description;
    CHECK_REFUSED(mv_bytes_new(NULL, 1, &object, &error), object, MV_E_VALUE);
    CHECK_INT(error.value, 1);
    CHECK_REFUSED(mv_memory_new(NULL, 1, 0, count_free, &freed, &object, &error), object, MV_E_VALUE);
    CHECK_REFUSED(mv_view_wrap(NULL, "B", MV_DIMS(1), 0, &view, &error), view, MV_E_VALUE);
    CHECK_REFUSED(mv_view_wrap(NULL, "B", NULL, 0, 0, &view, &error), view, MV_E_VALUE);
    view = view_2x3(bytes);
    CHECK_STATUS(mv_view_read(view, NULL, 'C', NULL, 6, &error), MV_E_VALUE);
    CHECK_STATUS(mv_view_write(view, NULL, 'C', NULL, 6, &error), MV_E_VALUE);
    CHECK_STATUS(mv_buffer_to_contiguous(mv_view_buffer(view), NULL, 6, 'C', &error), MV_E_VALUE);
    CHECK_STATUS(mv_buffer_from_contiguous(mv_view_buffer(view), NULL, 6, 'C', &error), MV_E_VALUE);
    description = *mv_view_buffer(view);
    CHECK_REFUSED(mv_memory_describe(&description, NULL, 6, count_free, &freed, &object, &error), object,
                  MV_E_VALUE);
    description.buf = NULL;
    CHECK_REFUSED(mv_memory_describe(&description, bytes, 6, count_free, &freed, &object, &error), object,
                  MV_E_VALUE);
    mv_view *from;
    CHECK_REFUSED(mv_view_from_buffer(&description, &from, &error), from, MV_E_VALUE);
    mv_view_unref(view);
    memset(&buffer, 0x5a, sizeof buffer);
    CHECK_STATUS(mv_buffer_fill_info(&buffer, NULL, NULL, &one, 0, MV_FULL, &error), MV_E_VALUE);
    check_empty_buffer(&buffer, __FILE__, __LINE__);
    CHECK_INT_OF(freed, 0);
}

TEST(fault_004_null_data_of_some_length_spliced)
{
    object = counting_bytearray(4);
    CHECK_STATUS(mv_bytearray_splice(object, 1, 1, NULL, 1, &error), MV_E_VALUE);
    view = view_of(object);
    CHECK_ITEMS(view, "\0\1\2\3", 4);
    mv_view_unref(view);
    mv_object_unref(object);
}

/* With `ndim` in the place of the number of dimensions, every function that has one answers so. */
static void check_ndim_of_creators(const ptrdiff_t *shape, int ndim, mv_status expected)
{
    static atomic_int freed;
    unsigned char bytes[6] = {0};
    mv_buffer description = {bytes, NULL, 1, 1, 0, ndim, "B", shape, NULL, NULL, NULL};
    mv_view *source = view_2x3(bytes), *made;
    CHECK_REFUSED(mv_array_new("B", shape, ndim, 'C', &object, &error), object, expected);
    CHECK_INT(error.value, ndim);
    CHECK_REFUSED(mv_memory_describe(&description, bytes, 6, count_free, &freed, &object, &error), object,
                  expected);
    CHECK_REFUSED(mv_view_from_buffer(&description, &made, &error), made, expected);
    CHECK_REFUSED(mv_view_wrap(bytes, "B", shape, ndim, 0, &made, &error), made, expected);
    CHECK_REFUSED(mv_view_reshape(source, shape, ndim, 'C', &made, &error), made, expected);
    CHECK_REFUSED(mv_view_broadcast(source, shape, ndim, &made, &error), made, expected);
    CHECK_OK(mv_array_new("B", MV_DIMS(2, 3), 'C', &object, &error));
    CHECK_STATUS(mv_array_resize(object, shape, ndim, &error), expected);
    mv_view_unref(source);
    mv_object_unref(object);
    CHECK_INT_OF(freed, 0);
}

static void check_ndim_of_items(const ptrdiff_t *index, int ndim, mv_status expected)
{
    unsigned char bytes[6] = {9, 9, 9, 9, 9, 9};
    mv_view *source = view_2x3(bytes);
    mv_scalar scalar = {MV_INT, 0, {1}, NULL};
    int64_t i = 5;
    uint64_t u = 5;
    double f = 5;
    void *at = &i;
    CHECK_STATUS(mv_view_get(source, index, ndim, &scalar, &error), expected);
    CHECK_STATUS(mv_view_get_i64(source, index, ndim, &i, &error), expected);
    CHECK_STATUS(mv_view_get_u64(source, index, ndim, &u, &error), expected);
    CHECK_STATUS(mv_view_get_f64(source, index, ndim, &f, &error), expected);
    CHECK_STATUS(mv_view_set(source, index, ndim, &scalar, &error), expected);
    CHECK_STATUS(mv_view_set_i64(source, index, ndim, 1, &error), expected);
    CHECK_STATUS(mv_view_set_u64(source, index, ndim, 1, &error), expected);
    CHECK_STATUS(mv_view_set_f64(source, index, ndim, 1, &error), expected);
    CHECK_STATUS(mv_buffer_pointer(mv_view_buffer(source), index, ndim, &at, &error), expected);
    CHECK_INT(error.value, ndim);
    CHECK(i == 5 && u == 5 && at == &i && scalar.kind == MV_INT && scalar.as.i == 1);
    CHECK_DOUBLE(f, 5);
    CHECK_ITEMS(source, "\x9\x9\x9\x9\x9\x9", 6);
    mv_view_unref(source);
}

TEST(fault_005_ndim_below_0)
{
    ptrdiff_t strides[1] = {77};
    check_ndim_of_creators(ones, -1, MV_E_VALUE);
    check_ndim_of_creators(NULL, -1, MV_E_VALUE);
    check_ndim_of_creators(ones, INT32_MIN, MV_E_VALUE);
    check_ndim_of_items(zeros, -1, MV_E_VALUE);
    check_ndim_of_items(NULL, -1, MV_E_VALUE);
    check_ndim_of_items(zeros, INT32_MIN, MV_E_VALUE);
    CHECK_STATUS(mv_buffer_fill_strides(ones, -1, 1, 'C', strides, &error), MV_E_VALUE);
    CHECK_INT(strides[0], 77);
}

TEST(fault_005_count_below_0)
{
    unsigned char bytes[6] = {0};
    const mv_index items[] = {MV_ALL};
    const int axes[] = {0};
    mv_index parsed[2];
    mv_view *source = view_2x3(bytes);
    int count = 44;
    CHECK_REFUSED(mv_view_index(source, items, -1, &view, &error), view, MV_E_VALUE);
    CHECK_REFUSED(mv_view_index(source, NULL, INT32_MIN, &view, &error), view, MV_E_VALUE);
    CHECK_REFUSED(mv_view_transpose(source, axes, -1, &view, &error), view, MV_E_VALUE);
    CHECK_REFUSED(mv_view_transpose(source, NULL, -1, &view, &error), view, MV_E_VALUE);
    CHECK_REFUSED(mv_view_cast(source, "B", ones, -2, 'C', &view, &error), view, MV_E_VALUE);
    CHECK_STATUS(mv_index_parse("0", parsed, -1, &count, &error), MV_E_VALUE);
    CHECK_INT(count, 44);
    mv_view_unref(source);
}

TEST(fault_005_ndim_of_a_request_below_minus_1)
{
    mv_request request = MV_REQUEST_INIT;
    mv_buffer buffer;
    object = counting_bytearray(4);
    request.ndim = -2;
    memset(&buffer, 0x5a, sizeof buffer);
    CHECK_STATUS(mv_buffer_acquire_for(object, &request, &buffer, &error), MV_E_VALUE);
    check_empty_buffer(&buffer, __FILE__, __LINE__);
    CHECK_REFUSED(mv_view_new_for(object, &request, &view, &error), view, MV_E_VALUE);
    CHECK_SIZE(mv_object_exports(object), 0);
    mv_object_unref(object);
}

TEST(fault_006_ndim_65)
{
    ptrdiff_t strides[65] = {77};
    check_ndim_of_creators(ones, 65, MV_E_LIMIT);
    check_ndim_of_creators(ones, INT32_MAX, MV_E_LIMIT);
    check_ndim_of_items(zeros, 65, MV_E_LIMIT);
    check_ndim_of_items(zeros, INT32_MAX, MV_E_LIMIT);
    CHECK_STATUS(mv_buffer_fill_strides(ones, 65, 1, 'C', strides, &error), MV_E_LIMIT);
    CHECK_INT(strides[0], 77);
    unsigned char bytes[6] = {0};
    mv_view *source = view_2x3(bytes);
    CHECK_REFUSED(mv_view_cast(source, "B", ones, 65, 'C', &view, &error), view, MV_E_LIMIT);
    mv_view_unref(source);
}

TEST(fault_006_a_65th_dimension_by_newaxis)
{
    mv_index items[65];
    unsigned char byte = 7;
    mv_view *source = wrapped(&byte, "B", ones, 64), *scalar = wrapped(&byte, "B", NULL, 0);
    const mv_index newaxis = MV_NEWAXIS;
    for (int i = 0; i < 65; i++) items[i] = newaxis;
    CHECK_REFUSED(mv_view_index(source, items, 1, &view, &error), view, MV_E_LIMIT);
    CHECK_REFUSED(mv_view_slice(source, "None", &view, &error), view, MV_E_LIMIT);
    CHECK_REFUSED(mv_view_index(scalar, items, 65, &view, &error), view, MV_E_LIMIT);
    CHECK_OK(mv_view_index(scalar, items, 64, &view, &error));
    CHECK_INT(mv_view_buffer(view)->ndim, 64);
    mv_view_unref(view);
    mv_view_unref(scalar);
    mv_view_unref(source);
}

TEST(fault_007_ndim_64)
{
    ptrdiff_t strides[64];
    unsigned char byte = 7;
    int axes[64];
    int64_t value = 0;
    mv_view *source = wrapped(&byte, "B", ones, 64);
    for (int i = 0; i < 64; i++) axes[i] = 63 - i;
    CHECK_OK(mv_view_get_i64(source, zeros, 64, &value, &error));
    CHECK_INT(value, 7);
    CHECK_OK(mv_view_transpose(source, axes, 64, &view, &error));
    CHECK_OK(mv_view_set_i64(view, zeros, 64, 8, &error));
    CHECK_INT(byte, 8);
    mv_view_unref(view);
    CHECK_OK(mv_view_slice(source, "..., ::-1", &view, &error));
    CHECK_ITEMS(view, "\x8", 1);
    mv_view_unref(view);
    CHECK_OK(mv_view_reshape(source, NULL, 0, 'C', &view, &error));
    mv_view_unref(source);
    CHECK_OK(mv_view_broadcast(view, ones, 64, &source, &error));
    mv_view_unref(view);
    mv_view_unref(source);
    CHECK_OK(mv_buffer_fill_strides(ones, 64, 8, 'F', strides, &error));
    CHECK_INT(strides[63], 8);
    CHECK_OK(mv_array_new("d", ones, 64, 'F', &object, &error));
    CHECK_OK(mv_array_resize(object, ones, 64, &error));
    CHECK_ACQUIRE(object, MV_FULL, MV_OK);
    mv_object_unref(object);
}

TEST(fault_008_ndim_0)
{
    unsigned short item = 513;
    int64_t value = 0;
    void *at = NULL;
    mv_buffer buffer, description = {&item, NULL, 0, 2, 0, 0, "H", NULL, NULL, NULL, NULL};
    view = wrapped(&item, "H", NULL, 0);
    CHECK_INT(mv_view_buffer(view)->len, 2);
    CHECK_OK(mv_view_get_i64(view, NULL, 0, &value, &error));
    CHECK_INT(value, 513);
    CHECK_OK(mv_buffer_pointer(mv_view_buffer(view), NULL, 0, &at, &error));
    CHECK_PTR(at, &item);
    mv_view_unref(view);
    CHECK_OK(mv_memory_describe(&description, &item, sizeof item, NULL, NULL, &object, &error));
    CHECK_OK(mv_buffer_acquire(object, MV_FULL_RO, &buffer, &error));
    CHECK(buffer.ndim == 0 && buffer.len == 2 && !buffer.shape && !buffer.strides && !buffer.suboffsets);
    mv_buffer_release(&buffer);
    mv_object_unref(object);
    CHECK_OK(mv_array_new("H", NULL, 0, 'C', &object, &error));
    view = view_of(object);
    CHECK_ITEMS(view, "\0\0", 2);
    mv_view_unref(view);
    CHECK_OK(mv_array_resize(object, NULL, 0, &error));
    mv_object_unref(object);
    CHECK_OK(mv_buffer_fill_strides(NULL, 0, 2, 'C', NULL, &error));
}

/* The pointers are not followed: an array of 0 entries may lie anywhere. */
TEST(numpy_29872_shape_pointer_past_the_end_at_ndim_0)
{
    unsigned char byte = 5;
    const ptrdiff_t *const nowhere = (const ptrdiff_t *)(uintptr_t)8;
    int64_t value = 0;
    mv_buffer description = {&byte, NULL, 0, 1, 0, 0, NULL, nowhere, nowhere, nowhere, NULL};
    view = wrapped(&byte, "B", nowhere, 0);
    CHECK_OK(mv_view_get_i64(view, nowhere, 0, &value, &error));
    CHECK_INT(value, 5);
    mv_view_unref(view);
    CHECK_OK(mv_view_from_buffer(&description, &view, &error));
    mv_view_unref(view);
    CHECK_OK(mv_memory_describe(&description, &byte, 1, NULL, NULL, &object, &error));
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_OK);
    mv_object_unref(object);
}

TEST(numpy_19083_an_exporter_with_ndim_below_0)
{
    adversary a;
    object = adversary_object(&a);
    a.answer.ndim = -1;
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_E_CALLBACK);
    a.answer.ndim = INT32_MIN;
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_E_CALLBACK);
    CHECK_ADVERSARY(&a, 2, 2, 0);
}
