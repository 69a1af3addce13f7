/* Equality of views: by value, across formats. */
#include <limits.h>
#include <math.h>

#include "fixtures.h"

/* A view of these bytes, which are copied, in one dimension or in the shape given. */
static mv_view *of(const char *format, const void *data, size_t length, const ptrdiff_t *shape, int ndim)
{
    mv_view *bytes = view_taking(bytearray_of(data, length)), *made = NULL;
    CHECK_OK(mv_view_cast(bytes, format, shape, shape == NULL ? -1 : ndim, 'C', &made, &error));
    DROP(bytes);
    return made;
}
#define OF(format, ...) of(format, (__VA_ARGS__), sizeof(__VA_ARGS__), NULL, 0)

static void check_equal(const mv_view *a, const mv_view *b, int expected, int line)
{
    int forward = -1, backward = -1;
    CHECK_OK(mv_view_equal(a, b, &forward, &error));
    CHECK_OK(mv_view_equal(b, a, &backward, &error));
    if (forward != expected || backward != expected)
        harness_fail(__FILE__, line, "equal is %d and %d, expected %d", forward, backward, expected);
}

/* The two, which are dropped, are equal or not. */
static void equal_is(mv_view *a, mv_view *b, int expected, int line)
{
    check_equal(a, b, expected, line);
    DROP(a, b);
}
#define EQUAL(a, b) equal_is(a, b, 1, __LINE__)
#define UNEQUAL(a, b) equal_is(a, b, 0, __LINE__)

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OWN "<"
#define OTHER ">"
#else
#define OWN ">"
#define OTHER "<"
#endif

/* Its kind stands for the repr. */
TEST(acceptance_034_kind_equality_and_hash_of_a_released_view)
{
    mv_view *view = view_taking(bytes_of("abc", 3)), *twin = text_view("abc"), *other;
    uint64_t before = 0, hash = 7;
    CHECK_OK(mv_view_toreadonly(view, &other, &error));
    CHECK_OK(mv_view_hash(view, 1, &hash, &error));
    CHECK_OK(mv_view_hash(view, 5, &before, &error));
    CHECK_OK(mv_view_release(view, &error));
    CHECK_STR(mv_object_type_name(mv_view_as_object(view)), "view");
    check_equal(view, view, 1, __LINE__);
    check_equal(view, twin, 0, __LINE__);
    check_equal(view, other, 0, __LINE__);
    check_equal(other, twin, 1, __LINE__);
    CHECK_OK(mv_view_hash(view, 5, &hash, &error));
    CHECK(hash == before);
    CHECK_STATUS(mv_view_hash(view, 1, &hash, &error), MV_E_RELEASED); /* the last one alone is kept */
    CHECK_OK(mv_view_release(other, &error));
    CHECK_STATUS(mv_view_hash(other, 5, &hash, &error), MV_E_RELEASED); /* never asked before */
    CHECK(hash == before);
    DROP(view, twin, other);
}

TEST(acceptance_092_integers_and_floats)
{
    EQUAL(OF("b", (signed char[]){1}), OF("d", (double[]){1.0}));
    UNEQUAL(OF("b", (signed char[]){1}), OF("d", (double[]){1.5}));
    EQUAL(OF("e", (unsigned char[]){0, 0}), OF("B", (unsigned char[]){0}));
}

TEST(acceptance_093_byte_orders_and_widths)
{
    EQUAL(OF("<i", (unsigned char[]){5, 0, 0, 0}), OF(">h", (unsigned char[]){0, 5}));
    EQUAL(OF("<h", (unsigned char[]){0xfe, 0xff}),
          OF(">q", (unsigned char[]){255, 255, 255, 255, 255, 255, 255, 254}));
    UNEQUAL(OF("<H", (unsigned char[]){1, 0}), OF(">H", (unsigned char[]){1, 0}));
}

TEST(acceptance_094_integers_are_compared_exactly)
{
    UNEQUAL(OF("q", (long long[]){(1LL << 53) + 1}), OF("d", (double[]){9007199254740992.0}));
    EQUAL(OF("q", (long long[]){1LL << 53}), OF("d", (double[]){9007199254740992.0}));
    UNEQUAL(OF("Q", (unsigned long long[]){ULLONG_MAX}), OF("d", (double[]){18446744073709551616.0}));
    UNEQUAL(OF("Q", (unsigned long long[]){ULLONG_MAX}), OF("q", (long long[]){-1}));
}

