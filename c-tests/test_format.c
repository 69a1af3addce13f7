/* Format texts: their sizes, their canonical form, what is refused and where. */
#include "fixtures.h"

#include <stdbool.h>

static mv_format *parsed(const char *text)
{
    mv_format *format = NULL;
    CHECK_OK(mv_format_parse(text, MV_RULES_STRUCT, &format, &error));
    return format;
}

static ptrdiff_t size_of(const char *text)
{
    ptrdiff_t size = -1;
    mv_format *format = parsed(text);
    CHECK_OK(mv_format_size(text, &size, &error));
    CHECK_INT(mv_format_itemsize(format), size);
    mv_format_unref(format);
    return size;
}

static ptrdiff_t numpy_size_of(const char *text)
{
    mv_format *format = NULL;
    CHECK_OK(mv_format_parse(text, MV_RULES_NUMPY, &format, &error));
    const ptrdiff_t size = mv_format_itemsize(format);
    mv_format_unref(format);
    return size;
}

/* A text that is refused, by both functions that take one; `place` is the offset of the fault. */
static void refused(const char *text, mv_status status, long long place)
{
    mv_format *format;
    ptrdiff_t size = 77;
    CHECK_NOTHING(format, mv_format_parse(text, MV_RULES_STRUCT, &format, &error), status);
    if (error.position != place)
        FAIL("\"%.60s\": the fault is at %lld, expected %lld: %s", text, (long long)error.position, place,
             error.message);
    CHECK_NOTHING(format, mv_format_parse(text, MV_RULES_NUMPY, &format, &error), status);
    CHECK_INT(error.position, place);
    CHECK_STATUS(mv_format_size(text, &size, &error), status);
    CHECK_INT(error.position, place);
    CHECK_INT(size, 77);
}

static char *repeated(const char *piece, size_t times, const char *end)
{
    const size_t length = strlen(piece);
    char *text = malloc(length * times + strlen(end) + 1);
    CHECK(text != NULL);
    for (size_t i = 0; i < times; i++) memcpy(text + i * length, piece, length);
    memcpy(text + times * length, end, strlen(end) + 1);
    return text;
}

/* The offset of the second member of a struct that begins with another: what alignment makes of it. */
struct byte_quad {
    char a;
    long long b;
};
struct byte_int {
    char a;
    int b;
};
struct byte_ints {
    char a;
    int b[3];
};
struct byte_double {
    char a;
    double b;
};
struct quad_byte {
    long long a;
    char b;
};
struct int_byte {
    int a;
    char b;
};
struct nested {
    char a;
    struct int_byte b;
    char c;
};
struct longs {
    char a;
    long double b;
};

TEST(acceptance_119_sizes_as_calcsize_has_them)
{
    CHECK_INT(size_of(""), 0);
    CHECK_INT(size_of("i"), sizeof(int));
    CHECK_INT(size_of("3s"), 3);
    CHECK_INT(size_of("bq"), sizeof(struct byte_quad));
    CHECK_INT(size_of("qb"), sizeof(long long) + 1);
    CHECK_INT(size_of("qb0q"), sizeof(struct quad_byte));
    CHECK_INT(size_of("ix"), sizeof(int) + 1);
    CHECK_INT(size_of("ix0i"), sizeof(struct int_byte));
    CHECK_INT(size_of("=cI"), 5);
    CHECK_INT(size_of("cI"), sizeof(struct byte_int));
}

TEST(acceptance_120_sizes_beyond_calcsize)
{
    CHECK_INT(size_of("T{B:a:3xI:b:}"), 8);
    CHECK_INT(size_of("Zd"), 2 * sizeof(double));
    CHECK_INT(size_of("(2,3)d"), 6 * sizeof(double));
    CHECK_INT(size_of("g"), sizeof(long double));
    CHECK_INT(size_of("Zg"), 2 * sizeof(long double));
    CHECK_INT(size_of("bg"), sizeof(struct longs));
}

