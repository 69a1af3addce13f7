/* Items: reading one, as a scalar and as a number. */
#include "fixtures.h"

#include <float.h>
#include <limits.h>

TEST(acceptance_041_index_of_one_dimension)
{
    mv_view *view = numbered("B", MV_DIMS(12), 'C');
    int64_t item = 77;
    CHECK_OK(mv_view_get_i64(view, MV_DIMS(-1), &item, &error));
    CHECK_INT(item, 11);
    CHECK_OK(mv_view_get_i64(view, MV_DIMS(-12), &item, &error));
    CHECK_INT(item, 0);
    CHECK_STATUS(mv_view_get_i64(view, MV_DIMS(12), &item, &error), MV_E_INDEX);
    CHECK_ERROR(0, -1, 12, 12);
    CHECK_STATUS(mv_view_get_i64(view, MV_DIMS(-13), &item, &error), MV_E_INDEX);
    CHECK_ERROR(0, -1, -13, 12);
    CHECK_STATUS(mv_view_get_i64(view, MV_DIMS(PTRDIFF_MIN), &item, &error), MV_E_INDEX);
    CHECK_STATUS(mv_view_get_i64(view, MV_DIMS(PTRDIFF_MAX), &item, &error), MV_E_INDEX);
    CHECK_INT(item, 0);
    DROP(view);
}

TEST(acceptance_042_index_error_names_dimension)
{
    mv_view *view = numbered("B", MV_DIMS(3, 4), 'C');
    mv_scalar item;
    CHECK_STATUS(mv_view_get(view, MV_DIMS(3, 0), &item, &error), MV_E_INDEX);
    CHECK_ERROR(0, -1, 3, 3);
    CHECK_STATUS(mv_view_get(view, MV_DIMS(0, 4), &item, &error), MV_E_INDEX);
    CHECK_ERROR(1, -1, 4, 4);
    DROP(view);
}

TEST(acceptance_043_negative_index_in_each_dimension)
{
    mv_view *view = numbered("B", MV_DIMS(3, 4), 'C');
    mv_scalar item;
    CHECK_OK(mv_view_get(view, MV_DIMS(-1, -1), &item, &error));
    CHECK_INT(item.kind, MV_UINT);
    CHECK_INT(item.as.u, 11);
    DROP(view);
}

TEST(acceptance_044_more_indices_than_dimensions)
{
    mv_view *view = numbered("B", MV_DIMS(3, 4), 'C'), *made;
    mv_scalar item;
    CHECK_STATUS(mv_view_get(view, MV_DIMS(1, 2, 3), &item, &error), MV_E_TYPE);
    CHECK_ERROR(-1, -1, 3, 2);
    CHECK_NOTHING(made, mv_view_slice(view, "1, 2, 3", &made, &error), MV_E_TYPE);
    CHECK_STATUS(mv_view_get(view, MV_DIMS(1), &item, &error), MV_E_TYPE); /* nor fewer, for an item */
    CHECK_ERROR(-1, -1, 1, 2);
    DROP(view);
}

TEST(acceptance_048_item_of_no_dimensions)
{
    mv_view *view = numbered("H", NULL, 0, 'C'), *same, *also;
    mv_scalar item;
    const unsigned short number = 4711;
    memcpy(mv_view_buffer(view)->buf, &number, 2);
    CHECK_OK(mv_view_get(view, NULL, 0, &item, &error));
    CHECK_INT(item.as.u, 4711);
    CHECK_OK(mv_view_index(view, MV_ITEMS(MV_ELLIPSIS), &same, &error));
    CHECK_INT(mv_view_buffer(same)->ndim, 0);
    CHECK_PTR(mv_view_buffer(same)->buf, mv_view_buffer(view)->buf);
    also = sliced(view, "...");
    CHECK_ITEMS(also, 4711);
    DROP(view, same, also);
}

/* One item of a format, whose bytes these are. */
static mv_view *item_of(const char *format, const void *data, size_t size)
{
    mv_view *bytes = view_taking(bytearray_of(data, size)), *view = NULL;
    CHECK_OK(mv_view_cast(bytes, format, NULL, 0, 'C', &view, &error));
    DROP(bytes);
    return view;
}