TEST(acceptance_095_singles_and_doubles)
{
    UNEQUAL(OF("f", (float[]){0.1f}), OF("d", (double[]){0.1}));
    EQUAL(OF("f", (float[]){0.5f}), OF("d", (double[]){0.5}));
    EQUAL(OF("g", (long double[]){0.5L}), OF("d", (double[]){0.5}));
    static const long double tenth[] = {0.1L}; /* not loaded: valgrind keeps 64 bits of what is */
    UNEQUAL(of("g", tenth, sizeof tenth, NULL, 0), OF("d", (double[]){0.1}));
}

TEST(acceptance_096_nan_equals_nothing)
{
    const double nan[] = {0.0, (double)NAN};
    mv_view *view = of("d", nan, sizeof nan, NULL, 0);
    check_equal(view, view, 0, __LINE__);
    DROP(view);
    view = of("Zd", nan, sizeof nan, NULL, 0);
    check_equal(view, view, 0, __LINE__);
    DROP(view);
}

TEST(acceptance_097_zeros_of_both_signs)
{
    EQUAL(OF("d", (double[]){-0.0}), OF("d", (double[]){0.0}));
    EQUAL(OF("f", (float[]){-0.0f}), OF("d", (double[]){0.0}));
    EQUAL(OF("d", (double[]){-0.0}), OF("b", (signed char[]){0}));
    EQUAL(OF("Zd", (double[]){-0.0, 0.0}), OF("Zd", (double[]){0.0, -0.0}));
}

TEST(acceptance_098_padding_is_no_value)
{
    struct {
        int value;
        unsigned char rest[1];
    } padded = {1, {7}};
    EQUAL(of("ix", &padded, sizeof(int) + 1, NULL, 0), OF("i", (int[]){1}));
    EQUAL(OF("<ix", (unsigned char[]){1, 0, 0, 0, 7}), OF("<i", (unsigned char[]){1, 0, 0, 0}));
    EQUAL(OF("T{b:a:3xb:b:}", (unsigned char[]){1, 9, 9, 9, 2}), OF("T{b:x:b:y:}", (unsigned char[]){1, 2}));
}

TEST(acceptance_099_sequences_value_by_value)
{
    EQUAL(OF("ii", (int[]){1, 2}), OF("qq", (long long[]){1, 2}));
    EQUAL(OF("ii", (int[]){1, 2}), OF("2i", (int[]){1, 2}));
    UNEQUAL(OF("ii", (int[]){1, 2}), OF("ii", (int[]){1, 3}));
    mv_view *one = of("i", (int[]){1}, sizeof(int), NULL, 0),
            *two = of("ii", (int[]){1, 1}, 2 * sizeof(int), NULL, 0);
    UNEQUAL(two, one);
}

TEST(acceptance_100_bytes_are_no_numbers)
{
    UNEQUAL(OF("c", "a"), OF("B", "a"));
    EQUAL(OF("c", (char[]){'a'}), OF("s", (char[]){'a'}));
    EQUAL(OF("3s", (char[]){'a', 'b', 'c'}), OF("4p", (char[]){3, 'a', 'b', 'c'}));
    UNEQUAL(OF("3s", (char[]){'a', 'b', 'c'}), OF("4s", (char[]){'a', 'b', 'c', 0}));
    EQUAL(OF("4p", (char[]){1, 'a', 'x', 'x'}), OF("4p", (char[]){1, 'a', 'y', 'y'}));
}

TEST(acceptance_101_truth_is_compared)
{
    mv_view *two = OF("?", (unsigned char[]){2});
    mv_scalar item;
    CHECK_OK(mv_view_get(two, MV_DIMS(0), &item, &error));
    CHECK_INT(item.kind, MV_BOOL);
    CHECK_INT(item.as.i, 1);
    EQUAL(two, OF("?", (unsigned char[]){1}));
    UNEQUAL(OF("?", (unsigned char[]){0}), OF("?", (unsigned char[]){1}));
}

TEST(acceptance_102_truth_and_numbers)
{
    UNEQUAL(OF("?", (unsigned char[]){2}), OF("B", (unsigned char[]){2}));
    EQUAL(OF("?", (unsigned char[]){2}), OF("B", (unsigned char[]){1}));
}