/* numpy's and ctypes' own answers are shorter than the item they describe. */
TEST(acceptance_121_item_larger_than_its_format)
{
    unsigned char data[8] = {7, 1, 0, 0, 0, 9, 9, 9};
    const mv_buffer description = {.buf = data, .len = 8, .itemsize = 8, .format = "T{<B:a:<I:b:}"};
    mv_view *view;
    mv_format *format;
    mv_scalar item, part;
    CHECK_OK(mv_view_from_buffer(&description, &view, &error));
    CHECK_OK(mv_view_format(view, &format, &error));
    CHECK_INT(mv_format_itemsize(format), 5);
    CHECK_INT(mv_view_buffer(view)->itemsize, 8);
    CHECK_OK(mv_view_get(view, NULL, 0, &item, &error));
    CHECK_INT(item.kind, MV_RECORD);
    CHECK_OK(mv_scalar_field(&item, "b", &part, &error));
    CHECK_INT(part.kind, MV_UINT);
    CHECK_INT(part.as.u, 1);
    CHECK_OK(mv_scalar_field(&item, "a", &part, &error));
    CHECK_INT(part.as.u, 7);
    mv_format_unref(format);
    DROP(view);
}

/* What ctypes says of bit-fields, of unions and packed structs, and of a wchar_t of four bytes. */
TEST(acceptance_122_formats_that_lie_make_opaque_items)
{
    static const struct {
        const char *format;
        ptrdiff_t itemsize;
    } lies[] = {{"T{<i:a:<i:b:}", 4}, {"B", 5}, {"B", 4}, {"<u", 4}, {"T{<i:a:", 4}, {"i", 8}};
    unsigned char data[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        const mv_buffer description = {
            .buf = data, .len = lies[i].itemsize, .itemsize = lies[i].itemsize, .format = lies[i].format};
        mv_view *view, *made;
        mv_format *format;
        mv_scalar item, part;
        int64_t value;
        CHECK_OK(mv_view_from_buffer(&description, &view, &error));
        CHECK_OK(mv_view_get(view, NULL, 0, &item, &error));
        CHECK_INT(item.kind, MV_OPAQUE);
        CHECK_STATUS(mv_scalar_field(&item, "a", &part, &error), MV_E_TYPE);
        CHECK_NOTHING(made, mv_view_field(view, "a", &made, &error), MV_E_NOT_FOUND);
        CHECK_PTR(item.as.bytes.data, data);
        CHECK_SIZE(item.as.bytes.length, (size_t)lies[i].itemsize);
        CHECK_PTR(item.format, NULL);
        CHECK_STATUS(mv_view_get_i64(view, NULL, 0, &value, &error), MV_E_FORMAT);
        CHECK_NOTHING(format, mv_view_format(view, &format, &error), MV_E_FORMAT);
        DROP(view);
    }
}

TEST(acceptance_123_faults_have_an_offset)
{
    refused("T{i", MV_E_FORMAT, 3);
    refused("i:", MV_E_FORMAT, 2);
    refused("(", MV_E_FORMAT, 1);
    refused("2", MV_E_FORMAT, 1);
    refused("()i", MV_E_FORMAT, 1);
    refused("i\1", MV_E_FORMAT, 1); /* a NUL ends the text */
}

TEST(fault_059_no_format_means_bytes)
{
    const ptrdiff_t three[] = {3};
    const mv_buffer description = {.buf = fixture_junk, .len = 3, .itemsize = 1, .ndim = 1, .shape = three};
    char text[8];
    mv_view *view;
    mv_format *format;
    CHECK_OK(mv_view_from_buffer(&description, &view, &error));
    CHECK_OK(mv_view_format(view, &format, &error));
    CHECK_OK(mv_format_text(format, text, sizeof text, NULL, &error));
    CHECK_STR(text, "B");
    mv_format_unref(format);
    DROP(view);
}

TEST(fault_060_an_empty_format_makes_no_item)
{
    static const char *const empty[] = {"", "@", " ", "0s", "T{}", "0i", "(0)i"};
    unsigned char data[8] = {0};
    mv_view *view = NULL, *none;
    mv_object *object;
    CHECK_OK(mv_view_wrap(data, "B", MV_DIMS(8), 0, &view, &error));
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
        CHECK_INT(size_of(empty[i]), 0);
        CHECK_NOTHING(object, mv_array_new(empty[i], MV_DIMS(2), 'C', &object, &error), MV_E_FORMAT);
        CHECK_NOTHING(none, mv_view_cast(view, empty[i], MV_NO_SHAPE, 'C', &none, &error), MV_E_FORMAT);
        CHECK_NOTHING(none, mv_view_wrap(data, empty[i], MV_DIMS(2), 0, &none, &error), MV_E_FORMAT);
    }
    DROP(view);
}

