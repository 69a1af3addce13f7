/* Parsed formats: their values one by one, their texts, what is equal. */
#include "fixtures.h"

static mv_format *parsed(const char *text)
{
    mv_format *format = NULL;
    CHECK_OK(mv_format_parse(text, MV_RULES_STRUCT, &format, &error));
    return format;
}

static void prints(const char *text, const char *expected)
{
    char found[128];
    size_t length = 0;
    mv_format *format = parsed(text), *again;
    CHECK_OK(mv_format_text(format, found, sizeof found, &length, &error));
    CHECK_STR(found, expected);
    CHECK_SIZE(length, strlen(expected));
    again = parsed(found);
    CHECK_INT(mv_format_equal(format, again), 1);
    mv_format_unref(again);
    mv_format_unref(format);
}

static int equal(const char *a, const char *b)
{
    mv_format *left = parsed(a), *right = parsed(b);
    const int answer = mv_format_equal(left, right);
    CHECK_INT(mv_format_equal(right, left), answer);
    CHECK_INT(mv_format_equal(left, left), 1);
    mv_format_unref(left);
    mv_format_unref(right);
    return answer;
}

static int kind_of(const char *text)
{
    mv_format *format = parsed(text);
    const int kind = mv_format_kind(format);
    mv_format_unref(format);
    return kind;
}

struct point {
    float x, y;
};
struct sample {
    unsigned char tag;
    struct point at;
    short grid[2][3];
    double weight;
};
static const char sample_text[] = "T{B:tag:T{f:x:f:y:}:at:(2,3)h:grid:d:weight:}";

TEST(fields_lie_where_the_compiler_puts_them)
{
    mv_format *format = parsed(sample_text);
    mv_field field;
    CHECK_INT(mv_format_itemsize(format), sizeof(struct sample));
    CHECK_INT(mv_format_kind(format), MV_RECORD);
    CHECK_SIZE(mv_format_field_count(format), 4);
    CHECK_OK(mv_format_field_at(format, 0, &field, &error));
    CHECK_STR(field.name, "tag");
    CHECK_INT(field.offset, 0);
    CHECK_INT(field.itemsize, 1);
    CHECK_PTR(field.shape, NULL);
    CHECK_INT(field.ndim, 0);
    CHECK_INT(mv_format_kind(field.format), MV_UINT);
    CHECK_OK(mv_format_field_at(format, 2, &field, &error));
    CHECK_STR(field.name, "grid");
    CHECK_INT(field.offset, offsetof(struct sample, grid));
    CHECK_INT(field.itemsize, sizeof(short)); /* of one element */
    CHECK_INT(field.ndim, 2);
    CHECK_INT(field.shape[0], 2);
    CHECK_INT(field.shape[1], 3);
    CHECK_INT(mv_format_kind(field.format), MV_INT);
    CHECK_OK(mv_format_field_at(format, 3, &field, &error));
    CHECK_INT(field.offset, offsetof(struct sample, weight));
    CHECK_STATUS(mv_format_field_at(format, 4, &field, &error), MV_E_INDEX);
    CHECK_ERROR(-1, -1, 4, 4);
    CHECK_STR(field.name, "weight"); /* untouched */
    CHECK_STATUS(mv_format_field_at(format, SIZE_MAX, &field, &error), MV_E_INDEX);
    mv_format_unref(format);
}

