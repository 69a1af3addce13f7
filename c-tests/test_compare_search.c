/* Search, hash and hexadecimal digits. */
#include <limits.h>
#include <math.h>

#include "fixtures.h"

static mv_view *doubles(void)
{
    const double data[] = {1, 2, 0, 2, -1, (double)NAN};
    mv_view *bytes = view_taking(bytearray_of(data, sizeof data)), *view = NULL;
    CHECK_OK(mv_view_cast(bytes, "d", MV_NO_SHAPE, 'C', &view, &error));
    DROP(bytes);
    return view;
}

static ptrdiff_t found(const mv_view *view, mv_scalar value, ptrdiff_t start, ptrdiff_t stop)
{
    ptrdiff_t at = -2;
    CHECK_OK(mv_view_find(view, &value, start, stop, &at, &error));
    return at;
}

static size_t counted(const mv_view *view, mv_scalar value)
{
    size_t count = 99;
    CHECK_OK(mv_view_count(view, &value, &count, &error));
    return count;
}

TEST(acceptance_109_values_are_found_across_formats)
{
    mv_view *bytes = text_view("banana"), *chars, *numbers = doubles();
    CHECK_OK(mv_view_cast(bytes, "c", MV_NO_SHAPE, 'C', &chars, &error));
    CHECK_INT(found(bytes, scalar_float(97.0), 0, PTRDIFF_MAX), 1);
    CHECK_INT(found(bytes, scalar_bytes("a", 1), 0, PTRDIFF_MAX), -1);
    CHECK_INT(found(chars, scalar_bytes("a", 1), 0, PTRDIFF_MAX), 1);
    CHECK_INT(found(chars, scalar_int(97), 0, PTRDIFF_MAX), -1);
    CHECK_INT(found(numbers, scalar_bool(1), 0, PTRDIFF_MAX), 0);
    CHECK_INT(found(numbers, scalar_float((double)NAN), 0, PTRDIFF_MAX), -1); /* though it is there */
    CHECK_SIZE(counted(numbers, scalar_float((double)NAN)), 0);
    CHECK_SIZE(counted(bytes, scalar_int('a')), 3);
    CHECK_SIZE(counted(numbers, scalar_int(2)), 2);
    DROP(bytes, chars, numbers);
}

TEST(acceptance_110_bounds_are_those_of_lists)
{
    mv_view *view = text_view("banana");
    const mv_scalar a = scalar_int('a');
    CHECK_INT(found(view, a, -3, 100), 3);
    CHECK_INT(found(view, a, 2, 3), -1);
    CHECK_INT(found(view, a, 2, 4), 3);
    CHECK_INT(found(view, a, PTRDIFF_MIN, PTRDIFF_MAX), 1);
    CHECK_INT(found(view, a, 0, -5), -1);
    CHECK_INT(found(view, a, 0, -4), 1);
    CHECK_INT(found(view, a, 6, PTRDIFF_MAX), -1);
    CHECK_INT(found(view, a, PTRDIFF_MAX, PTRDIFF_MIN), -1);
    CHECK_INT(found(view, scalar_int('x'), 0, PTRDIFF_MAX), -1);
    DROP(view);
}

TEST(search_in_more_dimensions)
{
    mv_view *view = numbered("h", MV_DIMS(3, 4), 'F'), *turned = sliced(view, "::-1, ::-1");
    CHECK_INT(found(view, scalar_int(6), 0, PTRDIFF_MAX), 6);
    CHECK_INT(found(turned, scalar_int(6), 0, PTRDIFF_MAX), 5);
    CHECK_INT(found(turned, scalar_int(0), -1, PTRDIFF_MAX), 11);
    DROP(view, turned);
    view = table_view(2, 3, 4);
    CHECK_INT(found(view, scalar_uint(7), 0, PTRDIFF_MAX), 7);
    DROP(view);
    view = numbered("i", MV_DIMS(0, 3), 'C');
    CHECK_SIZE(counted(view, scalar_int(0)), 0);
    DROP(view);
}