TEST(fault_061_texts_have_a_greatest_length)
{
    char *longest = repeated("b", MV_FORMAT_MAX_TEXT, ""), *longer = repeated("b", MV_FORMAT_MAX_TEXT, "b");
    CHECK_INT(size_of(longest), MV_FORMAT_MAX_TEXT);
    refused(longer, MV_E_LIMIT, MV_FORMAT_MAX_TEXT);
    CHECK_INT(error.limit, MV_FORMAT_MAX_TEXT);
    free(longest);
    free(longer);
}

TEST(fault_062_sizes_that_overflow)
{
    char text[64];
    refused("99999999999999999999x", MV_E_OVERFLOW, sizeof(void *) == 8 ? 18 : 9);
    refused("(99999999999999999999)i", MV_E_OVERFLOW, sizeof(void *) == 8 ? 19 : 10);
    snprintf(text, sizeof text, "%lldx", (long long)PTRDIFF_MAX);
    CHECK_INT(size_of(text), PTRDIFF_MAX);
    snprintf(text, sizeof text, "%lldxx", (long long)PTRDIFF_MAX);
    refused(text, MV_E_OVERFLOW, (long long)strlen(text));
    snprintf(text, sizeof text, "%lldh", (long long)PTRDIFF_MAX);
    refused(text, MV_E_OVERFLOW, (long long)strlen(text));
    snprintf(text, sizeof text, "%lldw", (long long)PTRDIFF_MAX);
    refused(text, MV_E_OVERFLOW, (long long)strlen(text));
    refused("(65536,65536,65536,65536)d", MV_E_OVERFLOW, 25);
    CHECK_INT(size_of("(255,0,257)d"), 0);
    /* Padding up to an alignment overflows, too. */
    snprintf(text, sizeof text, "%lldxi", (long long)PTRDIFF_MAX);
    refused(text, MV_E_OVERFLOW, (long long)strlen(text));
}

TEST(fault_063_nesting_has_a_greatest_depth)
{
    static const struct {
        const char *open, *close;
        size_t step;
    } nests[] = {{"T{", "}", 2}, {"&", "", 1}};
    char *deep = repeated("T{", 10000, "i"), *pointers = repeated("&", 10000, "i");
    refused(deep, MV_E_LIMIT, 2 * (MV_FORMAT_MAX_DEPTH + 1));
    CHECK_INT(error.limit, MV_FORMAT_MAX_DEPTH);
    refused(pointers, MV_E_LIMIT, MV_FORMAT_MAX_DEPTH + 1);
    for (size_t i = 0; i < 2; i++) {
        char *end = repeated(nests[i].close, MV_FORMAT_MAX_DEPTH, "");
        char *middle = repeated("i", 1, end), *most = repeated(nests[i].open, MV_FORMAT_MAX_DEPTH, middle);
        CHECK_INT(size_of(most), i == 0 ? sizeof(int) : sizeof(void *));
        free(end);
        free(middle);
        free(most);
    }
    char *wide = repeated("1,", 63, "1)i"), *wider = repeated("1,", 64, "1)i");
    char text[160];
    snprintf(text, sizeof text, "(%s", wide);
    CHECK_INT(size_of(text), sizeof(int));
    snprintf(text, sizeof text, "(%s", wider);
    refused(text, MV_E_LIMIT, (long long)strlen(text) - 1);
    free(deep);
    free(pointers);
    free(wide);
    free(wider);
}

/* No text of a few characters may ask for more than anybody can visit; extents of a view may. */
TEST(fault_063_values_without_bytes_have_a_greatest_number)
{
    mv_object *array;
    CHECK_INT(size_of("(65535)0s"), 0);
    refused("(65536)0s", MV_E_LIMIT, 9);
    CHECK_INT(error.limit, 65535);
    refused("65536T{}", MV_E_LIMIT, 8);
    refused("(256)T{(256)0s}", MV_E_LIMIT, 15);
    /* In any order, as fault 16 has it. */
    refused("(65536,0)i", MV_E_LIMIT, 10);
    refused("(0,65536)i", MV_E_LIMIT, 10);
    CHECK_OK(mv_array_new("i", MV_DIMS(65536, 0), 'C', &array, &error));
    mv_object_unref(array);
}