TEST(paths_lead_to_fields_within_fields)
{
    mv_format *format = parsed(sample_text);
    mv_field field;
    CHECK_OK(mv_format_field(format, "at.y", &field, &error));
    CHECK_STR(field.name, "y");
    CHECK_INT(field.offset, offsetof(struct sample, at) + offsetof(struct point, y));
    CHECK_INT(mv_format_kind(field.format), MV_FLOAT);
    CHECK_OK(mv_format_field(format, "grid[1,2]", &field, &error));
    CHECK_INT(field.offset, offsetof(struct sample, grid) + 5 * sizeof(short));
    CHECK_INT(field.ndim, 0);
    CHECK_OK(mv_format_field(format, "[1].x", &field, &error));
    CHECK_INT(field.offset, offsetof(struct sample, at));
    CHECK_OK(mv_format_field(format, "", &field, &error)); /* the item itself */
    CHECK_INT(field.offset, 0);
    CHECK_INT(field.itemsize, sizeof(struct sample));
    static const struct {
        const char *path;
        long long place;
    } wrong[] = {{"no", 0},
                 {"at.z", 3},
                 {"at.", 3},
                 {"at..x", 3},
                 {"grid[1]", 4},
                 {"grid[1,3]", 4},
                 {"grid[1,2,0]", 4},
                 {"grid[-1,0]", 4},
                 {"grid[1,2", 4},
                 {"[4]", 0},
                 {"[]", 0},
                 {".at", 0},
                 {"tag.x", 4},
                 {"tag[0]", 3},
                 {"at]", 0},
                 {"grid[1,2]x", 9},
                 {"[99999999999999999999]", 0}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CHECK_STATUS(mv_format_field(format, wrong[i].path, &field, &error), MV_E_NOT_FOUND);
        if (error.position != wrong[i].place)
            FAIL("\"%s\": the fault is at %lld, expected %lld", wrong[i].path, (long long)error.position,
                 wrong[i].place);
    }
    mv_format_unref(format);
}

/* Names may be empty, equal, and of any characters but ':'; a path finds the first. */
TEST(names_of_all_kinds)
{
    mv_format *format = parsed("T{<i::h:a:b:a:q:\xc3\xa4 {}:x:pad:}");
    mv_field field;
    CHECK_SIZE(mv_format_field_count(format), 5);
    CHECK_OK(mv_format_field_at(format, 0, &field, &error));
    CHECK_STR(field.name, "");
    CHECK_OK(mv_format_field(format, "a", &field, &error));
    CHECK_INT(field.offset, 4);
    CHECK_OK(mv_format_field(format, "\xc3\xa4 {}", &field, &error));
    CHECK_INT(field.offset, 7);
    CHECK_OK(
        mv_format_field_at(format, 4, &field, &error)); /* padding with a name is a value, without meaning */
    CHECK_STR(field.name, "pad");
    CHECK_INT(mv_format_kind(field.format), MV_OPAQUE);
    mv_format_unref(format);
}

/* Names are bytes: the text of the format has them as they are, and so has the format of a part. */
TEST(names_that_are_not_utf8)
{
    const char *const whole = "T{T{h:\xff:b:\xc3:}:\xe9:}";
    char text[64];
    mv_format *format = parsed(whole);
    mv_field field;
    mv_view *all, *part;
    prints(whole, whole);
    CHECK_OK(mv_format_numpy(format, text, sizeof text, NULL, &error));
    CHECK(strstr(text, "'\\udce9'") && strstr(text, "'\\udcff'") && strstr(text, "'\\udcc3'"));
    mv_format_unref(format);

    CHECK_OK(mv_view_wrap(text, whole, MV_DIMS(2), 0, &all, &error));
    CHECK_OK(mv_view_field(all, "\xe9", &part, &error));
    CHECK_STR(mv_view_buffer(part)->format, "T{h:\xff:b:\xc3:}");
    CHECK_OK(mv_view_format(part, &format, &error));
    CHECK_OK(mv_format_field(format, "\xc3", &field, &error));
    CHECK_INT(field.offset, 2);
    mv_format_unref(format);
    mv_view_unref(part);
    mv_view_unref(all);
}

