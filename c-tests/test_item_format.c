/* Items of every format, and views as text. */
#include "fixtures.h"

static void check_text(const mv_view *view, size_t limit, const char *expected)
{
    static char text[4096];
    size_t length = 0;
    CHECK_OK(mv_view_text(view, limit, text, sizeof text, &length, &error));
    CHECK_STR(text, expected);
    CHECK_SIZE(length, strlen(expected));
}

static mv_view *wrap(void *data, const char *format, ptrdiff_t items)
{
    mv_view *view = NULL;
    CHECK_OK(mv_view_wrap(data, format, &items, 1, 0, &view, &error));
    return view;
}

/* Wraps these bytes as items of a format and drops them again. */
#define PRINTS(format, items, expected, ...)         \
    do {                                             \
        unsigned char data_[] = {__VA_ARGS__};       \
        mv_view *view_ = wrap(data_, format, items); \
        check_text(view_, SIZE_MAX, expected);       \
        DROP(view_);                                 \
    } while (0)

TEST(acceptance_053_items_in_any_byte_order)
{
    const int native = -2;
    unsigned char little[] = {0xfe, 0xff, 0xff, 0xff}, big[] = {0xff, 0xff, 0xff, 0xfe};
    const struct {
        const char *format;
        const void *data;
    } items[] = {{"<i", little}, {">i", big}, {"1i", &native}, {" i", &native}};
    for (int i = 0; i < 4; i++) {
        unsigned char data[4];
        mv_scalar item;
        int64_t value = 0;
        memcpy(data, items[i].data, 4);
        mv_view *view = wrap(data, items[i].format, 1);
        CHECK_OK(mv_view_get(view, MV_DIMS(0), &item, &error));
        CHECK_INT(item.kind, MV_INT);
        CHECK_INT(item.as.i, -2);
        CHECK_OK(mv_view_get_i64(view, MV_DIMS(0), &value, &error));
        CHECK_INT(value, -2);
        CHECK_OK(mv_view_set_i64(view, MV_DIMS(0), 0, &error));
        CHECK_OK(mv_view_set(view, MV_DIMS(0), &item, &error));
        CHECK_BYTES(data, items[i].data, 4);
        DROP(view);
    }
    PRINTS("<i", 2, "[1, -2]", 1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff);
    PRINTS(">i", 2, "[1, -2]", 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xfe);
    PRINTS("!1H", 1, "[258]", 1, 2);
    PRINTS(" <h", 1, "[513]", 1, 2);
    PRINTS("<d", 1, "[1.5]", 0, 0, 0, 0, 0, 0, 0xf8, 0x3f);
    PRINTS(">f", 1, "[-0.10000000149011612]", 0xbd, 0xcc, 0xcc, 0xcd);
}

TEST(acceptance_054_sequences_are_tuples)
{
    int data[] = {1, 2};
    mv_view *view = wrap(data, "ii", 1);
    mv_scalar item, first, second, third;
    check_text(view, SIZE_MAX, "[(1, 2)]");
    CHECK_OK(mv_view_get(view, MV_DIMS(0), &item, &error));
    CHECK_INT(item.kind, MV_RECORD);
    CHECK_SIZE(item.as.bytes.length, sizeof data);
    CHECK_SIZE(mv_format_field_count(item.format), 2);
    CHECK_OK(mv_scalar_field(&item, "[0]", &first, &error));
    CHECK_OK(mv_scalar_field(&item, "[1]", &second, &error));
    CHECK_INT(first.kind, MV_INT);
    CHECK_INT(first.as.i, 1);
    CHECK_INT(second.kind, MV_INT);
    CHECK_INT(second.as.i, 2);
    CHECK_STATUS(mv_scalar_field(&item, "[2]", &third, &error), MV_E_NOT_FOUND);
    DROP(view);
}