TEST(fault_064_texts_that_are_no_format)
{
    refused("T{", MV_E_FORMAT, 2);
    refused("T{i}}", MV_E_FORMAT, 4);
    refused("}", MV_E_FORMAT, 0);
    refused("T", MV_E_FORMAT, 1);
    refused("Ti", MV_E_FORMAT, 1);
    refused("T{i:a}", MV_E_FORMAT, 6);
    refused("i:a", MV_E_FORMAT, 3);
    refused(":a:", MV_E_FORMAT, 0);
    refused("i:a:b:", MV_E_FORMAT, 6);
    refused("i::b:", MV_E_FORMAT, 5);
    refused("&", MV_E_FORMAT, 1);
    refused("&:a:", MV_E_FORMAT, 1);
    refused("T{&}", MV_E_FORMAT, 3);
    refused("X", MV_E_FORMAT, 1);
    refused("X{", MV_E_FORMAT, 2);
    refused("X{{}", MV_E_FORMAT, 4);
    CHECK_INT(size_of("X{}"), sizeof(void (*)(void)));
    CHECK_INT(size_of("X{i{}->d}"), sizeof(void (*)(void)));
    refused("(2,", MV_E_FORMAT, 3);
    refused("(2,3", MV_E_FORMAT, 4);
    refused("(-1)i", MV_E_FORMAT, 1);
    refused("(2 3)i", MV_E_FORMAT, 3);
    refused("(2,)i", MV_E_FORMAT, 3);
    refused("(2,3)", MV_E_FORMAT, 5);
    refused("(2)4(3)i", MV_E_FORMAT, 4);
    refused("2 3i", MV_E_FORMAT, 2);
    refused("-1i", MV_E_FORMAT, 0);
    CHECK_INT(size_of("(2)3x"), 6); /* NumPy's sub-arrays of untyped bytes */
    refused("T{2}", MV_E_FORMAT, 3);
    refused("\xc3\xa4", MV_E_FORMAT, 0);
    refused("i;", MV_E_FORMAT, 1);
    CHECK(strstr(error.message, "';'") != NULL);
}

TEST(fault_065_orders_change_where_they_stand)
{
    static const char native_only[] = "nNPg";
    CHECK_INT(size_of("bi"), sizeof(struct byte_int));
    CHECK_INT(size_of("b=i"), 5);
    CHECK_INT(size_of("b<i"), 5);
    CHECK_INT(size_of("b>i"), 5);
    CHECK_INT(size_of("b!i"), 5);
    CHECK_INT(size_of("b^i"), 1 + sizeof(int));
    CHECK_INT(size_of("<l@l"), sizeof(long) + (sizeof(long) > 4 ? sizeof(long) : 4));
    CHECK_INT(size_of("^l"), sizeof(long));
    CHECK_INT(size_of("<l"), 4);
    CHECK_INT(size_of("^bP"), 1 + sizeof(void *));
    for (const char *one = native_only; *one != '\0'; one++) {
        static const char orders[] = "<>=!";
        for (const char *order = orders; *order != '\0'; order++) {
            const char text[] = {*order, *one, '\0'}, inside[] = {'b', *order, *one, '\0'};
            refused(text, MV_E_FORMAT, 1);
            refused(inside, MV_E_FORMAT, 2);
        }
        const char packed[] = {'^', *one, '\0'};
        CHECK(size_of(packed) > 0);
    }
    refused("<Zg", MV_E_FORMAT, 1);
    CHECK_INT(size_of("@"), 0);
    CHECK_INT(size_of("<@>"), 0);
}

TEST(fault_066_padding_is_the_compilers)
{
    CHECK_INT(size_of("ix"), sizeof(int) + 1);
    CHECK_INT(size_of("ix0i"), sizeof(struct int_byte));
    CHECK_INT(size_of("T{Bi}"), sizeof(struct byte_int));
    CHECK_INT(size_of("T{Bd}"), sizeof(struct byte_double));
    CHECK_INT(size_of("T{B3i}"), sizeof(struct byte_ints));
    CHECK_INT(size_of("T{qB}"), sizeof(struct quad_byte));
    CHECK_INT(size_of("qB"), sizeof(long long) + 1);
    CHECK_INT(size_of("T{bT{ib}b}"), sizeof(struct nested));
    CHECK_INT(size_of("T{b:a:T{i:a:b:b:}:b:b:c:}"), sizeof(struct nested));
    CHECK_INT(size_of("3T{ib}"), sizeof(struct int_byte[3]));
    CHECK_INT(size_of("(3)T{ib}"), sizeof(struct int_byte[3]));
    CHECK_INT(numpy_size_of("ix"), sizeof(struct int_byte));
    CHECK_INT(numpy_size_of("qb"), sizeof(struct quad_byte));
    CHECK_INT(numpy_size_of("=qb"), 9);
}