TEST(structs_and_texts_are_found)
{
    short pairs[] = {1, 2, 3, 4, 1, 2};
    unsigned char names[] = {'o', 'n', 'e', 0, 't', 'w', 'o', 0};
    mv_view *view, *texts;
    mv_scalar item, text = scalar_bytes("two", 3);
    CHECK_OK(mv_view_wrap(pairs, "hh", MV_DIMS(3), 0, &view, &error));
    CHECK_OK(mv_view_get(view, MV_DIMS(0), &item, &error));
    CHECK_SIZE(counted(view, item), 2);
    CHECK_INT(found(view, item, 1, PTRDIFF_MAX), 2);
    CHECK_OK(mv_view_wrap(names, "4s", MV_DIMS(2), 0, &texts, &error));
    CHECK_INT(found(texts, text, 0, PTRDIFF_MAX), -1); /* the zero at the end is part of the value */
    text = scalar_bytes("two\0", 4);
    CHECK_INT(found(texts, text, 0, PTRDIFF_MAX), 1);
    DROP(view, texts);
    CHECK_OK(mv_view_wrap(names, "<2u", MV_DIMS(2), 0, &texts, &error));
    text = scalar_bytes("\xe7\x9d\xb4o", 4);
    text.kind = MV_TEXT;
    CHECK_INT(found(texts, text, 0, PTRDIFF_MAX), 1);
    text = scalar_bytes("\xff", 1);
    text.kind = MV_TEXT;
    ptrdiff_t at = -2;
    CHECK_STATUS(mv_view_find(texts, &text, 0, 9, &at, &error), MV_E_VALUE);
    CHECK_INT(error.position, 0);
    DROP(texts);
}

static ptrdiff_t bytes_found(const mv_view *view, const char *wanted, size_t start)
{
    ptrdiff_t at = -2;
    CHECK_OK(mv_view_find_bytes(view, wanted, strlen(wanted), start, &at, &error));
    return at;
}

TEST(strings_of_bytes)
{
    mv_view *view = text_view("abababac"), *every, *wide = numbered("h", MV_DIMS(4), 'C');
    ptrdiff_t at = -2;
    CHECK_INT(bytes_found(view, "aba", 0), 0);
    CHECK_INT(bytes_found(view, "aba", 1), 2);
    CHECK_INT(bytes_found(view, "abac", 0), 4);
    CHECK_INT(bytes_found(view, "abad", 0), -1);
    CHECK_INT(bytes_found(view, "abababacx", 0), -1);
    CHECK_INT(bytes_found(view, "", 3), 3);
    CHECK_INT(bytes_found(view, "", 8), 8);
    CHECK_INT(bytes_found(view, "", 9), -1);
    CHECK_INT(bytes_found(view, "a", SIZE_MAX), -1);
    CHECK_OK(mv_view_find_bytes(wide, "\2", 1, 0, &at, &error));
    CHECK_INT(at, __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 4 : 5);
    every = sliced(view, "::2");
    CHECK_STATUS(mv_view_find_bytes(every, "a", 1, 0, &at, &error), MV_E_TYPE);
    CHECK_STATUS(mv_view_find_bytes(view, NULL, 1, 0, &at, &error), MV_E_VALUE);
    DROP(view, every, wide);
}

static uint64_t hash_of(const mv_view *view, uint64_t seed)
{
    uint64_t hash = 0;
    CHECK_OK(mv_view_hash(view, seed, &hash, &error));
    return hash;
}

TEST(acceptance_107_hashes_of_equal_bytes)
{
    mv_view *view = view_taking(bytes_of("abc", 3)), *numbers, *column,
            *backwards = view_taking(bytes_of("cba", 3));
    mv_view *turned = sliced(backwards, "::-1");
    CHECK_OK(mv_view_cast(view, "b", MV_NO_SHAPE, 'C', &numbers, &error));
    CHECK_OK(mv_view_cast(view, "c", MV_DIMS(3, 1), 'C', &column, &error));
    const uint64_t hash = hash_of(view, 0);
    CHECK(hash_of(numbers, 0) == hash && hash_of(column, 0) == hash && hash_of(turned, 0) == hash);
    CHECK(hash_of(view, 1) != hash && hash_of(backwards, 0) != hash);
    DROP(view, numbers, column, backwards, turned);
}