static mv_view *empty(ptrdiff_t first, ptrdiff_t second)
{
    return numbered("i", MV_DIMS(first, second), 'C');
}

TEST(acceptance_103_shapes_without_items)
{
    EQUAL(empty(0, 5), empty(0, 7));
    UNEQUAL(empty(5, 0), empty(7, 0));
    EQUAL(empty(5, 0), empty(5, 0));
    UNEQUAL(empty(0, 5), numbered("i", MV_DIMS(0), 'C'));
    UNEQUAL(numbered("i", NULL, 0, 'C'), numbered("i", MV_DIMS(1), 'C'));
    UNEQUAL(numbered("i", MV_DIMS(2, 3), 'C'), numbered("i", MV_DIMS(3, 2), 'C'));
}

TEST(acceptance_104_structs_equal_themselves)
{
    mv_view *view = OF("T{i:a:}", (int[]){1, 2});
    check_equal(view, view, 1, __LINE__);
    EQUAL(view, OF("T{q:other:}", (long long[]){1, 2}));
    UNEQUAL(OF("T{i:a:}", (int[]){1}), OF("i", (int[]){1}));
    EQUAL(OF("T{(2)h:a:T{B:b:B:c:}:d:}", (unsigned char[]){1, 0, 2, 0, 3, 4}),
          OF("T{(2)" OWN "h:a:T{B:b:B:c:}:d:}", (unsigned char[]){1, 0, 2, 0, 3, 4}));
}

TEST(acceptance_105_addresses_and_integers)
{
    const uintptr_t bits[] = {0x1234, 0};
    EQUAL(of("P", bits, sizeof bits, NULL, 0), of("N", bits, sizeof bits, NULL, 0));
    EQUAL(of("P", bits, sizeof bits, NULL, 0), OF("Q", (unsigned long long[]){0x1234, 0}));
    UNEQUAL(of("P", bits, sizeof bits, NULL, 0), OF("Q", (unsigned long long[]){0x1234, 1}));
}

TEST(sub_arrays_element_by_element)
{
    mv_view *swapped = OF("(2,2)h", (short[]){1, 2, 3, 4}), *made;
    CHECK_OK(mv_view_byteswap(swapped, &error));
    CHECK_OK(mv_view_cast(swapped, "(2,2)" OTHER "H", MV_NO_SHAPE, 'C', &made, &error));
    EQUAL(OF("(2,2)h", (short[]){1, 2, 3, 4}), made);
    DROP(swapped);
    UNEQUAL(OF("(2,2)h", (short[]){1, 2, 3, 4}), OF("(4)h", (short[]){1, 2, 3, 4}));
    UNEQUAL(OF("(2)h", (short[]){1, 2}), OF("hh", (short[]){1, 2}));
}

TEST(characters_and_complex_numbers)
{
    EQUAL(OF("<2u", (unsigned char[]){'a', 0, 0, 0}), OF(">2w", (unsigned char[]){0, 0, 0, 'a', 0, 0, 0, 0}));
    EQUAL(OF("<2u", (unsigned char[]){0x3d, 0xd8, 0, 0xde}), OF("<w", (unsigned char[]){0, 0xf6, 1, 0}));
    UNEQUAL(OF("<u", (unsigned char[]){'a', 0}), OF("c", (char[]){'a'}));
    EQUAL(OF("Zf", (float[]){1, 0}), OF("h", (short[]){1}));
    UNEQUAL(OF("Zf", (float[]){1, 2}), OF("h", (short[]){1}));
    EQUAL(OF("Zf", (float[]){1, 2}), OF("Zd", (double[]){1, 2}));
}