TEST(a_sequence_is_a_struct_without_names)
{
    mv_format *format = parsed("=h3xHb2i");
    mv_field field;
    CHECK_SIZE(mv_format_field_count(format), 5);
    CHECK_INT(mv_format_kind(format), MV_RECORD);
    CHECK_OK(mv_format_field_at(format, 1, &field, &error));
    CHECK_PTR(field.name, NULL);
    CHECK_INT(field.offset, 5);
    CHECK_OK(mv_format_field_at(format, 4, &field, &error));
    CHECK_INT(field.offset, 12);
    CHECK_OK(mv_format_field(format, "[3]", &field, &error));
    CHECK_INT(field.offset, 8);
    mv_format_unref(format);
    format = parsed("i");
    CHECK_SIZE(mv_format_field_count(format), 0);
    CHECK_STATUS(mv_format_field_at(format, 0, &field, &error), MV_E_INDEX);
    CHECK_STATUS(mv_format_field(format, "a", &field, &error), MV_E_NOT_FOUND);
    mv_format_unref(format);
}

TEST(elements_of_a_sub_array)
{
    mv_format *format = parsed("(2,3)T{hb}"), *scalar = parsed("i");
    mv_field field;
    CHECK_INT(mv_format_kind(format), MV_ARRAY);
    CHECK_SIZE(mv_format_field_count(format), 0);
    CHECK_OK(mv_format_element(format, &field, &error));
    CHECK_PTR(field.name, NULL);
    CHECK_INT(field.offset, 0);
    CHECK_INT(field.ndim, 2);
    CHECK_INT(field.shape[1], 3);
    CHECK_INT(field.itemsize * 6, mv_format_itemsize(format));
    CHECK_INT(mv_format_kind(field.format), MV_RECORD);
    CHECK_STATUS(mv_format_element(scalar, &field, &error), MV_E_TYPE);
    CHECK_STATUS(mv_format_element(field.format, &field, &error), MV_E_TYPE);
    mv_format_unref(format);
    mv_format_unref(scalar);
}

/* The format of a field is a handle like any other, and keeps the whole alive. */
TEST(a_field_keeps_its_format_alive)
{
    mv_format *format = parsed(sample_text);
    mv_field field;
    char text[32];
    CHECK_OK(mv_format_field(format, "at", &field, &error));
    mv_format *inner = mv_format_ref((mv_format *)field.format);
    CHECK_PTR(inner, field.format);
    mv_format_unref(format);
    CHECK_OK(mv_format_text(inner, text, sizeof text, NULL, &error));
    CHECK_STR(text, "T{f:x:f:y:}");
    CHECK_INT(mv_format_itemsize(inner), sizeof(struct point));
    CHECK_OK(mv_format_field(inner, "y", &field, &error));
    CHECK_INT(field.offset, offsetof(struct point, y));
    CHECK_STR(field.name, "y");
    mv_format_unref(inner);
    CHECK_PTR(mv_format_ref(NULL), NULL);
    mv_format_unref(NULL);
}

TEST(texts_are_canonical)
{
    const char *own = *(const unsigned char *)&(const int){1} == 1 ? "<i" : ">i";
    prints("=i", own);
    prints("@i", "i");
    prints("!i", ">i");
    prints(" 3 i ", "3i");
    prints("<3h", "<3h");
    prints("(2, 3)>d", "(2,3)>d");
    prints("<(2)d", "(2)<d");
    prints("3(2)d", "(3,2)d");
    prints("F", "Zf");
    prints("1s", "s");
    prints("T{>i:a:h:b:}h:c:", "T{>i:a:h:b:}h:c:");
    prints("T{ 3i :a: }", "T{(3)i:a:}");
    prints("X{ii->d}:f:&<i:p:", "X{ii->d}:f:<&i:p:");
    prints("i9& T{<b:a:>h:b:}", "i<9&T{b:a:>h:b:}");
    prints("", "");
}

