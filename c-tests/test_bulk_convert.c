/* Bulk: conversion between formats, byte order, overlap, runs. */
#include <limits.h>
#include <math.h>

#include "fixtures.h"

static const double infinity = (double)INFINITY;

static mv_view *wrap(void *data, const char *format, ptrdiff_t items)
{
    mv_view *view = NULL;
    CHECK_OK(mv_view_wrap(data, format, &items, 1, 0, &view, &error));
    return view;
}

TEST(convert_widens_exactly)
{
    short from[] = {-1, 0, 32767};
    double doubles[3];
    unsigned char swapped[24];
    mv_view *a = wrap(from, "h", 3), *b = wrap(doubles, "d", 3), *c = wrap(swapped, ">q", 3);
    CHECK_OK(mv_view_convert(b, a, MV_STRICT, &error));
    CHECK_DOUBLE(doubles[0], -1);
    CHECK_DOUBLE(doubles[2], 32767);
    CHECK_OK(mv_view_convert(c, b, MV_STRICT, &error));
    CHECK_BYTES(swapped, "\377\377\377\377\377\377\377\377\0\0\0\0\0\0\0\0\0\0\0\0\0\0\177\377", 24);
    CHECK_OK(mv_view_convert(a, c, MV_STRICT, &error));
    CHECK_INT(from[2], 32767);
    DROP(a, b, c);
}

TEST(strict_says_which_item_does_not_fit)
{
    int from[] = {1, 2, 300, -1};
    unsigned char to[4] = {9, 9, 9, 9};
    double reals[] = {1, 2.5, 0, 0};
    mv_view *a = wrap(from, "i", 4), *b = wrap(to, "B", 4), *c = wrap(reals, "d", 4);
    CHECK_STATUS(mv_view_convert(b, a, MV_STRICT, &error), MV_E_RANGE);
    CHECK_ERROR(-1, 2, 300, 0);
    CHECK_STATUS(mv_view_convert(b, c, MV_STRICT, &error), MV_E_RANGE);
    CHECK_INT(error.position, 1);
    CHECK_BYTES(to, "\11\11\11\11", 4); /* nothing is written */
    reals[1] = infinity;
    CHECK_STATUS(mv_view_convert(b, c, MV_STRICT, &error), MV_E_RANGE);
    reals[1] = (double)NAN;
    CHECK_STATUS(mv_view_convert(b, c, MV_STRICT, &error), MV_E_RANGE);
    DROP(a, b, c);
    long long large[] = {(1LL << 53) + 1};
    float single[1] = {7};
    a = wrap(large, "q", 1);
    b = wrap(reals, "d", 1);
    CHECK_STATUS(mv_view_convert(b, a, MV_STRICT, &error), MV_E_RANGE);
    c = wrap(single, "f", 1);
    reals[0] = 1e39;
    CHECK_STATUS(mv_view_convert(c, b, MV_STRICT, &error), MV_E_RANGE);
    reals[0] = 0.1;
    CHECK_OK(mv_view_convert(c, b, MV_STRICT, &error)); /* rounding is no fault of fit */
    const float tenth = 0.1f;
    CHECK(memcmp(single, &tenth, sizeof tenth) == 0);
    DROP(a, b, c);
}

/* As many as a single, and a half, has bits of precision; and the first that it is not. */
TEST(strict_integers_are_exact_in_every_float)
{
    int exact[] = {1 << 24, -(1 << 24), INT_MIN, 0}, not [] = {0, 0, (1 << 24) + 1, 0};
    short halves[] = {2048, -2050, -32768, 0}, none[] = {0, 2049, 0, 0};
    unsigned long long longs[] = {1ULL << 63, (1ULL << 24) - 1, 0, 0}, beyond[] = {0, 0, 0, (1ULL << 63) + 1};
    float singles[4];
    unsigned short codes[4];
    mv_view *f = wrap(singles, "f", 4), *e = wrap(codes, "e", 4);
    mv_view *a = wrap(exact, "i", 4), *b = wrap(not, "i", 4), *c = wrap(halves, "h", 4);
    mv_view *d = wrap(none, "h", 4), *g = wrap(longs, "Q", 4), *h = wrap(beyond, "Q", 4);
    CHECK_OK(mv_view_convert(f, g, MV_STRICT, &error));
    CHECK_DOUBLE(singles[0], 9223372036854775808.0);
    CHECK_OK(mv_view_convert(f, a, MV_STRICT, &error));
    CHECK_DOUBLE(singles[2], INT_MIN);
    CHECK_STATUS(mv_view_convert(f, b, MV_STRICT, &error), MV_E_RANGE);
    CHECK_ERROR(-1, 2, (1 << 24) + 1, 0);
    CHECK_STATUS(mv_view_convert(f, h, MV_STRICT, &error), MV_E_RANGE);
    CHECK_INT(error.position, 3);
    CHECK_DOUBLE(singles[2], INT_MIN); /* nothing is written */
    CHECK_OK(mv_view_convert(f, b, MV_CLAMP, &error));
    CHECK_DOUBLE(singles[2], 1 << 24);
    CHECK_OK(mv_view_convert(e, c, MV_STRICT, &error));
    CHECK_INT(codes[0], 0x6800);
    CHECK_STATUS(mv_view_convert(e, d, MV_STRICT, &error), MV_E_RANGE);
    CHECK_INT(error.position, 1);
    CHECK_INT(codes[0], 0x6800);
    DROP(a, b, c, d, e, f, g, h);
}