static mv_scalar scalar_of(const char *format, const void *data, size_t size)
{
    mv_view *view = item_of(format, data, size);
    mv_scalar item;
    memset(&item, 0x55, sizeof item);
    CHECK_OK(mv_view_get(view, NULL, 0, &item, &error));
    CHECK_INT(item.reserved, 0);
    CHECK_PTR(item.format, NULL);
    if (item.kind == MV_BYTES) CHECK_PTR(item.as.bytes.data, mv_view_buffer(view)->buf);
    DROP(view);
    return item;
}

#define SIGNED(code, type, number)                                  \
    do {                                                            \
        const type from = (number);                                 \
        const mv_scalar item = scalar_of(code, &from, sizeof from); \
        CHECK_INT(item.kind, MV_INT);                               \
        CHECK_INT(item.as.i, number);                               \
    } while (0)
#define UNSIGNED(code, type, number)                                \
    do {                                                            \
        const type from = (number);                                 \
        const mv_scalar item = scalar_of(code, &from, sizeof from); \
        CHECK_INT(item.kind, MV_UINT);                              \
        CHECK(item.as.u == (number));                               \
    } while (0)
#define FLOATING(code, type, number)                                \
    do {                                                            \
        const type from = (number);                                 \
        const mv_scalar item = scalar_of(code, &from, sizeof from); \
        CHECK_INT(item.kind, MV_FLOAT);                             \
        CHECK_DOUBLE(item.as.f, (double)from);                      \
    } while (0)

TEST(scalars_of_each_integer_format)
{
    SIGNED("b", signed char, -128);
    SIGNED("h", short, SHRT_MIN);
    SIGNED("i", int, INT_MIN);
    SIGNED("l", long, LONG_MIN);
    SIGNED("q", long long, LLONG_MIN);
    SIGNED("n", ptrdiff_t, PTRDIFF_MIN);
    SIGNED("@h", short, 1234);
    UNSIGNED("B", unsigned char, 255);
    UNSIGNED("H", unsigned short, USHRT_MAX);
    UNSIGNED("I", unsigned, UINT_MAX);
    UNSIGNED("L", unsigned long, ULONG_MAX);
    UNSIGNED("Q", unsigned long long, ULLONG_MAX);
    UNSIGNED("N", size_t, SIZE_MAX);
}

TEST(scalars_of_floating_formats)
{
    FLOATING("d", double, -DBL_MAX);
    FLOATING("d", double, 0.1);
    FLOATING("d", double, -0.0);
    FLOATING("f", float, 0.1f);
    FLOATING("f", float, FLT_TRUE_MIN);
    const struct {
        uint16_t bits;
        double value;
    } halves[] = {{0x3c00, 1.0},     {0xc000, -2.0}, {0x7bff, 65504.0},
                  {0x0001, 0x1p-24}, {0x8000, -0.0}, {0x0400, 0x1p-14}};
    for (int i = 0; i < 6; i++) {
        const mv_scalar item = scalar_of("e", &halves[i].bits, 2);
        CHECK_INT(item.kind, MV_FLOAT);
        CHECK_DOUBLE(item.as.f, halves[i].value);
    }
    const uint16_t infinite = 0xfc00, nan = 0x7e01;
    CHECK(scalar_of("e", &infinite, 2).as.f < -DBL_MAX);
    const double not_a_number = scalar_of("e", &nan, 2).as.f;
    CHECK(not_a_number != not_a_number);
}

TEST(scalars_of_other_formats)
{
    mv_scalar item = scalar_of("?", "\2", 1); /* any byte but 0 */
    CHECK_INT(item.kind, MV_BOOL);
    CHECK_INT(item.as.i, 1);
    item = scalar_of("?", "\0", 1);
    CHECK_INT(item.kind, MV_BOOL);
    CHECK_INT(item.as.i, 0);
    item = scalar_of("c", "x", 1);
    CHECK_INT(item.kind, MV_BYTES);
    CHECK_SIZE(item.as.bytes.length, 1);
    void *const pointer = &item;
    item = scalar_of("P", &pointer, sizeof pointer);
    CHECK_INT(item.kind, MV_POINTER);
    CHECK(item.as.u == (uintptr_t)pointer);
}