TEST(acceptance_067_formats_of_one_layout_are_copied)
{
    unsigned char little[] = {1, 0, 0, 0}, other[4] = {0};
    const char *own = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "<i" : ">i";
    mv_view *a = wrap(little, "i", 1), *b = wrap(other, own, 1), *c, *d;
    CHECK_OK(mv_view_copy(b, a, &error));
    CHECK_BYTES(other, little, 4);
    c = wrap(other, "I", 1);
    CHECK_STATUS(mv_view_copy(c, a, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_copy(a, c, &error), MV_E_FORMAT);
    DROP(c);
    mv_view *signs = wrap(little, "b", 4), *bytes = wrap(other, "B", 4), *chars = wrap(little, "c", 4), *made;
    memset(other, 7, sizeof other);
    CHECK_STATUS(mv_view_copy(bytes, signs, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_copy(bytes, chars, &error), MV_E_FORMAT);
    CHECK_ITEMS(bytes, 7, 7, 7, 7);
    CHECK_OK(mv_view_cast(chars, "B", MV_NO_SHAPE, 'C', &made, &error)); /* they are to be cast first */
    CHECK_OK(mv_view_copy(bytes, made, &error));
    CHECK_BYTES(other, little, 4);
    DROP(signs, bytes, chars, made);
    c = wrap(little, "T{=h:x:=h:y:}", 1);
    d = wrap(other, "=hh", 1);
    CHECK_OK(mv_view_copy(d, c, &error));
    DROP(a, b, c, d);
}

TEST(acceptance_076_casts_between_formats)
{
    unsigned data[] = {0x3f800000, 0};
    mv_view *view = wrap(data, "I", 2), *same, *floats;
    CHECK_OK(mv_view_cast(view, "I", MV_NO_SHAPE, 'C', &same, &error));
    CHECK_OK(mv_view_cast(view, "f", MV_NO_SHAPE, 'C', &floats, &error));
    CHECK_ITEMS(same, 0x3f800000, 0);
    check_text(floats, SIZE_MAX, "[1.0, 0.0]");
    DROP(view, same, floats);
}

TEST(acceptance_079_casts_to_any_format)
{
    unsigned char data[] = {1, 0, 2, 0};
    mv_view *view = wrap(data, "B", 4), *made;
    CHECK_OK(mv_view_cast(view, "BB", MV_NO_SHAPE, 'C', &made, &error));
    check_text(made, SIZE_MAX, "[(1, 0), (2, 0)]");
    CHECK_STR(mv_view_buffer(made)->format, "BB");
    DROP(made);
    CHECK_OK(mv_view_cast(view, "<H", MV_NO_SHAPE, 'C', &made, &error));
    check_text(made, SIZE_MAX, "[1, 2]");
    DROP(made);
    CHECK_OK(mv_view_cast(view, "=I", MV_NO_SHAPE, 'C', &made, &error));
    CHECK_SHAPE(made, 1);
    CHECK_STR(mv_view_buffer(made)->format, "=I");
    DROP(made);
    CHECK_OK(mv_view_cast(view, "s", MV_NO_SHAPE, 'C', &made, &error));
    check_text(made, SIZE_MAX, "[b'\\x01', b'\\x00', b'\\x02', b'\\x00']");
    DROP(made);
    CHECK_OK(mv_view_cast(view, "4s", NULL, 0, 'C', &made, &error));
    check_text(made, SIZE_MAX, "b'\\x01\\x00\\x02\\x00'");
    DROP(made);
    CHECK_OK(mv_view_cast(view, "x", MV_NO_SHAPE, 'C', &made, &error));
    CHECK_INT(mv_view_buffer(made)->shape[0], 4);
    DROP(made);
    CHECK_NOTHING(made, mv_view_cast(view, "", MV_NO_SHAPE, 'C', &made, &error), MV_E_FORMAT);
    CHECK_NOTHING(made, mv_view_cast(view, "@", MV_NO_SHAPE, 'C', &made, &error), MV_E_FORMAT);
    CHECK_NOTHING(made, mv_view_cast(view, "3s", MV_NO_SHAPE, 'C', &made, &error), MV_E_TYPE);
    DROP(view);
}

/* What a cast made keeps its format's text, however long its family lives. */
TEST(formats_outlive_the_cast)
{
    unsigned char data[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    mv_view *view = wrap(data, "B", 8), *made, *part, *own;
    mv_buffer buffer;
    CHECK_OK(mv_view_cast(view, "T{B:a:>H:b:x}", MV_NO_SHAPE, 'C', &made, &error));
    part = sliced(made, "1:");
    CHECK_OK(mv_view_reexport(part, &own, &error));
    CHECK_OK(mv_buffer_acquire(mv_view_as_object(own), MV_FULL, &buffer, &error));
    DROP(view, made, part, own);
    CHECK_STR(buffer.format, "T{B:a:>H:b:x}");
    mv_buffer_release(&buffer);
}

TEST(acceptance_084_structs_as_bytes)
{
    struct {
        signed char a;
        int b;
    } data[2];
    unsigned char copy[sizeof data];
    memset(data, 0x5a, sizeof data); /* the padding, too */
    data[0].a = data[1].a = -1;
    data[0].b = data[1].b = 0;
    mv_view *view = wrap(data, "T{b:a:i:b:}", 2), *bytes;
    CHECK_OK(mv_view_cast(view, "B", MV_NO_SHAPE, 'C', &bytes, &error));
    CHECK_SHAPE(bytes, sizeof data);
    CHECK_OK(mv_view_read(bytes, "B", 'C', copy, sizeof copy, &error));
    CHECK_BYTES(copy, data, sizeof data);
    CHECK_INT(copy[0], 0xff);
    if (sizeof *data > 1 + sizeof(int)) CHECK_INT(copy[sizeof *data + 1], 0x5a);
    DROP(view, bytes);
}

TEST(acceptance_091_lists_without_items)
{
    mv_view *view = numbered("B", MV_DIMS(2, 0), 'C');
    check_text(view, 10, "[[], []]");
    DROP(view);
    view = numbered("B", MV_DIMS(0, 2), 'C');
    check_text(view, 10, "[]");
    DROP(view);
    view = numbered("B", MV_DIMS(2, 0, 3), 'C');
    check_text(view, 10, "[[], []]");
    DROP(view);
    view = numbered("B", NULL, 0, 'C');
    check_text(view, 10, "0");
    DROP(view);
}

TEST(values_as_python_prints_them)
{
    double floats[] = {0.1, -0.0, 1e16, 1e15, 123456789012345680.0, 1e-4, 1e-5, 5e-324, 1e22, 100.0, 1.5e300};
    mv_view *view = wrap(floats, "d", 11);
    check_text(view, 20,
               "[0.1, -0.0, 1e+16, 1000000000000000.0, 1.2345678901234568e+17, 0.0001, 1e-05, 5e-324, 1e+22, "
               "100.0, 1.5e+300]");
    DROP(view);
    double wide[] = {1, 2, 0, -1.5, -0.0, 0.5};
    view = wrap(wide, "Zd", 3);
    check_text(view, 20, "[(1+2j), -1.5j, (-0+0.5j)]");
    DROP(view);
    PRINTS("?", 2, "[False, True]", 0, 7);
    PRINTS("c", 4, "[b'a', b\"'\", b'\\n', b'\\xff']", 'a', '\'', '\n', 0xff);
    PRINTS("3s", 3, "[b\"it'\", b'i\\'\"', b'\"\\\\\\x7f']", 'i', 't', '\'', 'i', '\'', '"', '"', '\\', 0x7f);
    PRINTS("3t", 1, "[b\"'\"]", '\'');
    PRINTS("4p", 1, "[b'ab']", 2, 'a', 'b', 'c');
    PRINTS("<2u", 1, "['\xc3\xa9']", 0xe9, 0, 0, 0);
    PRINTS("<2u", 3, "[\"a'\", '\"\\'', '\\xa0\\xad']", 'a', 0, '\'', 0, '"', 0, '\'', 0, 0xa0, 0, 0xad, 0);
    PRINTS(">w", 1, "['\xf0\x9f\x98\x80']", 0, 1, 0xf6, 0);
    PRINTS("<2u", 1, "['\\ud800a']", 0, 0xd8, 'a', 0);
    PRINTS("T{B:a:(2)B:b:T{B:c:}:d:}", 1, "[(1, [2, 3], (4,))]", 1, 2, 3, 4);
    PRINTS("3t", 1, "[b'\\x05']", 5);
    PRINTS("e", 1, "[1.0]", __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : 0x3c,
           __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0x3c : 0);
}

TEST(long_views_show_their_ends)
{
    mv_view *view = numbered("i", MV_DIMS(100), 'C'), *table = numbered("i", MV_DIMS(8, 2), 'C');
    check_text(view, 10, "[0, 1, 2, ..., 97, 98, 99]");
    check_text(table, 15, "[[0, 1], [2, 3], [4, 5], ..., [10, 11], [12, 13], [14, 15]]");
    check_text(table, 16, "[[0, 1], [2, 3], [4, 5], [6, 7], [8, 9], [10, 11], [12, 13], [14, 15]]");
    char text[8];
    size_t length = 0;
    CHECK_OK(mv_view_text(view, 10, text, sizeof text, &length, &error));
    CHECK_STR(text, "[0, 1, ");
    CHECK_SIZE(length, strlen("[0, 1, 2, ..., 97, 98, 99]"));
    DROP(view, table);
}

static mv_scalar utf8(const char *text)
{
    mv_scalar scalar = scalar_bytes(text, strlen(text));
    scalar.kind = MV_TEXT;
    return scalar;
}

TEST(values_go_into_items_of_every_format)
{
    unsigned char data[32];
    mv_scalar value = scalar_int(0x0102), complex = scalar_int(0);
    mv_view *view;
    memset(data, 0, sizeof data);
    view = wrap(data, ">i", 1);
    CHECK_OK(mv_view_set(view, MV_DIMS(0), &value, &error));
    CHECK_BYTES(data, "\0\0\1\2", 4);
    CHECK_STATUS(mv_view_set_f64(view, MV_DIMS(0), 1, &error), MV_E_TYPE);
    DROP(view);
    view = wrap(data, ">Zf", 1);
    complex.kind = MV_COMPLEX;
    complex.as.c.re = 1;
    complex.as.c.im = -2;
    CHECK_OK(mv_view_set(view, MV_DIMS(0), &complex, &error));
    CHECK_BYTES(data, "\x3f\x80\0\0\xc0\0\0\0", 8);
    CHECK_OK(mv_view_set_i64(view, MV_DIMS(0), 3, &error));
    CHECK_BYTES(data, "\x40\x40\0\0\0\0\0\0", 8);
    DROP(view);
    view = wrap(data, "d", 1);
    CHECK_STATUS(mv_view_set(view, MV_DIMS(0), &complex, &error), MV_E_TYPE);
    DROP(view);
    memset(data, 'x', sizeof data);
    view = wrap(data, "4s", 1);
    value = scalar_bytes("ab", 2);
    CHECK_OK(mv_view_set(view, MV_DIMS(0), &value, &error));
    CHECK_BYTES(data, "ab\0\0x", 5);
    value = scalar_bytes("abcde", 5);
    CHECK_STATUS(mv_view_set(view, MV_DIMS(0), &value, &error), MV_E_VALUE);
    value = scalar_bytes(data + 1, 3); /* part of the item itself */
    CHECK_OK(mv_view_set(view, MV_DIMS(0), &value, &error));
    CHECK_BYTES(data, "b\0\0\0x", 5);
    DROP(view);
    view = wrap(data, "4p", 1);
    value = scalar_bytes("abc", 3);
    CHECK_OK(mv_view_set(view, MV_DIMS(0), &value, &error));
    CHECK_BYTES(data, "\3abcx", 5);
    value = scalar_bytes("abcd", 4);
    CHECK_STATUS(mv_view_set(view, MV_DIMS(0), &value, &error), MV_E_VALUE);
    DROP(view);
    view = wrap(data, ">3u", 1);
    value = utf8("\xc3\xa9z");
    CHECK_OK(mv_view_set(view, MV_DIMS(0), &value, &error));
    CHECK_BYTES(data, "\0\xe9\0z\0\0", 6);
    value = utf8("\xf0\x9f\x98\x80xy");
    CHECK_STATUS(mv_view_set(view, MV_DIMS(0), &value, &error), MV_E_VALUE);
    value = utf8("a\xff");
    CHECK_STATUS(mv_view_set(view, MV_DIMS(0), &value, &error), MV_E_VALUE);
    CHECK_INT(error.position, 1);
    DROP(view);
}

TEST(characters_go_from_one_encoding_to_another)
{
    unsigned char narrow[] = {0x3d, 0xd8, 0, 0xde}, wide[8] = {9, 9, 9, 9, 9, 9, 9, 9};
    mv_view *from = wrap(narrow, "<2u", 1), *to = wrap(wide, ">2w", 1);
    mv_scalar item;
    CHECK_OK(mv_view_get(from, MV_DIMS(0), &item, &error));
    CHECK_INT(item.kind, MV_TEXT);
    CHECK(item.format != NULL);
    CHECK_OK(mv_view_set(to, MV_DIMS(0), &item, &error));
    CHECK_BYTES(wide, "\0\1\xf6\0\0\0\0\0", 8);
    DROP(from, to);
}

TEST(structs_go_into_structs_of_their_layout)
{
    short data[] = {1, 2, 3, 4};
    mv_view *view = wrap(data, "T{h:a:h:b:}", 2), *others = wrap(data, "hH", 2);
    mv_scalar item, raw = scalar_bytes("\0\0\0\0", 4);
    CHECK_OK(mv_view_get(view, MV_DIMS(1), &item, &error));
    CHECK_STATUS(mv_view_set(others, MV_DIMS(0), &item, &error), MV_E_FORMAT);
    CHECK_OK(mv_view_set(view, MV_DIMS(0), &item, &error));
    CHECK_INT(data[0] * 10 + data[1], 34);
    CHECK_OK(mv_view_set(view, MV_DIMS(0), &raw, &error));
    CHECK_INT(data[0], 0);
    raw = scalar_bytes("\0\0\0", 3);
    CHECK_STATUS(mv_view_set(view, MV_DIMS(0), &raw, &error), MV_E_VALUE);
    CHECK_OK(mv_view_fill(view, &item, &error));
    CHECK_INT(data[0] * 10 + data[1], 34);
    DROP(view, others);
}

TEST(fields_of_a_scalar)
{
    short data[] = {1, 2, 3, 4, 5, 6};
    mv_view *view = wrap(data, "T{h:a:(2)h:b:(3)T{h}:c:}", 1);
    mv_scalar item, part;
    CHECK_OK(mv_view_get(view, MV_DIMS(0), &item, &error));
    CHECK_OK(mv_scalar_field(&item, "b", &part, &error));
    CHECK_INT(part.kind, MV_ARRAY);
    CHECK_OK(mv_scalar_field(&part, "[1]", &part, &error));
    CHECK_INT(part.as.i, 3);
    CHECK_OK(mv_scalar_field(&item, "c[2]", &part, &error));
    CHECK_INT(part.kind, MV_RECORD);
    CHECK_OK(mv_scalar_field(&part, "[0]", &part, &error));
    CHECK_INT(part.as.i, 6);
    CHECK_STATUS(mv_scalar_field(&item, "c[3]", &part, &error), MV_E_NOT_FOUND);
    CHECK_INT(error.position, 1);
    part = scalar_int(1);
    CHECK_STATUS(mv_scalar_field(&part, "a", &part, &error), MV_E_TYPE);
    item.as.bytes.length--;
    CHECK_STATUS(mv_scalar_field(&item, "a", &part, &error), MV_E_SHAPE);
    DROP(view);
}

/* Item sizes count: what they have beyond the format is padding at their end. */
TEST(items_may_be_larger_than_their_format)
{
    unsigned char data[] = {1, 2, 0, 0, 3, 4, 0, 0};
    const ptrdiff_t shape[] = {2};
    const mv_buffer description = {.buf = data, .itemsize = 4, .ndim = 1, .format = "=BB", .shape = shape};
    mv_view *view;
    CHECK_OK(mv_view_from_buffer(&description, &view, &error));
    check_text(view, 9, "[(1, 2), (3, 4)]");
    DROP(view);
}
