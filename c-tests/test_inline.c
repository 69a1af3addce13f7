/* memview_inline.h: what it does without the library. */
#include "harness.h"

#include <limits.h>

TEST(fail_fills_all_members)
{
    mv_error cause;
    memset(&cause, 0x55, sizeof cause);
    CHECK_INT(mv_fail(&cause, MV_E_BUSY, "the camera is in use"), MV_E_BUSY);
    CHECK_INT(cause.status, MV_E_BUSY);
    CHECK_INT(cause.dim, -1);
    CHECK_INT(cause.position, -1);
    CHECK_INT(cause.value, 0);
    CHECK_INT(cause.limit, 0);
    CHECK_STR(cause.message, "the camera is in use");
}

TEST(fail_without_error_or_message)
{
    mv_error cause;
    CHECK_INT(mv_fail(NULL, MV_E_BUSY, "nobody reads this"), MV_E_BUSY);
    memset(&cause, 0x55, sizeof cause);
    CHECK_INT(mv_fail(&cause, MV_E_TYPE, NULL), MV_E_TYPE);
    CHECK_STR(cause.message, "");
}

TEST(fail_cuts_at_a_character)
{
    char message[600];
    mv_error cause;
    memset(message, 'a', sizeof message);
    message[479] = '\0';
    mv_fail(&cause, MV_E_VALUE, message);
    CHECK_SIZE(strlen(cause.message), 479);
    message[479] = 'b';
    message[599] = '\0';
    mv_fail(&cause, MV_E_VALUE, message);
    CHECK_SIZE(strlen(cause.message), 479);
    /* Four bytes of one character, of which only the first three would fit. */
    memcpy(message + 476, "\xf0\x9f\x8e\xa8", 4);
    mv_fail(&cause, MV_E_VALUE, message);
    CHECK_SIZE(strlen(cause.message), 476);
    /* A character that ends just before the cut stays. */
    memcpy(message + 474, "x\xf0\x9f\x8e\xa8y", 6);
    mv_fail(&cause, MV_E_VALUE, message);
    CHECK_SIZE(strlen(cause.message), 479);
    CHECK_INT((unsigned char)cause.message[478], 0xa8);
}

static mv_buffer describe(void *data, int ndim, const ptrdiff_t *shape, const ptrdiff_t *strides)
{
    mv_buffer buffer;
    memset(&buffer, 0, sizeof buffer);
    buffer.buf = data;
    buffer.itemsize = 2;
    buffer.ndim = ndim;
    buffer.shape = shape;
    buffer.strides = strides;
    return buffer;
}

TEST(item_follows_strides)
{
    char block[64];
    const ptrdiff_t shape[] = {3, 4}, strides[] = {-16, 4};
    const mv_buffer buffer = describe(block + 32, 2, shape, strides);
    CHECK_PTR(mv_item(&buffer, 0, 0), block + 32);
    CHECK_PTR(mv_item(&buffer, 2, 3), block + 12);
    CHECK_PTR(mv_row(&buffer, 1), block + 16);
}

TEST(item_without_strides_is_in_c_order)
{
    char block[64];
    const ptrdiff_t shape[] = {3, 4, 2};
    const mv_buffer cube = describe(block, 3, shape, NULL);
    CHECK_PTR(mv_item(&cube, 2, 3, 1), block + 2 * (2 * 8 + 3 * 2 + 1));
    CHECK_PTR(mv_row(&cube, 2), block + 2 * 16);
    const mv_buffer bytes = describe(block, 1, NULL, NULL);
    CHECK_PTR(mv_item(&bytes, 5), block + 10);
    const mv_buffer single = describe(block, 0, NULL, NULL);
    CHECK_PTR(mv_item_at(&single, NULL, 0), block);
}

TEST(item_follows_pointers)
{
    char first[8], second[8];
    char *rows[] = {first, second};
    const ptrdiff_t shape[] = {2, 3}, strides[] = {sizeof(char *), 2}, suboffsets[] = {2, -1};
    mv_buffer buffer = describe(rows, 2, shape, strides);
    buffer.suboffsets = suboffsets;
    CHECK_PTR(mv_item(&buffer, 0, 0), first + 2);
    CHECK_PTR(mv_item(&buffer, 1, 2), second + 6);
    CHECK_PTR(mv_row(&buffer, 1), second + 2);
}