/* The sizes and alignments of all types are the compiler's. */
TEST(native_sizes_and_alignments_are_the_compilers)
{
    static const struct {
        const char *format;
        size_t size, align;
    } types[] = {
#define TYPE(code, type) {code, sizeof(type), _Alignof(type)}
        TYPE("c", char),     TYPE("b", signed char),      TYPE("B", unsigned char), TYPE("?", bool),
        TYPE("h", short),    TYPE("H", unsigned short),   TYPE("i", int),           TYPE("I", unsigned),
        TYPE("l", long),     TYPE("L", unsigned long),    TYPE("n", ptrdiff_t),     TYPE("N", size_t),
        TYPE("f", float),    TYPE("P", void *),           TYPE("O", void *),        TYPE("z", char *),
        TYPE("&i", int *),   TYPE("X{}", void (*)(void)), TYPE("u", uint16_t),      TYPE("w", uint32_t),
        TYPE("e", uint16_t), TYPE("Zf", float[2])};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        mv_format *format = parsed(types[i].format);
        CHECK_INT(mv_format_itemsize(format), types[i].size);
        CHECK_INT(mv_format_alignment(format), types[i].align);
        mv_format_unref(format);
    }
    /* In a struct: gcc gives types of eight bytes a greater alignment alone than inside, on i686. */
    CHECK_INT(size_of("bq") - size_of("q"), offsetof(struct byte_quad, b));
    CHECK_INT(size_of("bd") - size_of("d"), offsetof(struct byte_double, b));
    CHECK_INT(size_of("bg") - size_of("g"), offsetof(struct longs, b));
}

/* ctypes writes the order in front of every type, also of those that have no size in it. */
TEST(exporters_rules_know_what_ctypes_writes)
{
    const char *own = *(const unsigned char *)&(const int){1} == 1 ? "T{<i:a:<P:b:}" : "T{>i:a:>P:b:}";
    const char *other = *(const unsigned char *)&(const int){1} == 1 ? "T{>i:a:>P:b:}" : "T{<i:a:<P:b:}";
    unsigned char data[4 + sizeof(void *)] = {0};
    const mv_buffer description = {.buf = data, .len = sizeof data, .itemsize = sizeof data, .format = own};
    mv_format *format, *again;
    mv_view *view;
    mv_scalar item;
    char text[32];
    refused(own, MV_E_FORMAT, 8);
    CHECK_OK(mv_format_parse(own, MV_RULES_EXPORTER, &format, &error));
    CHECK_INT(mv_format_itemsize(format), sizeof data);
    CHECK_OK(mv_format_text(format, text, sizeof text, NULL, &error));
    CHECK_OK(mv_format_parse(text, MV_RULES_STRUCT, &again, &error));
    CHECK_INT(mv_format_equal(format, again), 1);
    mv_format_unref(again);
    mv_format_unref(format);
    CHECK_NOTHING(format, mv_format_parse(other, MV_RULES_EXPORTER, &format, &error), MV_E_FORMAT);
    CHECK_OK(mv_view_from_buffer(&description, &view, &error));
    memset(data + 4, 0xff, sizeof(void *));
    CHECK_OK(mv_view_get(view, NULL, 0, &item, &error));
    CHECK_OK(mv_scalar_field(&item, "b", &item, &error));
    CHECK_INT(item.kind, MV_POINTER);
    CHECK_INT(item.as.u, UINTPTR_MAX);
    DROP(view);
}

TEST(rules_are_known_ones)
{
    mv_format *format;
    CHECK_NOTHING(format, mv_format_parse("i", 3, &format, &error), MV_E_VALUE);
    CHECK_INT(error.value, 3);
    CHECK_NOTHING(format, mv_format_parse("i", -1, &format, &error), MV_E_VALUE);
}
