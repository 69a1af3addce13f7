/* Indices, slices, axes, shapes and casts that lead outside. */
#include "adversary.h"

#define MAX PTRDIFF_MAX
#define MIN PTRDIFF_MIN

static unsigned char bytes[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
static mv_view *source, *view;

/* The bytes as 3 rows of 4. */
static void begin(void)
{
    source = wrapped(bytes, "B", MV_DIMS(3, 4));
}

static void check_out_of_bounds(ptrdiff_t row, ptrdiff_t column, int dim)
{
    const ptrdiff_t index[] = {row, column};
    const mv_index items[] = {MV_AT(row), MV_AT(column)};
    mv_scalar scalar = {MV_INT, 0, {1}, NULL};
    int64_t value = 55;
    uint64_t unsigned_value = 55;
    double real = 55;
    void *at = &value;
    const mv_buffer *buffer = mv_view_buffer(source);
    CHECK_STATUS(mv_view_get(source, index, 2, &scalar, &error), MV_E_INDEX);
    CHECK_STATUS(mv_view_get_i64(source, index, 2, &value, &error), MV_E_INDEX);
    CHECK_STATUS(mv_view_get_u64(source, index, 2, &unsigned_value, &error), MV_E_INDEX);
    CHECK_STATUS(mv_view_get_f64(source, index, 2, &real, &error), MV_E_INDEX);
    CHECK_STATUS(mv_view_set(source, index, 2, &scalar, &error), MV_E_INDEX);
    CHECK_STATUS(mv_view_set_i64(source, index, 2, 1, &error), MV_E_INDEX);
    CHECK_STATUS(mv_view_set_u64(source, index, 2, 1, &error), MV_E_INDEX);
    CHECK_STATUS(mv_view_set_f64(source, index, 2, 1, &error), MV_E_INDEX);
    CHECK_STATUS(mv_buffer_pointer(buffer, index, 2, &at, &error), MV_E_INDEX);
    CHECK_REFUSED(mv_view_index(source, items, 2, &view, &error), view, MV_E_INDEX);
    CHECK_INT(error.dim, dim);
    CHECK_INT(error.value, index[dim]);
    CHECK_INT(error.limit, buffer->shape[dim]);
    CHECK(value == 55 && unsigned_value == 55 && at == &value && scalar.kind == MV_INT && scalar.as.i == 1);
    CHECK_DOUBLE(real, 55);
}

TEST(fault_028_index_out_of_bounds)
{
    static const ptrdiff_t rows[] = {-4, 3, MIN, MAX, MIN + 1, MAX - 2},
                           columns[] = {-5, 4, MIN, MAX, MIN + 4};
    begin();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) check_out_of_bounds(rows[i], 0, 0);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) check_out_of_bounds(0, columns[i], 1);
    check_out_of_bounds(-4, -5, 0);
    for (unsigned i = 0; i < sizeof bytes; i++) CHECK_INT(bytes[i], i);
    mv_view_unref(source);
}

/* CPython's order of checks: released, read-only, number of indices, bounds, and the value last. */
TEST(fault_028_bounds_before_the_value_and_after_read_only)
{
    const ptrdiff_t outside[] = {3, 0};
    mv_view *fixed = NULL;
    begin();
    CHECK_STATUS(mv_view_set_i64(source, outside, 2, 256, &error), MV_E_INDEX);
    CHECK_STATUS(mv_view_set_i64(source, outside, 1, 256, &error), MV_E_TYPE);
    CHECK_OK(mv_view_toreadonly(source, &fixed, &error));
    CHECK_STATUS(mv_view_set_i64(fixed, outside, 2, 1, &error), MV_E_READONLY);
    CHECK_STATUS(mv_view_set_f64(fixed, outside, 2, 1, &error), MV_E_READONLY);
    CHECK_OK(mv_view_release(fixed, &error));
    CHECK_STATUS(mv_view_set_i64(fixed, outside, 2, 1, &error), MV_E_RELEASED);
    mv_view_unref(fixed);
    mv_view_unref(source);
}