TEST(items_without_a_meaning)
{
    unsigned char bytes[] = {1, 2, 3, 4, 1, 2, 3, 4};
    mv_buffer odd = {.buf = bytes, .itemsize = 4, .format = "T{<i:a:<i:b:}"};
    mv_view *a, *b, *c, *plain;
    CHECK_OK(mv_view_from_buffer(&odd, &a, &error));
    odd.buf = bytes + 4;
    CHECK_OK(mv_view_from_buffer(&odd, &b, &error));
    check_equal(a, a, 1, __LINE__);
    check_equal(a, b, 1, __LINE__);
    odd.format = "T{<q:a:}";
    CHECK_OK(mv_view_from_buffer(&odd, &c, &error));
    check_equal(a, c, 0, __LINE__);
    plain = of("=i", bytes, 4, NULL, 0);
    check_equal(a, plain, 0, __LINE__);
    bytes[7] = 9;
    check_equal(a, b, 0, __LINE__);
    DROP(a, b, c, plain);
    EQUAL(OF("&i", (uintptr_t[]){7}), OF("&i", (uintptr_t[]){7}));
    UNEQUAL(OF("&i", (uintptr_t[]){7}), OF("&h", (uintptr_t[]){7}));
    UNEQUAL(OF("T{&i:p:}", (uintptr_t[]){7}), OF("T{&h:p:}", (uintptr_t[]){7}));
}

TEST(layouts_do_not_matter)
{
    mv_view *view = numbered("h", MV_DIMS(3, 4), 'C'), *other = numbered("h", MV_DIMS(3, 4), 'F'), *turned,
            *back;
    check_equal(view, other, 1, __LINE__);
    turned = sliced(view, "::-1, ::-2");
    back = sliced(other, "::-1, ::-2");
    check_equal(turned, back, 1, __LINE__);
    CHECK_OK(mv_view_set_i64(other, MV_DIMS(0, 1), -1, &error));
    check_equal(view, other, 0, __LINE__);
    check_equal(turned, back, 0, __LINE__);
    DROP(view, other, turned, back);
    EQUAL(table_view(2, 3, 4), numbered("B", MV_DIMS(3, 4), 'F'));
    EQUAL(table_view(2, 3, 4), numbered("q", MV_DIMS(3, 4), 'C'));
}

static void put(mv_view *view, ptrdiff_t row, ptrdiff_t column, int is_float, double value)
{
    if (is_float)
        CHECK_OK(mv_view_set_f64(view, MV_DIMS(row, column), value, &error));
    else
        CHECK_OK(mv_view_set_i64(view, MV_DIMS(row, column), (int64_t)value, &error));
}

/* Two matrices with the same numbers, one in C's order and one in Fortran's: every place is looked at. */
static void check_orders(const char *format, int is_float)
{
    mv_object *objects[2];
    mv_view *rows, *columns;
    CHECK_OK(mv_array_new(format, MV_DIMS(24, 18), 'C', &objects[0], &error));
    CHECK_OK(mv_array_new(format, MV_DIMS(24, 18), 'F', &objects[1], &error));
    CHECK_OK(mv_view_new(objects[0], MV_FULL, &rows, &error));
    CHECK_OK(mv_view_new(objects[1], MV_FULL, &columns, &error));
    for (ptrdiff_t i = 0; i < 24 * 18; i++) put(rows, i / 18, i % 18, is_float, (double)(i % 100));
    CHECK_OK(mv_view_copy(columns, rows, &error));
    check_equal(rows, columns, 1, __LINE__);
    for (ptrdiff_t i = 0; i < 24 * 18; i += 61) {
        put(rows, i / 18, i % 18, is_float, 101);
        check_equal(rows, columns, 0, __LINE__);
        put(rows, i / 18, i % 18, is_float, (double)(i % 100));
    }
    check_equal(rows, columns, 1, __LINE__);
    if (is_float) {
        put(rows, 5, 7, is_float, 0.0);
        put(columns, 5, 7, is_float, -0.0);
        check_equal(rows, columns, 1, __LINE__);
        put(rows, 5, 7, is_float, NAN);
        put(columns, 5, 7, is_float, NAN);
        check_equal(rows, columns, 0, __LINE__);
    }
    DROP(rows, columns);
    for (int i = 0; i < 2; i++) mv_object_unref(objects[i]);
}

TEST(orders_of_matrices_do_not_matter)
{
    check_orders("B", 0);
    check_orders("h", 0);
    check_orders("f", 1);
    check_orders("d", 1);
}

TEST(equal_refuses)
{
    mv_view *view = text_view("a");
    mv_object *object = bytes_of("a", 1);
    int equal = 7;
    CHECK_STATUS(mv_view_equal(NULL, view, &equal, &error), MV_E_NULL);
    CHECK_STATUS(mv_view_equal(view, no_view(object), &equal, &error), MV_E_TYPE);
    CHECK_INT(equal, 7);
    DROP(view);
    mv_object_unref(object);
}