TEST(item_of_a_format_that_is_no_character)
{
    /* More format than item: whatever is known of formats, these are mere bytes. */
    unsigned char data[4] = {1, 2, 3, 4};
    const mv_buffer description = {.buf = data, .len = 4, .itemsize = 4, .format = "T{<i:a:<i:b:}"};
    mv_view *view;
    mv_scalar item;
    const mv_scalar one = scalar_int(1);
    int64_t i;
    uint64_t u;
    double f;
    CHECK_OK(mv_view_from_buffer(&description, &view, &error));
    CHECK_OK(mv_view_get(view, NULL, 0, &item, &error));
    CHECK_INT(item.kind, MV_OPAQUE);
    CHECK_PTR(item.as.bytes.data, data);
    CHECK_SIZE(item.as.bytes.length, 4);
    CHECK_STATUS(mv_view_get_i64(view, NULL, 0, &i, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_get_u64(view, NULL, 0, &u, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_get_f64(view, NULL, 0, &f, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_set(view, NULL, 0, &one, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_set_i64(view, NULL, 0, 1, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_fill(view, &one, &error), MV_E_FORMAT);
    CHECK_BYTES(data, "\1\2\3\4", 4);
    DROP(view);
}

TEST(struct_without_its_last_padding)
{
    /* As NumPy describes what is not aligned: 'T{i:a:b:b:}' of 5 bytes. What follows is not the item's. */
    unsigned char data[5] = {1, 0, 0, 0, 2};
    const mv_buffer description = {.buf = data, .len = 5, .itemsize = 5, .format = "T{i:a:b:b:}"};
    mv_view *view, *part;
    mv_scalar item, field;
    CHECK_OK(mv_view_from_buffer(&description, &view, &error));
    CHECK_OK(mv_view_get(view, NULL, 0, &item, &error));
    CHECK_INT(item.kind, MV_RECORD);
    CHECK_SIZE(item.as.bytes.length, 5);
    CHECK_OK(mv_scalar_field(&item, "b", &field, &error));
    CHECK_INT(field.as.i, 2);
    CHECK_OK(mv_view_set(view, NULL, 0, &item, &error));
    CHECK_OK(mv_view_field(view, "", &part, &error));
    CHECK_INT(mv_view_buffer(part)->itemsize, 5);
    DROP(part);
    DROP(view);
}

TEST(items_of_sliced_and_f_ordered_views)
{
    mv_view *view = numbered("i", MV_DIMS(4, 5), 'F'), *slice = sliced(view, "::-1, 1::2");
    int64_t item = 0;
    CHECK_OK(mv_view_get_i64(slice, MV_DIMS(0, 1), &item, &error));
    CHECK_INT(item, 18);
    CHECK_ITEMS(slice, 16, 18, 11, 13, 6, 8, 1, 3);
    DROP(view, slice);
}

TEST(typed_reads_of_integers)
{
    const signed char minus = -1;
    const unsigned long long most = ULLONG_MAX, exact = 1ULL << 53;
    mv_view *b = item_of("b", &minus, 1), *q = item_of("Q", &most, 8), *e = item_of("Q", &exact, 8);
    int64_t i = 0;
    uint64_t u = 77;
    double f = 77;
    CHECK_OK(mv_view_get_i64(b, NULL, 0, &i, &error));
    CHECK_INT(i, -1);
    CHECK_STATUS(mv_view_get_u64(b, NULL, 0, &u, &error), MV_E_RANGE);
    CHECK_INT(error.value, -1);
    CHECK_INT(u, 77);
    CHECK_OK(mv_view_get_f64(b, NULL, 0, &f, &error));
    CHECK_DOUBLE(f, -1.0);
    CHECK_STATUS(mv_view_get_i64(q, NULL, 0, &i, &error), MV_E_RANGE);
    CHECK_INT(i, -1);
    CHECK_OK(mv_view_get_u64(q, NULL, 0, &u, &error));
    CHECK(u == UINT64_MAX);
    CHECK_STATUS(mv_view_get_f64(q, NULL, 0, &f, &error), MV_E_RANGE); /* 2^64 - 1 is no double */
    CHECK_DOUBLE(f, -1.0);
    CHECK_OK(mv_view_get_f64(e, NULL, 0, &f, &error));
    CHECK_DOUBLE(f, 0x1p53);
    DROP(b, q, e);
    const long long odd = (1LL << 53) + 1, least = LLONG_MIN;
    mv_view *o = item_of("q", &odd, 8), *l = item_of("q", &least, 8);
    CHECK_STATUS(mv_view_get_f64(o, NULL, 0, &f, &error), MV_E_RANGE);
    CHECK_OK(mv_view_get_f64(l, NULL, 0, &f, &error));
    CHECK_DOUBLE(f, -0x1p63);
    DROP(o, l);
}

TEST(typed_reads_of_other_items)
{
    const double half = 0.5;
    const float third = 1.0f / 3;
    void *const pointer = fixture_junk;
    mv_view *d = item_of("d", &half, 8), *s = item_of("f", &third, 4), *t = item_of("?", "\7", 1);
    mv_view *p = item_of("P", &pointer, sizeof pointer), *c = item_of("c", "x", 1);
    int64_t i = 77;
    uint64_t u = 77;
    double f = 77;
    CHECK_OK(mv_view_get_f64(d, NULL, 0, &f, &error));
    CHECK_DOUBLE(f, 0.5);
    CHECK_OK(mv_view_get_f64(s, NULL, 0, &f, &error));
    CHECK_DOUBLE(f, (double)third);
    CHECK_STATUS(mv_view_get_i64(d, NULL, 0, &i, &error), MV_E_TYPE);
    CHECK_STATUS(mv_view_get_u64(s, NULL, 0, &u, &error), MV_E_TYPE);
    CHECK_STATUS(mv_view_get_i64(c, NULL, 0, &i, &error), MV_E_TYPE);
    CHECK_STATUS(mv_view_get_u64(c, NULL, 0, &u, &error), MV_E_TYPE);
    CHECK_STATUS(mv_view_get_f64(c, NULL, 0, &f, &error), MV_E_TYPE);
    CHECK_INT(i, 77);
    CHECK_INT(u, 77);
    CHECK_OK(mv_view_get_i64(t, NULL, 0, &i, &error));
    CHECK_INT(i, 1);
    CHECK_OK(mv_view_get_u64(p, NULL, 0, &u, &error));
    CHECK(u == (uintptr_t)pointer);
    DROP(d, s, t, p, c);
}

#define EACH_READER(view, index, ndim, expected)                                \
    do {                                                                        \
        CHECK_STATUS(mv_view_get(view, index, ndim, &item, &error), expected);  \
        CHECK_STATUS(mv_view_get_i64(view, index, ndim, &i, &error), expected); \
        CHECK_STATUS(mv_view_get_u64(view, index, ndim, &u, &error), expected); \
        CHECK_STATUS(mv_view_get_f64(view, index, ndim, &f, &error), expected); \
    } while (0)

TEST(get_refuses)
{
    mv_view *view = numbered("B", MV_DIMS(3, 4), 'C');
    const ptrdiff_t index[65] = {0}, outside[] = {0, 4};
    mv_scalar item;
    memset(&item, 0x55, sizeof item);
    const mv_scalar before = item;
    int64_t i = 77;
    uint64_t u = 77;
    double f = 77;
    EACH_READER(NULL, index, 2, MV_E_NULL);
    CHECK_INT(error.dim, 1);
    EACH_READER(view, NULL, 2, MV_E_NULL);
    CHECK_INT(error.dim, 2);
    EACH_READER(view, index, -1, MV_E_VALUE);
    CHECK_INT(error.value, -1);
    EACH_READER(view, index, 65, MV_E_LIMIT);
    CHECK_ERROR(-1, -1, 65, 64);
    EACH_READER(view, index, 1, MV_E_TYPE);
    EACH_READER(view, index, 3, MV_E_TYPE);
    EACH_READER(view, NULL, 0, MV_E_TYPE);
    EACH_READER(view, outside, 2, MV_E_INDEX);
    CHECK_ERROR(1, -1, 4, 4);
    CHECK_BYTES(&item, &before, sizeof item);
    CHECK_INT(i, 77);
    CHECK_INT(u, 77);
    CHECK_DOUBLE(f, 77.0);
    CHECK_STATUS(mv_view_get(view, index, 2, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 4);
    CHECK_STATUS(mv_view_get_i64(view, index, 2, NULL, &error), MV_E_NULL);
    CHECK_STATUS(mv_view_get_u64(view, index, 2, NULL, &error), MV_E_NULL);
    CHECK_STATUS(mv_view_get_f64(view, index, 2, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 4);
    DROP(view);
}
