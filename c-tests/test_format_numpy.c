/* Formats as NumPy writes them, and back. */
#include "fixtures.h"

static mv_format *parsed(const char *text)
{
    mv_format *format = NULL;
    CHECK_OK(mv_format_parse(text, MV_RULES_STRUCT, &format, &error));
    return format;
}

static int is_little(void)
{
    return *(const unsigned char *)&(const int){1} == 1;
}

/* This text, with the byte order of a big-endian machine where it is one. */
static const char *own(char *text)
{
    for (char *at = text; *at != '\0' && !is_little(); at++)
        if (*at == '<') *at = '>';
    return text;
}

static void writes(const char *text, const char *little)
{
    char expected[256], found[256];
    size_t length = 0;
    mv_format *format = parsed(text), *again;
    snprintf(expected, sizeof expected, "%s", little);
    CHECK_OK(mv_format_numpy(format, found, sizeof found, &length, &error));
    CHECK_STR(found, own(expected));
    CHECK_SIZE(length, strlen(found));
    CHECK_OK(mv_format_from_numpy(found, &again, &error));
    CHECK_INT(mv_format_itemsize(again), mv_format_itemsize(format));
    mv_format_unref(again);
    mv_format_unref(format);
}

static void reads(const char *text, const char *expected)
{
    mv_format *format, *wanted = parsed(expected);
    CHECK_OK(mv_format_from_numpy(text, &format, &error));
    char found[256];
    CHECK_OK(mv_format_text(format, found, sizeof found, NULL, &error));
    if (!mv_format_equal(format, wanted)) FAIL("%s is read as %s, expected %s", text, found, expected);
    mv_format_unref(wanted);
    mv_format_unref(format);
}

static void refused(const char *text, mv_status status, long long place)
{
    mv_format *format;
    CHECK_NOTHING(format, mv_format_from_numpy(text, &format, &error), status);
    if (error.position != place)
        FAIL("%.60s: the fault is at %lld, expected %lld: %s", text, (long long)error.position, place,
             error.message);
}

TEST(types_without_parts)
{
    writes("b", "|i1");
    writes("B", "|u1");
    writes("?", "|b1");
    writes("c", "|S1");
    writes("=h", "<i2");
    writes(">i", ">i4");
    writes("=q", "<i8");
    writes("=Q", "<u8");
    writes("e", "<f2");
    writes("d", "<f8");
    writes(">Zf", ">c8");
    writes("D", "<c16");
    writes("3s", "|S3");
    writes(">5w", ">U5");
    writes("7x", "|V7");
    writes("O", "|O");
}

TEST(structs_and_sub_arrays)
{
    writes("T{=i:a:=d:b:}", "[('a', '<i4'), ('b', '<f8')]");
    writes("T{=h:a:2x=i:b:3x}", "[('a', '<i2'), ('', '|V2'), ('b', '<i4'), ('', '|V3')]");
    writes("T{(2,3)=h:a:(2)T{B:x:}:b:}", "[('a', '<i2', (2, 3)), ('b', [('x', '|u1')], (2,))]");
    writes("(2,3)=h", "('<i2', (2, 3))");
    writes("3T{B:x:}", "([('x', '|u1')], (3,))");
    writes("=hB2i", "[('f0', '<i2'), ('f1', '|u1'), ('f2', '<i4', (2,))]");
    writes("bx", "[('f0', '|i1'), ('', '|V1')]");
    writes("T{}", "[]");
    writes("", "[]");
    writes("T{3x:raw:}", "[('raw', '|V3')]");
    writes("T{b:it's:b:a\"b:b:'\":b:\\:b:\n\x01:b:\xc3\xa4:}",
           "[(\"it's\", '|i1'), ('a\"b', '|i1'), ('\\'\"', '|i1'), ('\\\\', '|i1'), ('\\n\\x01', '|i1'), "
           "('\xc3\xa4', '|i1')]");
}

/* The padding that C implies is written down. */
TEST(padding_is_explicit)
{
    struct nested {
        char a;
        struct {
            double d;
            char b;
        } s;
        char c;
    };
    char text[256];
    mv_format *format = parsed("T{b:a:T{d:d:b:b:}:s:b:c:}"), *again;
    CHECK_INT(mv_format_itemsize(format), sizeof(struct nested));
    CHECK_OK(mv_format_numpy(format, text, sizeof text, NULL, &error));
    CHECK_OK(mv_format_from_numpy(text, &again, &error));
    CHECK_INT(mv_format_equal(again, format), 1);
    CHECK_INT(mv_format_alignment(again), 1);
    mv_format_unref(again);
    mv_format_unref(format);
}

TEST(a_part_is_written_alone)
{
    mv_format *format = parsed("T{b:a:T{>h:x:}:s:}");
    mv_field field;
    char text[64];
    CHECK_OK(mv_format_field(format, "s", &field, &error));
    CHECK_OK(mv_format_numpy(field.format, text, sizeof text, NULL, &error));
    CHECK_STR(text, "[('x', '>i2')]");
    mv_format_unref(format);
}

TEST(what_numpy_has_no_type_for)
{
    static const char *const none[] = {"P",  "&i", "X{}", "5p",          "3u",
                                       "3t", "z",  "Z",   "T{i:a:P:b:}", "(2)T{3u:x:}"};
    char text[32] = "untouched";
    size_t length = 77;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        mv_format *format = parsed(none[i]);
        CHECK_STATUS(mv_format_numpy(format, text, sizeof text, &length, &error), MV_E_UNSUPPORTED);
        CHECK_STR(text, "untouched");
        CHECK_SIZE(length, 77);
        mv_format_unref(format);
    }
}

