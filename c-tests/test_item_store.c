/* Items: writing one. */
#include "fixtures.h"

#include <float.h>
#include <math.h>

/* A view of one item of a format, all bytes 0x5a. */
static mv_view *slot(const char *format)
{
    mv_object *array;
    CHECK_OK(mv_array_new(format, NULL, 0, 'C', &array, &error));
    mv_view *view = view_taking(array);
    memset(mv_view_buffer(view)->buf, 0x5a, (size_t)mv_view_buffer(view)->len);
    return view;
}

/* Stores the value, and compares the bytes of the item. */
static void check_stored(const char *format, mv_scalar value, const void *expected)
{
    mv_view *view = slot(format);
    CHECK_OK(mv_view_set(view, NULL, 0, &value, &error));
    CHECK_BYTES(mv_view_buffer(view)->buf, expected, (size_t)mv_view_buffer(view)->len);
    DROP(view);
}

/* The value is refused, and nothing written. */
static void check_kept(const char *format, mv_scalar value, mv_status expected)
{
    static const char before[] = "\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a";
    mv_view *view = slot(format);
    CHECK_STATUS(mv_view_set(view, NULL, 0, &value, &error), expected);
    CHECK_BYTES(mv_view_buffer(view)->buf, before, (size_t)mv_view_buffer(view)->len);
    DROP(view);
}

TEST(acceptance_055_unsigned_byte)
{
    check_kept("B", scalar_int(256), MV_E_RANGE);
    CHECK_INT(error.value, 256);
    check_kept("B", scalar_int(-1), MV_E_RANGE);
    CHECK_INT(error.value, -1);
    check_kept("B", scalar_float(1.0), MV_E_TYPE);
    check_kept("B", scalar_bytes("a", 1), MV_E_TYPE);
    check_stored("B", scalar_int(255), "\xff");
    check_stored("B", scalar_int(0), "\0");
    check_stored("B", scalar_uint(255), "\xff");
    check_stored("B", scalar_bool(1), "\1");
    mv_view *view = slot("B");
    CHECK_STATUS(mv_view_set_i64(view, NULL, 0, 256, &error), MV_E_RANGE);
    CHECK_STATUS(mv_view_set_i64(view, NULL, 0, -1, &error), MV_E_RANGE);
    CHECK_STATUS(mv_view_set_u64(view, NULL, 0, 256, &error), MV_E_RANGE);
    CHECK_STATUS(mv_view_set_f64(view, NULL, 0, 1.0, &error), MV_E_TYPE);
    CHECK_ITEMS(view, 0x5a);
    CHECK_OK(mv_view_set_u64(view, NULL, 0, 255, &error));
    CHECK_ITEMS(view, 255);
    DROP(view);
}

TEST(acceptance_056_integers_out_of_range)
{
    check_kept("b", scalar_int(-129), MV_E_RANGE);
    CHECK_INT(error.value, -129);
    check_kept("b", scalar_int(128), MV_E_RANGE);
    check_kept("h", scalar_int(40000), MV_E_RANGE);
    check_kept("h", scalar_int(-32769), MV_E_RANGE);
    check_kept("H", scalar_int(65536), MV_E_RANGE);
    check_kept("i", scalar_int(INT64_C(2147483648)), MV_E_RANGE);
    check_kept("I", scalar_int(INT64_C(4294967296)), MV_E_RANGE);
    check_kept("q", scalar_uint(UINT64_C(1) << 63), MV_E_RANGE);
    check_kept("n", scalar_uint((uint64_t)PTRDIFF_MAX + 1), MV_E_RANGE);
    check_kept("N", scalar_int(-1), MV_E_RANGE);
    check_kept("Q", scalar_int(-1), MV_E_RANGE);
    const int64_t least = INT64_MIN;
    const uint64_t most = UINT64_MAX;
    const short low = -32768;
    check_stored("h", scalar_int(-32768), &low);
    check_stored("q", scalar_int(least), &least);
    check_stored("Q", scalar_uint(most), &most);
    mv_view *view = slot("q");
    CHECK_STATUS(mv_view_set_u64(view, NULL, 0, UINT64_C(1) << 63, &error), MV_E_RANGE);
    CHECK_OK(mv_view_set_u64(view, NULL, 0, (UINT64_C(1) << 63) - 1, &error));
    CHECK_ITEMS(view, INT64_MAX);
    DROP(view);
}

TEST(acceptance_057_character)
{
    check_stored("c", scalar_bytes("a", 1), "a");
    check_stored("c", scalar_bytes("\0", 1), "\0");
    check_kept("c", scalar_bytes("ab", 2), MV_E_VALUE);
    CHECK_ERROR(-1, -1, 2, 1);
    check_kept("c", scalar_bytes("", 0), MV_E_VALUE);
    check_kept("c", scalar_int(97), MV_E_TYPE);
    check_kept("c", scalar_float(97), MV_E_TYPE);
}