TEST(clamp_takes_the_nearest)
{
    double from[] = {-1e30, -1.9, 200.9, 300, 1e300, infinity, -infinity, (double)NAN};
    signed char small[8];
    unsigned char bytes[8];
    float singles[8];
    mv_view *a = wrap(from, "d", 8), *b = wrap(small, "b", 8), *c = wrap(bytes, "B", 8),
            *d = wrap(singles, "f", 8);
    CHECK_OK(mv_view_convert(b, a, MV_CLAMP, &error));
    CHECK_BYTES(small, "\200\377\177\177\177\177\200\0", 8);
    CHECK_OK(mv_view_convert(c, a, MV_CLAMP, &error));
    CHECK_BYTES(bytes, "\0\0\310\377\377\377\0\0", 8);
    CHECK_OK(mv_view_convert(d, a, MV_CLAMP, &error));
    CHECK_DOUBLE((double)singles[4], 3.4028234663852886e38);
    CHECK_DOUBLE((double)singles[5], infinity);
    DROP(a, b, c, d);
}

TEST(wrap_keeps_the_low_bits)
{
    int from[] = {300, -1, INT_MIN, 255};
    double reals[] = {-1.5, 1e300, (double)NAN, 65537};
    unsigned char bytes[4];
    unsigned short words[4];
    float singles[4];
    mv_view *a = wrap(from, "i", 4), *b = wrap(bytes, "B", 4), *c = wrap(reals, "d", 4),
            *d = wrap(words, "H", 4);
    mv_view *e = wrap(singles, "f", 4);
    CHECK_OK(mv_view_convert(b, a, MV_WRAP, &error));
    CHECK_BYTES(bytes, "\54\377\0\377", 4);
    CHECK_OK(mv_view_convert(d, c, MV_WRAP, &error));
    CHECK_INT(words[0], 65535);
    CHECK_INT(words[1], 0);
    CHECK_INT(words[2], 0);
    CHECK_INT(words[3], 1);
    CHECK_OK(mv_view_convert(e, c, MV_WRAP, &error));
    CHECK_DOUBLE((double)singles[1], infinity);
    DROP(a, b, c, d, e);
}

TEST(truth_and_complex_numbers)
{
    unsigned char truths[] = {0, 7};
    double complex[] = {1, 0, 2, 3};
    int numbers[2];
    mv_view *a = wrap(truths, "?", 2), *b = wrap(numbers, "i", 2), *c = wrap(complex, "Zd", 2);
    CHECK_OK(mv_view_convert(b, a, MV_STRICT, &error));
    CHECK_INT(numbers[1], 1);
    CHECK_STATUS(mv_view_convert(b, c, MV_STRICT, &error), MV_E_RANGE);
    CHECK_INT(error.position, 1);
    CHECK_OK(mv_view_convert(b, c, MV_CLAMP, &error));
    CHECK_INT(numbers[1], 2);
    numbers[0] = 0;
    CHECK_OK(mv_view_convert(a, b, MV_STRICT, &error));
    CHECK_BYTES(truths, "\0\1", 2);
    CHECK_OK(mv_view_convert(c, b, MV_STRICT, &error));
    CHECK_DOUBLE(complex[2], 2);
    CHECK_DOUBLE(complex[3], 0);
    DROP(a, b, c);
}