TEST(fault_028_index_at_the_bounds)
{
    int64_t value = 0;
    begin();
    CHECK_OK(mv_view_get_i64(source, (const ptrdiff_t[]){-3, -4}, 2, &value, &error));
    CHECK_INT(value, 0);
    CHECK_OK(mv_view_get_i64(source, (const ptrdiff_t[]){2, 3}, 2, &value, &error));
    CHECK_INT(value, 11);
    mv_view_unref(source);
}

TEST(fault_028_index_of_an_empty_dimension)
{
    source = wrapped(NULL, "B", MV_DIMS(0, 4));
    check_out_of_bounds(0, 0, 0);
    check_out_of_bounds(-1, 0, 0);
    mv_view_unref(source);
    source = wrapped(NULL, "B", MV_DIMS(4, 0));
    check_out_of_bounds(3, 0, 1);
    mv_view_unref(source);
}

TEST(fault_028_index_as_a_text)
{
    static const char *const texts[] = {"3",
                                        "-4",
                                        "0, 4",
                                        "0, -5",
                                        "99999999999999999999999",
                                        "-99999999999999999999999",
                                        "9223372036854775808",
                                        "...,4"};
    begin();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        CHECK_REFUSED(mv_view_slice(source, texts[i], &view, &error), view, MV_E_INDEX);
    mv_view_unref(source);
}

TEST(fault_029_step_0)
{
    begin();
    CHECK_REFUSED(mv_view_index(source, MV_ITEMS(MV_EVERY(0)), &view, &error), view, MV_E_VALUE);
    CHECK_INT(error.dim, 0);
    CHECK_REFUSED(mv_view_index(source, MV_ITEMS(MV_ALL, MV_STEP(0, 0, 0)), &view, &error), view, MV_E_VALUE);
    CHECK_INT(error.dim, 1);
    CHECK_REFUSED(mv_view_index(source, MV_ITEMS(MV_ELLIPSIS, MV_STEP(MAX, MIN, 0)), &view, &error), view,
                  MV_E_VALUE);
    CHECK_REFUSED(mv_view_slice(source, "::0", &view, &error), view, MV_E_VALUE);
    CHECK_REFUSED(mv_view_slice(source, "5:5:-0", &view, &error), view, MV_E_VALUE);
    mv_view_unref(source);
    source = wrapped(NULL, "B", MV_DIMS(0));
    CHECK_REFUSED(mv_view_slice(source, "::0", &view, &error), view, MV_E_VALUE);
    mv_view_unref(source);
}

/* One item remains, the first in the direction of the step; or the size is refused. */
static void check_giant_step(mv_status status, unsigned char expected)
{
    if (status == MV_E_OVERFLOW) {
        CHECK(view == NULL);
        return;
    }
    CHECK_INT(status, MV_OK);
    CHECK_INT(mv_view_buffer(view)->shape[0], 1);
    CHECK_PTR(mv_view_buffer(view)->buf, bytes + expected);
    CHECK_ITEMS(view, &expected, 1);
    mv_view_unref(view);
}

TEST(fault_030_step_of_ptrdiff_min)
{
    source = wrapped(bytes, "B", MV_DIMS(12));
    check_giant_step(mv_view_index(source, MV_ITEMS(MV_EVERY(MIN)), &view, NULL), 11);
    check_giant_step(mv_view_index(source, MV_ITEMS(MV_EVERY(MIN + 1)), &view, NULL), 11);
    check_giant_step(mv_view_index(source, MV_ITEMS(MV_STEP(5, MIN, MIN)), &view, NULL), 5);
    check_giant_step(mv_view_index(source, MV_ITEMS(MV_STEP(MAX, MIN, MIN)), &view, NULL), 11);
    check_giant_step(mv_view_slice(source, "::-9223372036854775808", &view, NULL), 11);
    check_giant_step(mv_view_slice(source, "::-99999999999999999999999", &view, NULL), 11);
    mv_view_unref(source);
}