TEST(acceptance_058_truth)
{
    const mv_scalar truthy[] = {scalar_bool(1),     scalar_int(-5),    scalar_uint(256),
                                scalar_float(0.25), scalar_float(NAN), scalar_bytes("\0", 1),
                                scalar_pointer(1)};
    const mv_scalar falsy[] = {scalar_bool(0),     scalar_int(0),       scalar_uint(0),   scalar_float(0.0),
                               scalar_float(-0.0), scalar_bytes("", 0), scalar_pointer(0)};
    for (int i = 0; i < 7; i++) {
        check_stored("?", truthy[i], "\1");
        check_stored("?", falsy[i], "\0");
    }
    mv_view *view = slot("?");
    CHECK_OK(mv_view_set_i64(view, NULL, 0, 512, &error));
    CHECK_BYTES(mv_view_buffer(view)->buf, "\1", 1);
    CHECK_OK(mv_view_set_f64(view, NULL, 0, 0.0, &error));
    CHECK_BYTES(mv_view_buffer(view)->buf, "\0", 1);
    DROP(view);
}

TEST(acceptance_059_float_stores_infinity)
{
    const float up = INFINITY, down = -INFINITY, tenth = 0.1f, most = FLT_MAX;
    check_stored("f", scalar_float(1e39), &up);
    check_stored("f", scalar_float(-1e39), &down);
    check_stored("f", scalar_float(0.1), &tenth);
    check_stored("f", scalar_float((double)FLT_MAX), &most);
    check_stored("f", scalar_float((double)INFINITY), &up);
    mv_view *view = slot("f");
    CHECK_OK(mv_view_set_f64(view, NULL, 0, 1e300, &error));
    CHECK_BYTES(mv_view_buffer(view)->buf, &up, 4);
    /* The checked variant: a conversion by the strict rule. */
    const double great = 1e39;
    const float one = 1;
    mv_view *from;
    CHECK_OK(mv_view_set_i64(view, NULL, 0, 1, &error));
    CHECK_STATUS(mv_view_write(view, "d", 'C', &great, sizeof great, &error), MV_E_RANGE);
    CHECK_OK(mv_view_wrap((void *)(uintptr_t)&great, "d", NULL, 0, 1, &from, &error));
    CHECK_STATUS(mv_view_convert(view, from, MV_STRICT, &error), MV_E_RANGE);
    CHECK_BYTES(mv_view_buffer(view)->buf, &one, 4);
    DROP(view, from);
}

TEST(acceptance_060_half)
{
    const struct {
        double value;
        uint16_t bits;
    } halves[] = {{65519.0, 0x7bff},     {(double)INFINITY, 0x7c00}, {-65519.0, 0xfbff},
                  {1.0, 0x3c00},         {0x1p-24, 0x0001},          {0x1p-26, 0x0000},
                  {1 + 0x1p-11, 0x3c00}, {1 + 0x3p-11, 0x3c02}};
    for (int i = 0; i < 8; i++) check_stored("e", scalar_float(halves[i].value), &halves[i].bits);
    check_kept("e", scalar_float(65520.0), MV_E_RANGE);
    check_kept("e", scalar_float(-65520.0), MV_E_RANGE);
    check_kept("e", scalar_float(1e300), MV_E_RANGE);
    check_kept("e", scalar_int(65520), MV_E_RANGE);
    const uint16_t most = 0x7bff;
    check_stored("e", scalar_int(65504), &most);
    mv_view *view = slot("e");
    CHECK_OK(mv_view_set_f64(view, NULL, 0, 65519.0, &error));
    double back = 0;
    CHECK_OK(mv_view_get_f64(view, NULL, 0, &back, &error));
    CHECK_DOUBLE(back, 65504.0);
    DROP(view);
}

TEST(acceptance_061_pointer)
{
    const uintptr_t all = UINTPTR_MAX, some = (uintptr_t)fixture_junk, top = (uintptr_t)INTPTR_MIN;
    check_stored("P", scalar_int(-1), &all);
    check_stored("P", scalar_int(INTPTR_MIN), &top);
    check_stored("P", scalar_uint(UINTPTR_MAX), &all);
    check_stored("P", scalar_pointer(some), &some);
    check_kept("P", scalar_float(1.0), MV_E_TYPE);
    check_kept("P", scalar_bytes("a", 1), MV_E_TYPE);
    /* 2^64 is more than any scalar holds; where pointers are shorter, there is too much to be had. */
    if (sizeof(void *) < 8) check_kept("P", scalar_uint((uint64_t)UINTPTR_MAX + 1), MV_E_RANGE);
}