TEST(typestrs_are_read)
{
    reads("<i4", "<i");
    reads(" '>u2' ", ">H");
    reads("\"=i4\"", "=i");
    reads("u8", "=Q");
    reads("u'|b1'", "?");
    reads("b'|S3'", "3s");
    reads("<U5", "<5w");
    reads("|V7", "7x");
    reads("|O8", "O");
    reads("|O", "O");
    reads("|a5", "5s");
    reads("c16", "=Zd");
    reads("f2", "=e");
    reads("'\\x3ci4'", "<i");
}

TEST(literals_are_read)
{
    reads("[('a', '<i4'), ('b', '>f8')]", "T{<i:a:>d:b:}");
    reads("[('a','<i4',),]", "T{<i:a:}");
    reads("[('a', '<i4', (2, 3)), ('b', '|i1', 3)]", "T{(2,3)<i:a:(3)b:b:}");
    reads("[('a', '<i4', (2L,)), ('b', '<i4', ())]", "T{(2)<i:a:<i:b:}");
    reads("('<i4', (2, 3))", "(2,3)<i");
    reads("(('<i4', (3,)), (2,))", "(2,3)<i");
    reads("([('x', '|i1')], 2)", "(2)T{b:x:}");
    reads("[(('the title', 'a'), '<i4')]", "T{<i:a:}");
    reads("[('', '|V4'), ('a', [('b', '<i2')])]", "T{4xT{<h:b:}:a:}");
    reads("[]", "T{}");
    reads("[ ( \"it's\" ,\n '|i1' ) ]", "T{b:it's:}");
    reads("[('\\x61\\u00e4\\n\\'\\101', '|i1')]", "T{b:a\xc3\xa4\n'A:}");
    reads("[('], (', '|i1')]", "T{b:], (:}");
}

TEST(faults_have_a_place)
{
    refused("", MV_E_FORMAT, 0);
    refused("<", MV_E_FORMAT, 0);
    refused("<i3", MV_E_UNSUPPORTED, 0);
    refused("|S", MV_E_UNSUPPORTED, 0);
    refused("<M8[ns]", MV_E_UNSUPPORTED, 0);
    refused("i4 x", MV_E_UNSUPPORTED, 0);
    refused("|S99999999999999999999", MV_E_OVERFLOW, 0);
    refused("'<i4", MV_E_FORMAT, 4);
    refused("'<i4' x", MV_E_FORMAT, 6);
    refused("[", MV_E_FORMAT, 1);
    refused("[('a'", MV_E_FORMAT, 5);
    refused("[('a', '<i4'", MV_E_FORMAT, 12);
    refused("[('a', '<i4')", MV_E_FORMAT, 13);
    refused("['<i4']", MV_E_FORMAT, 1);
    refused("[(1, '<i4')]", MV_E_FORMAT, 2);
    refused("[('a', 4)]", MV_E_FORMAT, 7);
    refused("[('a', '<M8[s]')]", MV_E_UNSUPPORTED, 8);
    refused("[('a', '<i4', -1)]", MV_E_FORMAT, 14);
    refused("[('a', '<i4', (2 3))]", MV_E_FORMAT, 17);
    refused("[('a', '<i4', 2, 3)]", MV_E_FORMAT, 17);
    refused("[('a:b', '<i4')]", MV_E_FORMAT, 4);
    refused("[('a\\0', '<i4')]", MV_E_FORMAT, 4);
    refused("[('a\\q', '<i4')]", MV_E_FORMAT, 4);
    refused("[('\\ud800', '<i4')]", MV_E_FORMAT, 3);
    refused("[('a', '<i4', 99999999999999999999)]", MV_E_OVERFLOW, sizeof(void *) == 8 ? 32 : 23);
    refused("[('\xff', '<i4')]", MV_E_VALUE, 3);
    refused("('<i4')", MV_E_FORMAT, 6);
    refused("{'names': []}", MV_E_UNSUPPORTED, 0);
}

TEST(nesting_and_length_are_limited)
{
    const size_t levels = 20000;
    char *deep = malloc(8 * levels + 1);
    CHECK(deep != NULL);
    for (size_t i = 0; i < levels; i++) memcpy(deep + 8 * i, "[('a',  ", 9);
    mv_format *format;
    CHECK_STATUS(mv_format_from_numpy(deep, &format, &error), MV_E_FORMAT); /* it does not end */
    for (size_t i = 0; i < levels; i++) memcpy(deep + i, "(", 2);
    CHECK_STATUS(mv_format_from_numpy(deep, &format, &error), MV_E_FORMAT);
    char *closed = malloc(12 * levels);
    CHECK(closed != NULL);
    closed[0] = '\0';
    size_t at = 0;
    for (size_t i = 0; i < 100; i++, at += 6) memcpy(closed + at, "[('a',", 7);
    at += (size_t)sprintf(closed + at, "'<i4'");
    for (size_t i = 0; i < 100; i++, at += 2) memcpy(closed + at, ")]", 3);
    CHECK_STATUS(mv_format_from_numpy(closed, &format, &error), MV_E_LIMIT);
    CHECK_INT(error.position, 65 * 6);
    CHECK_INT(error.limit, MV_FORMAT_MAX_DEPTH);
    at = (size_t)sprintf(closed, "[");
    for (size_t i = 0; i < 15000; i++) at += (size_t)sprintf(closed + at, "('a','<i4'),");
    sprintf(closed + at, "]");
    CHECK_STATUS(mv_format_from_numpy(closed, &format, &error), MV_E_LIMIT);
    CHECK_INT(error.limit, MV_FORMAT_MAX_TEXT);
    free(deep);
    free(closed);
}