TEST(fault_030_step_of_ptrdiff_max)
{
    source = wrapped(bytes, "B", MV_DIMS(12));
    check_giant_step(mv_view_index(source, MV_ITEMS(MV_EVERY(MAX)), &view, NULL), 0);
    check_giant_step(mv_view_index(source, MV_ITEMS(MV_STEP(7, MAX, MAX)), &view, NULL), 7);
    check_giant_step(mv_view_index(source, MV_ITEMS(MV_STEP(MIN, MAX, MAX)), &view, NULL), 0);
    mv_view_unref(source);
}

/* A giant step on items of several bytes, sliced again and again: no product of strides may wrap. */
TEST(fault_030_giant_steps_one_after_another)
{
    static const ptrdiff_t steps[] = {MAX, MIN, MAX / 2 + 1, -1, MIN + 1, MAX - 1};
    source = wrapped(bytes, "I", MV_DIMS(3));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        const mv_index items[] = {MV_EVERY(steps[i])};
        CHECK_OK(mv_view_index(source, items, 1, &view, &error));
        mv_view_unref(source);
        source = view;
        CHECK_INT(mv_view_buffer(view)->shape[0], 1);
        CHECK_ITEMS(view, mv_view_buffer(view)->buf, 4);
        CHECK_INT(mv_buffer_is_contiguous(mv_view_buffer(view), 'C'), 1);
    }
    CHECK_PTR(mv_view_buffer(view)->buf, bytes);
    mv_view_unref(view);
}

/* The slice in Python's own words: every position that the rules of slice.indices name. */
static ptrdiff_t expected_slice(ptrdiff_t length, const ptrdiff_t *start, const ptrdiff_t *stop,
                                ptrdiff_t step, unsigned char *out)
{
    ptrdiff_t low = step > 0 ? 0 : -1, high = step > 0 ? length : length - 1, count = 0;
    ptrdiff_t from = step > 0 ? low : high, to = step > 0 ? high : low;
    if (start != NULL) from = *start >= 0 ? *start : *start >= -length ? *start + length : -1;
    if (stop != NULL) to = *stop >= 0 ? *stop : *stop >= -length ? *stop + length : -1;
    if (from < low) from = low;
    if (from > high) from = high;
    if (to < low) to = low;
    if (to > high) to = high;
    for (ptrdiff_t i = from; step > 0 ? i < to : i > to; i += step) out[count++] = (unsigned char)i;
    return count;
}

static void check_slice(ptrdiff_t length, const ptrdiff_t *start, const ptrdiff_t *stop, ptrdiff_t step)
{
    unsigned char expected[12];
    const ptrdiff_t count = expected_slice(length, start, stop, step, expected);
    mv_index item = MV_EVERY(step);
    if (start != NULL) item.start = *start, item.given |= 1;
    if (stop != NULL) item.stop = *stop, item.given |= 2;
    CHECK_OK(mv_view_index(source, &item, 1, &view, &error));
    CHECK_INT(mv_view_buffer(view)->shape[0], count);
    CHECK_ITEMS(view, expected, (size_t)count);
    const unsigned char *at = (const unsigned char *)mv_view_buffer(view)->buf;
    CHECK(at >= bytes && at <= bytes + length);
    mv_view_unref(view);
}

TEST(fault_031_slice_bounds_are_clipped)
{
    static const ptrdiff_t bounds[] = {MIN, MIN + 1, MIN + 4, -6, -5,      -4,      -1, 0,
                                       1,   4,       5,       6,  MAX - 4, MAX - 1, MAX};
    static const ptrdiff_t lengths[] = {0, 1, 5}, steps[] = {1, 2, 5, 6, -1, -2, -5, -6};
    const size_t count = sizeof bounds / sizeof *bounds;
    for (size_t l = 0; l < 3; l++) {
        source = wrapped(bytes, "B", MV_DIMS(lengths[l]));
        for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
            for (size_t i = 0; i <= count; i++)
                for (size_t j = 0; j <= count; j++)
                    check_slice(lengths[l], i < count ? &bounds[i] : NULL, j < count ? &bounds[j] : NULL,
                                steps[s]);
        }
        mv_view_unref(source);
    }
}