TEST(text_is_cut_as_snprintf_does)
{
    mv_format *format = parsed("T{i:a:}");
    char text[8];
    size_t length = 99;
    CHECK_OK(mv_format_text(format, NULL, 0, &length, &error));
    CHECK_SIZE(length, 7);
    memset(text, 'x', sizeof text);
    CHECK_OK(mv_format_text(format, text, 4, &length, &error));
    CHECK_SIZE(length, 7);
    CHECK_STR(text, "T{i");
    CHECK_INT(text[4], 'x');
    CHECK_OK(mv_format_text(format, text, 1, NULL, &error));
    CHECK_STR(text, "");
    CHECK_OK(mv_format_text(format, text, 8, NULL, &error));
    CHECK_STR(text, "T{i:a:}");
    mv_format_unref(format);
}

TEST(equal_is_what_means_the_same)
{
    const char *native = *(const unsigned char *)&(const int){1} == 1 ? "<i" : ">i";
    CHECK_INT(equal("i", native), 1);
    CHECK_INT(equal("i", *native == '<' ? ">i" : "<i"), 0);
    CHECK_INT(equal("l", "q"), sizeof(long) == sizeof(long long));
    CHECK_INT(equal("l", "i"), sizeof(long) == sizeof(int));
    CHECK_INT(equal("<l", "<i"), 1);
    CHECK_INT(equal("n", "q"), sizeof(ptrdiff_t) == sizeof(long long));
    CHECK_INT(equal("<b", ">b"), 1);
    CHECK_INT(equal("B", "b"), 0);
    CHECK_INT(equal("B", "c"), 0);
    CHECK_INT(equal("B", "?"), 0);
    CHECK_INT(equal("i", "I"), 0);
    CHECK_INT(equal("i", "f"), 0);
    CHECK_INT(equal("P", "N"), 0);
    CHECK_INT(equal("3i", "iii"), 1);
    CHECK_INT(equal("3i", "(3)i"), 0);
    CHECK_INT(equal("3c", "3s"), 0);
    CHECK_INT(equal("3s", "4s"), 0);
    CHECK_INT(equal("i", "T{i}"), 0);
    CHECK_INT(equal("T{i:a:}", "T{i:a:}"), 1);
    CHECK_INT(equal("T{i:a:}", "T{i:b:}"), 0);
    CHECK_INT(equal("T{i:a:}", "T{i}"), 0);
    CHECK_INT(equal("F", "Zf"), 1);
    CHECK_INT(equal("ix", "i"), 0); /* items of another size */
    CHECK_INT(equal("T{<h:a:xxi:b:}", "T{<h:a:2xi:b:}"), 1);
    CHECK_INT(mv_format_equal(NULL, NULL), 0);
}

/* However many values a count makes, they are counted and compared as one. */
TEST(counts_of_any_size)
{
    char text[64], more[64];
    snprintf(text, sizeof text, "%lldb", (long long)PTRDIFF_MAX);
    snprintf(more, sizeof more, "b%lldbb", (long long)PTRDIFF_MAX - 2);
    mv_format *format = parsed(text);
    mv_field field;
    CHECK_SIZE(mv_format_field_count(format), PTRDIFF_MAX);
    CHECK_OK(mv_format_field_at(format, PTRDIFF_MAX - 1, &field, &error));
    CHECK_INT(field.offset, PTRDIFF_MAX - 1);
    CHECK_STATUS(mv_format_field(format, "a", &field, &error), MV_E_NOT_FOUND);
    CHECK_INT(equal(text, more), 1);
    CHECK_INT(equal("3h2h", "hhhhh"), 1);
    CHECK_INT(equal("3h2h", "hhhhi"), 0);
    CHECK_INT(equal("3h2h", "hhhh"), 0);
    CHECK_INT(equal("<2h2xh", "<hhxxh"), 1);
    CHECK_INT(equal("<2h2xh", "<3h2x"), 0);
    mv_format_unref(format);
}

