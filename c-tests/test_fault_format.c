/* Random bytes as formats. Texts that are wrong in known ways: test_format.c. */
#include "fixtures.h"
#include "random.h"

#define LONGEST 4096

static char text[LONGEST + 1];
static unsigned char memory[LONGEST];

/* Bytes of any kind but NUL, which would end the text. */
static size_t random_bytes(void)
{
    const size_t length = (size_t)random_between(0, random_percent(90) ? 24 : LONGEST);
    random_fill(text, length);
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\0') text[i] = 'T';
    return length;
}

/* Pieces of the grammar in any order; mostly what is opened is closed. */
static size_t random_pieces(void)
{
    static const char *const pieces[] = {
        "b",  "B",  "?",   "h",     "i",    "l",  "q",  "n",   "P",  "e", "f", "d",
        "g",  "Zf", "Zd",  "F",     "c",    "3s", "4p", "2u",  "w",  "O", "z", "Z",
        "5t", "2x", "&",   "X{}",   "X{i}", "@",  "=",  "<",   ">",  "!", "^", "0",
        "2",  "17", "(2)", "(3,1)", "(0)",  "T{", "}",  ":a:", "::", " ", "(", "\xc3\xa9",
    };
    const size_t count = sizeof pieces / sizeof *pieces, limit = random_percent(90) ? 40 : LONGEST - 80;
    size_t length = 0, wanted = (size_t)random_between(0, (int)limit);
    int open = 0;
    while (length < wanted) {
        const char *piece = pieces[random_below((int)count)];
        if (piece[0] == '}' && open == 0) piece = "T{";
        open += (strcmp(piece, "T{") == 0) - (strcmp(piece, "}") == 0);
        memcpy(text + length, piece, strlen(piece));
        length += strlen(piece);
    }
    for (; open > 0 && length < LONGEST && random_percent(95); open--) text[length++] = '}';
    return length;
}

/* Accepted, or refused for a reason that a format can give, at a place within the text. */
static int accepted(mv_status status, size_t length)
{
    if (status == MV_OK) return 1;
    CHECK(status == MV_E_FORMAT || status == MV_E_LIMIT || status == MV_E_OVERFLOW);
    CHECK_INT(error.status, status);
    CHECK(error.position >= 0 && error.position <= (long long)length);
    return 0;
}

/* Everything that can be asked of one item of these formats: an answer. */
static void check_item(mv_view *view)
{
    static char shown[1 << 16];
    const mv_buffer *b = mv_view_buffer(view);
    const mv_scalar value = scalar_int(1);
    mv_view *part = NULL;
    mv_scalar item, inner;
    int64_t number;
    int equal = 0;
    CHECK_OK(mv_view_get(view, NULL, 0, &item, &error));
    CHECK(item.kind >= MV_BOOL && item.kind <= MV_OPAQUE);
    if (item.kind == MV_BYTES || item.kind >= MV_RECORD) {
        const char *low = item.as.bytes.data;
        CHECK(low >= (char *)b->buf && low + item.as.bytes.length <= (char *)b->buf + b->itemsize);
    }
    if (mv_scalar_field(&item, "a", &inner, &error) != MV_OK) mv_scalar_field(&item, "[0]", &inner, &error);
    mv_view_get_i64(view, NULL, 0, &number, &error);
    mv_view_set(view, NULL, 0, &value, &error);
    CHECK_OK(mv_view_text(view, 100, shown, sizeof shown, NULL, &error));
    CHECK_OK(mv_view_equal(view, view, &equal, &error));
    mv_view_byteswap(view, &error);
    if (mv_view_field(view, "[0]", &part, &error) == MV_OK)
        CHECK(mv_view_buffer(part)->itemsize <= b->itemsize);
    DROP(part);
}

static void check_use(size_t length, ptrdiff_t size)
{
    mv_view *view = NULL;
    random_fill(memory, sizeof memory);
    if (size > 0 && size <= LONGEST) {
        mv_view *bytes, *cast;
        CHECK_OK(mv_view_wrap(memory, text, NULL, 0, 0, &view, &error));
        CHECK_INT(mv_view_buffer(view)->itemsize, size);
        check_item(view);
        CHECK_OK(mv_view_wrap(memory, "B", &size, 1, 0, &bytes, &error));
        CHECK_OK(mv_view_cast(bytes, text, MV_NO_SHAPE, 'C', &cast, &error));
        DROP(view, bytes, cast);
    }
    /* What describes other items than the exporter has: never worse than opaque. */
    const mv_buffer described = {.buf = memory, .itemsize = 1 + random_below(64), .format = text};
    view = NULL;
    const mv_status status = mv_view_from_buffer(&described, &view, &error);
    if (status != MV_OK) {
        CHECK_INT(status, MV_E_FORMAT); /* one native character that needs more */
        CHECK(length <= 2);
    } else {
        check_item(view);
    }
    DROP(view);
}

static void one_text(void)
{
    const int is_text = random_percent(60);
    const size_t length = is_text ? random_pieces() : random_bytes();
    static const int rules[] = {MV_RULES_STRUCT, MV_RULES_NUMPY, MV_RULES_EXPORTER};
    ptrdiff_t size = -1;
    text[length] = '\0';
    note("%zu bytes:", length);
    for (size_t i = 0; i < length; i++) note(" %02x", (unsigned char)text[i]);
    for (int i = 0; i < 3; i++) {
        mv_format *format = (void *)fixture_junk, *again = NULL;
        harness_begin();
        if (!accepted(mv_format_parse(text, rules[i], &format, &error), length)) {
            CHECK_PTR(format, NULL);
            continue;
        }
        const ptrdiff_t itemsize = mv_format_itemsize(format);
        CHECK(itemsize >= 0 && mv_format_alignment(format) > 0);
        static char canonical[MV_FORMAT_MAX_TEXT + 1];
        size_t needed = 0;
        CHECK_OK(mv_format_text(format, canonical, sizeof canonical, &needed, &error));
        CHECK(needed <= MV_FORMAT_MAX_TEXT);
        CHECK_OK(mv_format_parse(canonical, MV_RULES_STRUCT, &again, &error));
        CHECK_INT(mv_format_equal(format, again), 1);
        CHECK_INT(mv_format_itemsize(again), itemsize);
        mv_format_unref(format);
        mv_format_unref(again);
        if (i == 0) size = itemsize;
    }
    ptrdiff_t told = -1;
    harness_begin();
    CHECK_INT(accepted(mv_format_size(text, &told, &error), length), size >= 0);
    CHECK_INT(told, size);
    check_use(length, size);
    mv_format *numpy = NULL;
    if (mv_format_from_numpy(text, &numpy, &error) == MV_OK) CHECK(mv_format_itemsize(numpy) >= 0);
    mv_format_unref(numpy);
}

TEST(fault_067_random_bytes_as_formats)
{
    random_rounds("texts as formats", 67, 20000, one_text);
}