TEST(fault_031_slice_bounds_beyond_ptrdiff_as_a_text)
{
    begin();
    CHECK_OK(mv_view_slice(source, "-99999999999999999999:99999999999999999999, 1:9223372036854775808", &view,
                           &error));
    CHECK_ITEMS(view, "\1\2\3\5\6\7\x9\xa\xb", 9);
    mv_view_unref(view);
    CHECK_OK(mv_view_slice(source, "99999999999999999999:-99999999999999999999:-2, 0", &view, &error));
    CHECK_ITEMS(view, "\x8\0", 2);
    mv_view_unref(view);
    mv_view_unref(source);
}

/* Empty slices keep their address inside the memory or at its end, wherever their bounds point. */
TEST(fault_032_empty_slices_stay_inside)
{
    static const char *const texts[] = {"12:",    "5:5",   "100:",     "3:1", "-100:-50",  "0:0:-1",
                                        "1:5:-1", "12:12", "11:11:-1", "MAX", "5:5, None", "..., 7:3:2"};
    source = wrapped(bytes, "B", MV_DIMS(12));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(texts[i], "MAX") == 0) {
            CHECK_OK(mv_view_index(source, MV_ITEMS(MV_STEP(MAX, MAX, MAX)), &view, &error));
        } else {
            CHECK_OK(mv_view_slice(source, texts[i], &view, &error));
        }
        const unsigned char *at = (const unsigned char *)mv_view_buffer(view)->buf;
        CHECK_INT(mv_view_buffer(view)->len, 0);
        CHECK(at >= bytes && at <= bytes + 12);
        mv_view *again = NULL;
        CHECK_OK(mv_view_slice(view, "::-1", &again, &error));
        at = (const unsigned char *)mv_view_buffer(again)->buf;
        CHECK(at >= bytes && at <= bytes + 12);
        mv_view_unref(again);
        mv_view_unref(view);
    }
    mv_view_unref(source);
}

TEST(fault_032_empty_slice_of_an_empty_dimension)
{
    static const char *const texts[] = {":", "::-1", "1:", ":0", "-1:", "5:1:-1", "::2", "None"};
    mv_object *object = NULL;
    CHECK_OK(mv_bytearray_new(NULL, 0, &object, &error));
    source = view_of(object);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        CHECK_OK(mv_view_slice(source, texts[i], &view, &error));
        CHECK_PTR(mv_view_buffer(view)->buf, mv_view_buffer(source)->buf);
        CHECK_INT(mv_view_buffer(view)->len, 0);
        mv_view_unref(view);
    }
    mv_view_unref(source);
    mv_object_unref(object);
    source = wrapped(bytes, "B", MV_DIMS(3, 0));
    CHECK_OK(mv_view_slice(source, "::-1, ::-1", &view, &error)); /* 3 rows without bytes lead nowhere */
    const unsigned char *at = (const unsigned char *)mv_view_buffer(view)->buf;
    CHECK(at >= bytes && at <= bytes + 12);
    mv_view_unref(view);
    CHECK_OK(mv_view_slice(source, "2", &view, &error));
    CHECK_INT(mv_view_buffer(view)->len, 0);
    mv_view_unref(view);
    mv_view_unref(source);
}