TEST(kinds_are_those_of_scalars)
{
    CHECK_INT(kind_of("?"), MV_BOOL);
    CHECK_INT(kind_of(">q"), MV_INT);
    CHECK_INT(kind_of("N"), MV_UINT);
    CHECK_INT(kind_of("e"), MV_FLOAT);
    CHECK_INT(kind_of("<Zd"), MV_COMPLEX);
    CHECK_INT(kind_of("c"), MV_BYTES);
    CHECK_INT(kind_of("5s"), MV_BYTES);
    CHECK_INT(kind_of("5p"), MV_BYTES);
    CHECK_INT(kind_of("5w"), MV_TEXT);
    CHECK_INT(kind_of("u"), MV_TEXT);
    CHECK_INT(kind_of("P"), MV_POINTER);
    CHECK_INT(kind_of("O"), MV_POINTER);
    CHECK_INT(kind_of("Z"), MV_POINTER); /* ctypes' wchar_t * */
    CHECK_INT(kind_of("z"), MV_POINTER);
    CHECK_INT(kind_of("3i"), MV_RECORD);
    CHECK_INT(kind_of("(3)i"), MV_ARRAY);
    CHECK_INT(kind_of("&i"), MV_OPAQUE);
    CHECK_INT(kind_of("X{}"), MV_OPAQUE);
    CHECK_INT(kind_of("3t"), MV_OPAQUE);
    CHECK_INT(kind_of("ix"), MV_INT);
    CHECK_INT(kind_of("xi"), MV_INT);
    CHECK_INT(mv_format_kind(NULL), 0);
}

TEST(native_means_this_machines_order)
{
    static const struct {
        const char *text;
        int little, big;
    } all[] = {{"i", 1, 1},   {"<i", 1, 0},     {">i", 0, 1},    {"=i", 1, 1},  {">b", 1, 1},
               {">3s", 1, 1}, {"T{i>h}", 0, 1}, {"(2)>w", 0, 1}, {"&>i", 0, 1}, {"", 1, 1}};
    const int little = *(const unsigned char *)&(const int){1} == 1;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        mv_format *format = parsed(all[i].text);
        CHECK_INT(mv_format_is_native(format), little ? all[i].little : all[i].big);
        mv_format_unref(format);
    }
    CHECK_INT(mv_format_is_native(NULL), 0);
    CHECK_INT(mv_format_itemsize(NULL), 0);
    CHECK_INT(mv_format_alignment(NULL), 0);
    CHECK_SIZE(mv_format_field_count(NULL), 0);
}

TEST(a_view_keeps_its_format)
{
    mv_view *view = NULL;
    mv_format *format, *again;
    mv_object *object;
    CHECK_OK(mv_array_new(sample_text, MV_DIMS(3), 'C', &object, &error));
    view = view_taking(object);
    CHECK_OK(mv_view_format(view, &format, &error));
    CHECK_OK(mv_view_format(view, &again, &error));
    CHECK_PTR(again, format);
    CHECK_SIZE(mv_format_field_count(format), 4);
    mv_format_unref(again);
    CHECK_OK(mv_view_release(view, &error));
    CHECK_NOTHING(again, mv_view_format(view, &again, &error), MV_E_RELEASED);
    DROP(view);
    CHECK_INT(mv_format_itemsize(format), sizeof(struct sample)); /* outlives the view */
    mv_format_unref(format);
}

TEST(a_handle_of_something_else_is_no_format)
{
    mv_object *object = bytes_of("ab", 2);
    mv_format *none = (mv_format *)(void *)object;
    mv_field field;
    CHECK_STATUS(mv_format_field_at(none, 0, &field, &error), MV_E_TYPE);
    CHECK_STATUS(mv_format_text(none, NULL, 0, NULL, &error), MV_E_TYPE);
    CHECK_INT(mv_format_itemsize(none), 0);
    CHECK_INT(mv_format_equal(none, none), 0);
    mv_format_unref(none); /* left alone */
    mv_object_unref(object);
}