TEST(acceptance_062_read_only_memory)
{
    mv_view *view = view_taking(bytes_of("abc", 3)), *source = text_view("xyz");
    const mv_scalar value = scalar_int('x');
    CHECK_STATUS(mv_view_set(view, MV_DIMS(0), &value, &error), MV_E_READONLY);
    CHECK_STATUS(mv_view_set_i64(view, MV_DIMS(0), 'x', &error), MV_E_READONLY);
    CHECK_STATUS(mv_view_set_u64(view, MV_DIMS(0), 'x', &error), MV_E_READONLY);
    CHECK_STATUS(mv_view_set_f64(view, MV_DIMS(0), 1.0, &error), MV_E_READONLY);
    CHECK_STATUS(mv_view_fill(view, &value, &error), MV_E_READONLY);
    CHECK_STATUS(mv_view_copy(view, source, &error), MV_E_READONLY);
    CHECK_STATUS(mv_view_write(view, NULL, 'C', "xyz", 3, &error), MV_E_READONLY);
    CHECK_ITEMS(view, 'a', 'b', 'c');
    DROP(view, source);
}

TEST(numbers_into_floating_items)
{
    const double two = 2.0, minus = -1.0, one = 1.0, big = 0x1p63;
    check_stored("d", scalar_int(-1), &minus);
    check_stored("d", scalar_uint(2), &two);
    check_stored("d", scalar_bool(1), &one);
    check_stored("d", scalar_float(2.0), &two);
    check_stored("d", scalar_uint(UINT64_C(1) << 63), &big);
    check_kept("d", scalar_bytes("a", 1), MV_E_TYPE);
    mv_view *view = slot("d");
    CHECK_OK(mv_view_set_i64(view, NULL, 0, -1, &error));
    CHECK_BYTES(mv_view_buffer(view)->buf, &minus, 8);
    CHECK_OK(mv_view_set_u64(view, NULL, 0, 2, &error));
    CHECK_BYTES(mv_view_buffer(view)->buf, &two, 8);
    CHECK_OK(mv_view_set_f64(view, NULL, 0, (double)NAN, &error));
    double back = 0;
    CHECK_OK(mv_view_get_f64(view, NULL, 0, &back, &error));
    CHECK(back != back);
    DROP(view);
}

TEST(values_of_unknown_kinds)
{
    mv_scalar strange = scalar_int(1);
    const int32_t kinds[] = {0, -1, 12, 99, MV_RECORD, MV_ARRAY};
    for (int i = 0; i < 6; i++) {
        strange.kind = kinds[i];
        check_kept("B", strange, MV_E_TYPE);
    }
}

TEST(pointers_go_into_pointers_alone)
{
    const char *const formats[] = {"B", "h", "Q", "N", "d", "c"};
    for (int i = 0; i < 6; i++) check_kept(formats[i], scalar_pointer(1), MV_E_TYPE);
}

TEST(index_is_checked_before_the_value)
{
    mv_view *view = numbered("h", MV_DIMS(2), 'C');
    const mv_scalar wrong = scalar_bytes("x", 1);
    CHECK_STATUS(mv_view_set(view, MV_DIMS(2), &wrong, &error), MV_E_INDEX);
    CHECK_STATUS(mv_view_set_i64(view, MV_DIMS(-3), 40000, &error), MV_E_INDEX);
    CHECK_STATUS(mv_view_set_f64(view, MV_DIMS(2), 1.0, &error), MV_E_INDEX);
    CHECK_STATUS(mv_view_set_f64(view, MV_DIMS(0, 0), 1.0, &error), MV_E_TYPE);
    CHECK_INT(error.limit, 1);
    DROP(view);
}

#define EACH_WRITER(view, index, ndim, expected)                                \
    do {                                                                        \
        CHECK_STATUS(mv_view_set(view, index, ndim, &value, &error), expected); \
        CHECK_STATUS(mv_view_set_i64(view, index, ndim, 1, &error), expected);  \
        CHECK_STATUS(mv_view_set_u64(view, index, ndim, 1, &error), expected);  \
        CHECK_STATUS(mv_view_set_f64(view, index, ndim, 1, &error), expected);  \
    } while (0)

TEST(set_refuses)
{
    mv_object *array;
    CHECK_OK(mv_array_new("d", MV_DIMS(2, 2), 'C', &array, &error));
    mv_view *view = view_taking(array);
    const ptrdiff_t index[65] = {0}, outside[] = {0, 2}, below[] = {-3, 0};
    const mv_scalar value = scalar_int(1);
    EACH_WRITER(NULL, index, 2, MV_E_NULL);
    CHECK_INT(error.dim, 1);
    EACH_WRITER(view, NULL, 2, MV_E_NULL);
    CHECK_INT(error.dim, 2);
    EACH_WRITER(view, index, -1, MV_E_VALUE);
    EACH_WRITER(view, index, 65, MV_E_LIMIT);
    EACH_WRITER(view, index, 1, MV_E_TYPE);
    EACH_WRITER(view, index, 3, MV_E_TYPE);
    EACH_WRITER(view, outside, 2, MV_E_INDEX);
    CHECK_ERROR(1, -1, 2, 2);
    EACH_WRITER(view, below, 2, MV_E_INDEX);
    CHECK_ERROR(0, -1, -3, 2);
    CHECK_STATUS(mv_view_set(view, index, 2, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 4);
    CHECK_BYTES(mv_view_buffer(view)->buf, fixture_zeros, 4 * sizeof(double));
    DROP(view);
}