TEST(fault_033_more_indices_than_dimensions)
{
    const ptrdiff_t index[] = {0, 0, 0};
    int64_t value = 0;
    void *at = NULL;
    begin();
    CHECK_REFUSED(mv_view_index(source, MV_ITEMS(MV_AT(0), MV_AT(0), MV_AT(0)), &view, &error), view,
                  MV_E_TYPE);
    CHECK(error.value == 3 && error.limit == 2);
    CHECK_REFUSED(mv_view_index(source, MV_ITEMS(MV_ALL, MV_ELLIPSIS, MV_ALL, MV_ALL), &view, &error), view,
                  MV_E_TYPE);
    CHECK_REFUSED(mv_view_slice(source, "0, 0, 0", &view, &error), view, MV_E_TYPE);
    CHECK_STATUS(mv_view_get_i64(source, index, 3, &value, &error), MV_E_TYPE);
    CHECK_STATUS(mv_view_get_i64(source, index, 1, &value, &error), MV_E_TYPE);
    CHECK_STATUS(mv_view_get_i64(source, NULL, 0, &value, &error), MV_E_TYPE);
    CHECK_STATUS(mv_buffer_pointer(mv_view_buffer(source), index, 3, &at, &error), MV_E_TYPE);
    CHECK_STATUS(mv_buffer_pointer(mv_view_buffer(source), index, 1, &at, &error), MV_E_TYPE);
    CHECK_OK(
        mv_view_index(source, MV_ITEMS(MV_NEWAXIS, MV_ALL, MV_ELLIPSIS, MV_ALL, MV_NEWAXIS), &view, &error));
    CHECK_INT(mv_view_buffer(view)->ndim, 4);
    mv_view_unref(view);
    mv_view_unref(source);
    source = wrapped(bytes, "B", NULL, 0);
    CHECK_REFUSED(mv_view_index(source, MV_ITEMS(MV_ALL), &view, &error), view, MV_E_TYPE);
    CHECK_REFUSED(mv_view_slice(source, "0", &view, &error), view, MV_E_TYPE);
    mv_view_unref(source);
}

TEST(fault_033_items_that_are_none)
{
    const mv_index unknown[] = {{4, 0, 0, 0, 0}}, negative[] = {{-1, 0, 0, 0, 0}};
    mv_index many[300];
    const mv_index all = MV_ALL;
    for (int i = 0; i < 300; i++) many[i] = all;
    begin();
    CHECK_REFUSED(mv_view_index(source, unknown, 1, &view, &error), view, MV_E_VALUE);
    CHECK_INT(error.value, 4);
    CHECK_REFUSED(mv_view_index(source, negative, 1, &view, &error), view, MV_E_VALUE);
    CHECK_REFUSED(mv_view_index(source, MV_ITEMS(MV_ELLIPSIS, MV_ELLIPSIS), &view, &error), view, MV_E_VALUE);
    CHECK_REFUSED(mv_view_index(source, many, 300, &view, &error), view, MV_E_TYPE);
    CHECK_REFUSED(mv_view_slice(source, "...,...", &view, &error), view, MV_E_VALUE);
    mv_view_unref(source);
}

TEST(fault_034_axes_that_are_no_permutation)
{
    static const int wrong[][2] = {{0, 0}, {1, 1},  {0, -2},        {-1, 1},
                                   {0, 2}, {-3, 0}, {INT32_MIN, 0}, {0, INT32_MAX}};
    const int three[] = {0, 1, 2}, one[] = {0}, negative[] = {-1, -2};
    begin();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_REFUSED(mv_view_transpose(source, wrong[i], 2, &view, &error), view, MV_E_VALUE);
    CHECK_REFUSED(mv_view_transpose(source, three, 3, &view, &error), view, MV_E_VALUE);
    CHECK_REFUSED(mv_view_transpose(source, one, 1, &view, &error), view, MV_E_VALUE);
    CHECK_REFUSED(mv_view_transpose(source, one, 0, &view, &error), view, MV_E_VALUE);
    CHECK_OK(mv_view_transpose(source, negative, 2, &view, &error));
    CHECK_INT(mv_view_buffer(view)->shape[0], 4);
    mv_view_unref(view);
    mv_view_unref(source);
}