TEST(convert_where_the_two_overlap)
{
    unsigned char data[16] = {1, 2, 3, 4, 5, 6, 7, 8};
    mv_view *whole = wrap(data, "B", 16), *bytes = sliced(whole, ":8"), *words;
    CHECK_OK(mv_view_cast(whole, "H", MV_NO_SHAPE, 'C', &words, &error));
    CHECK_OK(mv_view_convert(words, bytes, MV_STRICT, &error));
    CHECK_ITEMS(words, 1, 2, 3, 4, 5, 6, 7, 8);
    CHECK_OK(mv_view_convert(bytes, words, MV_STRICT, &error));
    CHECK_ITEMS(bytes, 1, 2, 3, 4, 5, 6, 7, 8);
    DROP(whole, bytes, words);
}

TEST(convert_in_any_layout)
{
    mv_view *from = numbered("h", MV_DIMS(3, 4), 'C'), *to, *turned, *back;
    mv_object *array = NULL;
    double value = 0;
    CHECK_OK(mv_array_new("d", MV_DIMS(4, 3), 'F', &array, &error));
    to = view_taking(array);
    CHECK_OK(mv_view_transpose(from, NULL, 0, &turned, &error));
    back = sliced(turned, "::-1");
    CHECK_OK(mv_view_convert(to, back, MV_STRICT, &error));
    CHECK_OK(mv_view_get_f64(to, MV_DIMS(0, 2), &value, &error));
    CHECK_DOUBLE(value, 11);
    DROP(from, to, turned, back);
    from = table_view(2, 3, 4);
    to = numbered("i", MV_DIMS(3, 4), 'F');
    CHECK_OK(mv_view_convert(to, from, MV_STRICT, &error));
    CHECK_ITEMS(to, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    back = sliced(from, "::-1, ::-1");
    CHECK_OK(mv_view_convert(back, to, MV_STRICT, &error)); /* and into memory behind pointers */
    CHECK_ITEMS(from, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    DROP(from, to, back);
}

/* Of one number, in items of different sizes: what follows it is padding, and stays. */
TEST(convert_into_longer_items)
{
    unsigned char from[] = {1, 2}, to[] = {9, 9, 9, 9};
    mv_view *a = wrap(from, "B", 2), *b = wrap(to, "Bx", 2);
    CHECK_OK(mv_view_convert(b, a, MV_STRICT, &error));
    CHECK_BYTES(to, "\1\11\2\11", 4);
    CHECK_OK(mv_view_convert(a, b, MV_STRICT, &error));
    DROP(a, b);
}

TEST(convert_refuses)
{
    unsigned char data[4] = {0};
    mv_view *bytes = wrap(data, "B", 4), *chars = wrap(data, "c", 4),
            *numbers = numbered("i", MV_DIMS(3), 'C');
    CHECK_STATUS(mv_view_convert(numbers, bytes, MV_STRICT, &error), MV_E_SHAPE);
    CHECK_STATUS(mv_view_convert(bytes, chars, MV_STRICT, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_convert(chars, bytes, MV_WRAP, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_convert(bytes, bytes, 3, &error), MV_E_VALUE);
    CHECK_INT(error.value, 3);
    CHECK_OK(mv_view_convert(chars, chars, MV_STRICT, &error)); /* of one layout: a copy */
    mv_view *readonly;
    CHECK_OK(mv_view_toreadonly(bytes, &readonly, &error));
    CHECK_STATUS(mv_view_convert(readonly, bytes, MV_STRICT, &error), MV_E_READONLY);
    DROP(bytes, chars, numbers, readonly);
}

TEST(read_and_write_in_another_format)
{
    mv_view *view = numbered("h", MV_DIMS(2, 3), 'C');
    double out[6];
    CHECK_OK(mv_view_read(view, "d", 'F', out, sizeof out, &error));
    CHECK_DOUBLE(out[1], 3);
    CHECK_DOUBLE(out[5], 5);
    for (int i = 0; i < 6; i++) out[i] *= -2;
    CHECK_OK(mv_view_write(view, "d", 'F', out, sizeof out, &error));
    CHECK_ITEMS(view, 0, -2, -4, -6, -8, -10);
    out[4] = 0.5;
    CHECK_STATUS(mv_view_write(view, "d", 'C', out, sizeof out, &error), MV_E_RANGE);
    CHECK_INT(error.position, 4);
    CHECK_ITEMS(view, 0, -2, -4, -6, -8, -10);
    CHECK_STATUS(mv_view_read(view, "d", 'C', out, sizeof out - 8, &error), MV_E_SHAPE);
    CHECK_STATUS(mv_view_read(view, "c", 'C', out, 6, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_read(view, "T{d}", 'C', out, sizeof out, &error), MV_E_FORMAT);
    DROP(view);
}

TEST(byteswap_in_place)
{
    unsigned char data[] = {1, 2, 3, 4, 5, 6, 7, 8};
    mv_view *view = wrap(data, "H", 4), *half = sliced(view, "::2"), *records;
    CHECK_OK(mv_view_byteswap(half, &error));
    CHECK_BYTES(data, "\2\1\3\4\6\5\7\10", 8);
    CHECK_OK(mv_view_byteswap(half, &error));
    DROP(view, half);
    records = wrap(data, "T{=H:a:2s:b:(2)=h:c:}", 1);
    CHECK_OK(mv_view_byteswap(records, &error));
    CHECK_BYTES(data, "\2\1\3\4\6\5\10\7", 8);
    DROP(records);
    records = wrap(data, "=Zf", 1);
    CHECK_OK(mv_view_byteswap(records, &error));
    CHECK_BYTES(data, "\4\3\1\2\7\10\5\6", 8);
    DROP(records);
    records = wrap(data, "8s", 1);
    CHECK_OK(mv_view_byteswap(records, &error));
    CHECK_BYTES(data, "\4\3\1\2\7\10\5\6", 8);
    DROP(records);
    records = wrap(data, "3t", 8);
    CHECK_STATUS(mv_view_byteswap(records, &error), MV_E_FORMAT);
    DROP(records);
}

static int meet(const mv_view *a, const mv_view *b)
{
    int one = -1, other = -1;
    CHECK_OK(mv_view_overlaps(a, b, &one, &error));
    CHECK_OK(mv_view_overlaps(b, a, &other, &error));
    CHECK_INT(one, other);
    return one;
}

TEST(overlap_of_parts_of_one_block)
{
    mv_view *image = numbered("B", MV_DIMS(4, 6, 3), 'C'), *red = sliced(image, "..., 0"),
            *blue = sliced(image, "..., 2");
    mv_view *left = sliced(image, ":, :3"), *right = sliced(image, ":, 3:"), *top = sliced(image, ":2");
    mv_view *even = sliced(image, "::2"), *odd = sliced(image, "1::2"),
            *other = numbered("B", MV_DIMS(4), 'C');
    CHECK_INT(meet(image, image), 1);
    CHECK_INT(meet(image, blue), 1);
    CHECK_INT(meet(red, blue), 0);
    CHECK_INT(meet(left, right), 0);
    CHECK_INT(meet(left, top), 1);
    CHECK_INT(meet(even, odd), 0);
    CHECK_INT(meet(even, top), 1);
    CHECK_INT(meet(image, other), 0);
    mv_view *back = sliced(red, "::-1, ::-1");
    CHECK_INT(meet(back, red), 1);
    CHECK_INT(meet(back, blue), 0);
    DROP(image, red, blue, left, right, top, even, odd, other, back);
}

TEST(runs_for_scattered_output)
{
    mv_view *view = numbered("h", MV_DIMS(4, 6), 'C'), *part = sliced(view, "1:3, 2:5");
    char *first = mv_view_buffer(view)->buf;
    mv_run runs[4];
    size_t count = 0;
    CHECK_OK(mv_view_runs(view, 0, runs, 4, &count, &error));
    CHECK_SIZE(count, 1);
    CHECK_SIZE(runs[0].length, 48);
    CHECK_OK(mv_view_runs(part, 0, runs, 4, &count, &error));
    CHECK_SIZE(count, 2);
    CHECK_PTR(runs[1].data, first + 2 * 12 + 4);
    CHECK_SIZE(runs[1].length, 6);
    memset(runs, 0, sizeof runs);
    CHECK_OK(mv_view_runs(part, 1, runs, 1, &count, &error));
    CHECK_PTR(runs[0].data, first + 2 * 12 + 4);
    CHECK_OK(mv_view_runs(part, 0, NULL, 0, &count, &error));
    CHECK_SIZE(count, 2);
    DROP(part);
    part = sliced(view, "::-1");
    CHECK_OK(mv_view_runs(part, 0, runs, 4, &count, &error));
    CHECK_SIZE(count, 4);
    CHECK_PTR(runs[0].data, first + 36);
    DROP(part, view);
    view = table_view(2, 3, 4);
    CHECK_OK(mv_view_runs(view, 0, runs, 4, &count, &error));
    CHECK_SIZE(count, 3);
    CHECK_SIZE(runs[2].length, 4);
    DROP(view);
    view = numbered("h", MV_DIMS(0), 'C');
    CHECK_OK(mv_view_runs(view, 0, runs, 4, &count, &error));
    CHECK_SIZE(count, 0);
    DROP(view);
}