TEST(item_is_where_the_library_says)
{
    mv_object *array = NULL;
    mv_view *view = NULL, *slice = NULL;
    CHECK_OK(mv_array_new("h", MV_DIMS(5, 6, 7), 'F', &array, &error));
    CHECK_OK(mv_view_new(array, MV_FULL_RO, &view, &error));
    CHECK_OK(mv_view_slice(view, "::-2, 1:, ::3", &slice, &error));
    const mv_buffer *buffer = mv_view_buffer(slice);
    for (ptrdiff_t i = 0; i < buffer->shape[0]; i++) {
        for (ptrdiff_t j = 0; j < buffer->shape[1]; j++) {
            void *item = NULL;
            CHECK_OK(mv_buffer_pointer(buffer, MV_DIMS(i, j, 1), &item, &error));
            CHECK_PTR(mv_item(buffer, i, j, 1), item);
        }
    }
    mv_view_unref(slice);
    mv_view_unref(view);
    mv_object_unref(array);
}

/* What the library says of one item, and what the header says. */
static void check_pointer(const mv_buffer *buffer, const ptrdiff_t *index, int ndim)
{
    char untouched;
    mv_error ours, theirs;
    memset(&ours, 0x55, sizeof ours);
    memset(&theirs, 0x55, sizeof theirs);
    void *here = &untouched, *there = &untouched;
    const mv_status expected = mv_buffer_pointer(buffer, index, ndim, &there, &theirs);
    CHECK_INT(mv_buffer_pointer_inline(buffer, index, ndim, &here, &ours), expected);
    CHECK_PTR(here, there);
    CHECK_INT(ours.status, theirs.status);
    CHECK_INT(ours.dim, theirs.dim);
    CHECK_INT(ours.position, theirs.position);
    CHECK_INT(ours.value, theirs.value);
    CHECK_INT(ours.limit, theirs.limit);
    if (expected != MV_OK) CHECK_STR(ours.message, theirs.message);
}

TEST(pointer_inline_is_where_the_library_says)
{
    static const ptrdiff_t extents[] = {-1, 0, 1, 3, PTRDIFF_MAX};
    static const ptrdiff_t steps[] = {-8, 0, 2, PTRDIFF_MAX / 2, PTRDIFF_MIN};
    static const ptrdiff_t indices[] = {PTRDIFF_MIN, -4, -3, -1, 0, 2, 3, PTRDIFF_MAX};
    const size_t cases = sizeof extents / sizeof *extents * (sizeof steps / sizeof *steps);
    const size_t number_of_indices = sizeof indices / sizeof *indices;
    char block[64];
    for (size_t first = 0; first < cases; first++) {
        for (size_t second = 0; second < cases; second++) {
            const ptrdiff_t shape[] = {extents[first % 5], extents[second % 5]};
            const ptrdiff_t strides[] = {steps[first / 5], steps[second / 5]};
            const mv_buffer square = describe(block + 32, 2, shape, strides);
            const mv_buffer row = describe(block + 32, 1, shape, strides);
            for (size_t at = 0; at < number_of_indices * number_of_indices; at++) {
                const ptrdiff_t index[] = {indices[at % number_of_indices], indices[at / number_of_indices]};
                check_pointer(&square, index, 2);
                check_pointer(&row, index, 1);
            }
        }
    }
}

TEST(pointer_inline_leaves_the_rest_to_the_library)
{
    char block[64], *rows[] = {block, block + 8, block + 16};
    const ptrdiff_t shape[] = {3, 4}, strides[] = {8, 2}, suboffsets[] = {0, -1};
    const ptrdiff_t index[65] = {1, 1};
    const mv_buffer usual = describe(block, 2, shape, strides);
    mv_buffer buffer = usual;
    for (int ndim = -1; ndim < 4; ndim++) check_pointer(&usual, index, ndim);
    check_pointer(&usual, index, 65);
    check_pointer(NULL, index, 2);
    check_pointer(&usual, NULL, 2);
    CHECK_INT(mv_buffer_pointer_inline(&usual, index, 2, NULL, &error), MV_E_NULL);
    buffer.strides = NULL;
    check_pointer(&buffer, index, 2);
    buffer = describe(rows, 2, shape, strides);
    buffer.suboffsets = suboffsets;
    check_pointer(&buffer, index, 2);
    buffer = usual;
    buffer.itemsize = 0;
    check_pointer(&buffer, index, 2);
    buffer.itemsize = -2;
    check_pointer(&buffer, index, 2);
    buffer = usual;
    buffer.ndim = 65;
    check_pointer(&buffer, index, 65);
    buffer.ndim = -1;
    check_pointer(&buffer, index, -1);
    buffer = describe(block, 0, NULL, NULL);
    check_pointer(&buffer, NULL, 0);
    buffer = describe(block, 1, NULL, NULL);
    buffer.len = 64;
    check_pointer(&buffer, index, 1);
}