TEST(fault_035_reshape_that_needs_a_copy)
{
    mv_view *columns = NULL, *flat = NULL;
    begin();
    CHECK_OK(mv_view_slice(source, ":, 0:3", &columns, &error));
    CHECK_REFUSED(mv_view_reshape(columns, MV_DIMS(9), 'C', &view, &error), view, MV_E_UNSUPPORTED);
    CHECK_REFUSED(mv_view_reshape(columns, MV_DIMS(-1), 'A', &view, &error), view, MV_E_UNSUPPORTED);
    mv_view_unref(columns);
    CHECK_OK(mv_view_transpose(source, NULL, 0, &columns, &error));
    CHECK_REFUSED(mv_view_reshape(columns, MV_DIMS(12), 'C', &view, &error), view, MV_E_UNSUPPORTED);
    CHECK_REFUSED(mv_view_reshape(columns, MV_DIMS(2, 6), 'C', &view, &error), view, MV_E_UNSUPPORTED);
    CHECK_OK(mv_view_reshape(columns, MV_DIMS(12), 'F', &flat, &error));
    CHECK_PTR(mv_view_buffer(flat)->buf, bytes);
    mv_view_unref(flat);
    mv_view_unref(columns);
    CHECK_OK(mv_view_slice(source, "::-1", &columns, &error));
    CHECK_REFUSED(mv_view_reshape(columns, MV_DIMS(12), 'C', &view, &error), view, MV_E_UNSUPPORTED);
    CHECK_OK(mv_view_reshape(columns, MV_DIMS(3, 2, 2), 'C', &flat, &error));
    mv_view_unref(flat);
    CHECK_REFUSED(mv_view_reshape(columns, MV_DIMS(5, 2), 'C', &view, &error), view, MV_E_SHAPE);
    mv_view_unref(columns);
    mv_view_unref(source);
}

TEST(fault_036_cast_between_two_formats_that_are_no_bytes)
{
    const float one[] = {1.0f, 2.0f};
    uint64_t value = 0;
    uint32_t word;
    source = wrapped((void *)(uintptr_t)one, "f", MV_DIMS(2));
    CHECK_OK(mv_view_cast(source, "I", MV_NO_SHAPE, 'C', &view, &error));
    memcpy(&word, &one[1], sizeof word);
    CHECK_OK(mv_view_get_u64(view, (const ptrdiff_t[]){1}, 1, &value, &error));
    CHECK_INT(value, word);
    mv_view_unref(view);
    CHECK_OK(mv_view_cast(source, "Q", NULL, 0, 'C', &view, &error));
    CHECK_INT(mv_view_buffer(view)->ndim, 0);
    mv_view_unref(view);
    CHECK_OK(mv_view_cast(source, "h", MV_DIMS(2, 2), 'F', &view, &error));
    CHECK_INT(mv_view_buffer(view)->strides[1], 4);
    mv_view_unref(view);
    CHECK_REFUSED(mv_view_cast(source, "I", MV_DIMS(3), 'C', &view, &error), view, MV_E_TYPE);
    CHECK_REFUSED(mv_view_cast(source, "d", MV_DIMS(2), 'C', &view, &error), view, MV_E_TYPE);
    mv_view_unref(source);
}

/* libpng #457 and its kin: a size less an offset that is greater. */
TEST(libpng_457_size_minus_offset_underflows)
{
    mv_object *object = counting_bytearray(4);
    CHECK_STATUS(mv_bytearray_splice(object, 5, 0, "x", 1, &error), MV_E_INDEX);
    CHECK_INT(error.value, 5);
    CHECK_INT(error.limit, 4);
    CHECK_STATUS(mv_bytearray_splice(object, 3, 2, NULL, 0, &error), MV_E_INDEX);
    CHECK_STATUS(mv_bytearray_splice(object, 4, 1, NULL, 0, &error), MV_E_INDEX);
    CHECK_STATUS(mv_bytearray_splice(object, SIZE_MAX, 1, "x", 1, &error), MV_E_INDEX);
    CHECK_STATUS(mv_bytearray_splice(object, 1, SIZE_MAX, "x", 1, &error), MV_E_INDEX);
    CHECK_STATUS(mv_bytearray_splice(object, SIZE_MAX, SIZE_MAX, NULL, 0, &error), MV_E_INDEX);
    source = view_of(object);
    CHECK_ITEMS(source, "\0\1\2\3", 4);
    mv_view_unref(source);
    mv_object_unref(object);
}