/* SipHash-1-3, by an implementation of its own: here, the values of Python's siphash13 with the key (seed, 0). */
TEST(hash_is_siphash_1_3)
{
    mv_view *none = view_taking(bytes_of("", 0)), *long_one;
    unsigned char bytes[1000];
    CHECK(hash_of(none, 0) == 0xd1fba762150c532cULL);
    for (int i = 0; i < 1000; i++) bytes[i] = (unsigned char)i;
    long_one = view_taking(bytes_of(bytes, sizeof bytes));
    mv_view *halves = NULL;
    CHECK_OK(mv_view_cast(long_one, "B", MV_DIMS(40, 25), 'C', &halves, &error));
    CHECK(hash_of(long_one, 42) == 0x2059284d822d21b6ULL && hash_of(halves, 42) == 0x2059284d822d21b6ULL);
    DROP(none, long_one, halves);
}

TEST(acceptance_108_what_has_no_hash)
{
    mv_view *writable = text_view("abc"), *wide = view_taking(bytes_of("abcd", 4)), *numbers, *readonly;
    uint64_t hash = 7;
    CHECK_STATUS(mv_view_hash(writable, 0, &hash, &error), MV_E_VALUE);
    CHECK_OK(mv_view_cast(wide, "I", MV_NO_SHAPE, 'C', &numbers, &error));
    CHECK_STATUS(mv_view_hash(numbers, 0, &hash, &error), MV_E_VALUE);
    CHECK(hash == 7);
    CHECK_OK(mv_view_toreadonly(writable, &readonly, &error));
    CHECK_OK(mv_view_hash(readonly, 0, &hash, &error)); /* whether the owner has a hash is its affair */
    DROP(writable, wide, numbers, readonly);
}

static void check_hex(const mv_view *view, const char *separator, int group, const char *expected)
{
    char text[64];
    size_t length = 99;
    CHECK_OK(mv_view_hex(view, separator, group, text, sizeof text, &length, &error));
    CHECK_STR(text, expected);
    CHECK_SIZE(length, strlen(expected));
}

TEST(acceptance_089_hex_in_groups)
{
    mv_view *view = text_view("edcba"), *turned = sliced(view, "::-1");
    check_hex(view, ":", 2, "65:6463:6261");
    check_hex(view, ":", -2, "6564:6362:61");
    check_hex(view, ":", 0, "6564636261");
    check_hex(view, ":", 5, "6564636261");
    check_hex(view, ":", INT_MIN, "6564636261");
    check_hex(view, " ", 1, "65 64 63 62 61");
    check_hex(view, NULL, 2, "6564636261");
    check_hex(turned, ":", 2, "61:6263:6465");
    DROP(view, turned);
    view = numbered("B", MV_DIMS(2, 0), 'C');
    check_hex(view, ":", 1, "");
    DROP(view);
}

TEST(acceptance_090_separators)
{
    mv_view *view = text_view("ab");
    char text[8] = "before";
    CHECK_STATUS(mv_view_hex(view, "::", 1, text, sizeof text, NULL, &error), MV_E_VALUE);
    CHECK_STATUS(mv_view_hex(view, "\xc3\xa9", 1, text, sizeof text, NULL, &error), MV_E_VALUE);
    CHECK_STATUS(mv_view_hex(view, "", 1, text, sizeof text, NULL, &error), MV_E_VALUE);
    CHECK_STR(text, "before");
    size_t length = 0;
    CHECK_OK(mv_view_hex(view, ":", 1, NULL, 0, &length, &error));
    CHECK_SIZE(length, 5);
    CHECK_OK(mv_view_hex(view, ":", 1, text, 4, &length, &error));
    CHECK_STR(text, "61:");
    DROP(view);
}