static mv_status tries(mv_status status, int *reached)
{
    MV_TRY(status);
    *reached = 1;
    return MV_OK;
}

TEST(try_returns_what_failed)
{
    int reached = 0;
    CHECK_INT(tries(MV_E_INDEX, &reached), MV_E_INDEX);
    CHECK_INT(reached, 0);
    CHECK_INT(tries(MV_OK, &reached), MV_OK);
    CHECK_INT(reached, 1);
}

#define CHECK_FORMAT(type)                                                           \
    do {                                                                             \
        mv_object *array = NULL;                                                     \
        mv_view *view = NULL;                                                        \
        CHECK_OK(mv_array_new(MV_FORMAT_OF(type), MV_DIMS(1), 'C', &array, &error)); \
        CHECK_OK(mv_view_new(array, MV_FULL_RO, &view, &error));                     \
        CHECK_INT(mv_view_buffer(view)->itemsize, sizeof(type));                     \
        mv_view_unref(view);                                                         \
        mv_object_unref(array);                                                      \
    } while (0)

TEST(formats_of_c_types_have_their_size)
{
    CHECK_FORMAT(_Bool);
    CHECK_FORMAT(char);
    CHECK_FORMAT(signed char);
    CHECK_FORMAT(unsigned char);
    CHECK_FORMAT(short);
    CHECK_FORMAT(unsigned short);
    CHECK_FORMAT(int);
    CHECK_FORMAT(unsigned);
    CHECK_FORMAT(long);
    CHECK_FORMAT(unsigned long);
    CHECK_FORMAT(long long);
    CHECK_FORMAT(unsigned long long);
    CHECK_FORMAT(float);
    CHECK_FORMAT(double);
    CHECK_FORMAT(void *);
    CHECK_STR(MV_FORMAT_OF(int32_t), "i");
    CHECK_STR(MV_FORMAT_OF(uint8_t), "B");
}

TEST(typed_items_convert_and_refuse)
{
    mv_object *array = NULL;
    mv_view *view = NULL;
    signed char small = 5;
    unsigned long long wide = 7;
    float single = 0;
    _Bool truth = 0;
    CHECK_OK(mv_array_new(">q", MV_DIMS(2, 3), 'C', &array, &error));
    CHECK_OK(mv_view_new(array, MV_FULL, &view, &error));
    CHECK_INT(mv_set(view, -128, 1, 2), MV_OK);
    CHECK_INT(mv_get(view, &small, 1, 2), MV_OK);
    CHECK_INT(small, -128);
    CHECK_INT(mv_get(view, &single, -1, -1), MV_OK);
    CHECK_DOUBLE(single, -128);
    CHECK_INT(mv_get(view, &wide, 1, 2), MV_E_RANGE); /* untouched */
    CHECK_INT(wide, 7);
    CHECK_INT(mv_set(view, 128u, 1, 2), MV_OK);
    CHECK_INT(mv_get(view, &small, 1, 2), MV_E_RANGE);
    CHECK_INT(small, -128);
    CHECK_INT(mv_get(view, &truth, 1, 2), MV_E_RANGE);
    CHECK_INT(mv_set(view, ULLONG_MAX, 0, 0), MV_E_RANGE);
    CHECK_INT(mv_set(view, 1.5, 0, 0), MV_E_TYPE);
    CHECK_INT(mv_set(view, (short)1, 0, 0), MV_OK);
    CHECK_INT(mv_get(view, &truth, 0, 0), MV_OK);
    CHECK_INT(truth, 1);
    CHECK_INT(mv_get(view, &truth, 0, 3), MV_E_INDEX);
    CHECK_INT(mv_get(view, &truth, 0), MV_E_TYPE);
    mv_view_unref(view);
    mv_object_unref(array);
}
