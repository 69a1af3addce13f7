/* The format of a C struct from its members: every offset the compiler's, whatever the struct. */
#include "fixtures.h"

static mv_format *described(const mv_member *members, size_t count, size_t itemsize, const char *expected)
{
    mv_format *format = NULL;
    char text[256];
    CHECK_OK(mv_format_from_members(members, count, itemsize, &format, &error));
    CHECK_INT(mv_format_itemsize(format), itemsize);
    CHECK_OK(mv_format_text(format, text, sizeof text, NULL, &error));
    if (expected != NULL) CHECK_STR(text, expected);
    for (size_t i = 0; i < count; i++) {
        mv_field field;
        if (members[i].name == NULL || members[i].name[0] == 0) continue; /* "" leads to the item */
        CHECK_OK(mv_format_field(format, members[i].name, &field, &error));
        CHECK_STR(field.name, members[i].name);
        CHECK_INT(field.offset, members[i].offset);
        ptrdiff_t size = field.itemsize;
        for (int dim = 0; dim < field.ndim; dim++) size *= field.shape[dim];
        CHECK_INT(size, members[i].size);
    }
    /* The text says the same by either rules. */
    for (int rules = MV_RULES_STRUCT; rules <= MV_RULES_NUMPY; rules++) {
        mv_format *again;
        CHECK_OK(mv_format_parse(text, rules, &again, &error));
        CHECK_INT(mv_format_equal(again, format), 1);
        CHECK_INT(mv_format_alignment(again), mv_format_alignment(format));
        mv_format_unref(again);
    }
    return format;
}

#define MEMBERS(array) (sizeof(array) / sizeof *(array))

struct point {
    float x, y;
};
struct sample {
    unsigned char tag;
    struct point at;
    short grid[2][3];
    double weight;
    char name[5];
    void *next;
    int history[4];
};

static const mv_member of_sample[] = {
    MV_MEMBER(struct sample, tag, "B"),       MV_MEMBER(struct sample, at, "T{f:x:f:y:}"),
    MV_MEMBER(struct sample, grid, "(2,3)h"), MV_MEMBER(struct sample, weight, "d"),
    MV_MEMBER(struct sample, name, "5s"),     MV_MEMBER(struct sample, next, "P"),
    MV_MEMBER(struct sample, history, "4i"),
};

TEST(members_lie_where_the_compiler_puts_them)
{
    mv_format *format = described(of_sample, MEMBERS(of_sample), sizeof(struct sample), NULL);
    mv_field field;
    CHECK_SIZE(mv_format_field_count(format), 7);
    CHECK_OK(mv_format_field(format, "at.y", &field, &error));
    CHECK_INT(field.offset, offsetof(struct sample, at) + offsetof(struct point, y));
    CHECK_OK(mv_format_field(format, "history", &field, &error));
    CHECK_INT(field.ndim, 1);
    CHECK_INT(field.shape[0], 4);
    CHECK_INT(mv_format_alignment(format), sizeof(void *) == 8 ? 8 : mv_format_alignment(format));
    mv_format_unref(format);
}

TEST(values_are_read_through_the_format)
{
    struct sample samples[2];
    memset(samples, 0, sizeof samples);
    samples[1].tag = 200;
    samples[1].at.y = 0.5F;
    samples[1].grid[1][2] = -7;
    samples[1].next = &samples[0];
    memcpy(samples[1].name, "abc", 4);
    mv_format *format = described(of_sample, MEMBERS(of_sample), sizeof(struct sample), NULL);
    char text[256];
    mv_view *view;
    mv_scalar item, part;
    CHECK_OK(mv_format_text(format, text, sizeof text, NULL, &error));
    CHECK_OK(mv_view_wrap(samples, text, MV_DIMS(2), 0, &view, &error));
    CHECK_OK(mv_view_get(view, MV_DIMS(1), &item, &error));
    CHECK_OK(mv_scalar_field(&item, "tag", &part, &error));
    CHECK_INT(part.as.u, 200);
    CHECK_OK(mv_scalar_field(&item, "at.y", &part, &error));
    CHECK_DOUBLE(part.as.f, 0.5);
    CHECK_OK(mv_scalar_field(&item, "grid[1,2]", &part, &error));
    CHECK_INT(part.as.i, -7);
    CHECK_OK(mv_scalar_field(&item, "next", &part, &error));
    CHECK_INT(part.as.u, (uintptr_t)&samples[0]);
    CHECK_OK(mv_scalar_field(&item, "name", &part, &error));
    CHECK_BYTES(part.as.bytes.data, "abc\0", 5);
    DROP(view);
    mv_format_unref(format);
}

/* The offsets of `#pragma pack(1)`, given as numbers. */
TEST(unaligned_members_are_written_so)
{
    const mv_member packed[] = {{"a", 0, 1, "b"}, {"b", 1, sizeof(int), "i"}, {"c", 1 + sizeof(int), 2, "h"}};
    mv_format *format = described(packed, 3, 3 + sizeof(int), "T{b:a:^i:b:h:c:}");
    CHECK_INT(mv_format_alignment(format), 1);
    mv_format_unref(format);
    /* A struct inside, with padding of its own, at an odd place. */
    const mv_member inside[] = {{"a", 0, 1, "b"}, {"b", 1, 2 * sizeof(int), "T{i:x:b:y:}"}};
    format = described(inside, 2, 1 + 2 * sizeof(int), NULL);
    mv_field field;
    CHECK_OK(mv_format_field(format, "b.y", &field, &error));
    CHECK_INT(field.offset, 1 + sizeof(int));
    mv_format_unref(format);
    /* An array of such structs keeps its stride. */
    const mv_member many[] = {{"a", 1, 6 * sizeof(int), "3T{i:x:b:y:}"}};
    format = described(many, 1, 1 + 6 * sizeof(int), NULL);
    CHECK_OK(mv_format_field(format, "a[2].y", &field, &error));
    CHECK_INT(field.offset, 1 + 5 * sizeof(int));
    mv_format_unref(format);
    /* All in place, but no room for the padding that C would end with. */
    const mv_member cut[] = {{"a", 0, sizeof(int), "i"}, {"b", sizeof(int), 1, "b"}};
    mv_format_unref(described(cut, 2, sizeof(int) + 1, "T{i:a:b:b:^}"));
    mv_format_unref(described(cut, 2, 2 * sizeof(int), sizeof(int) == 4 ? "T{i:a:b:b:3x}" : NULL));
    mv_format_unref(described(cut, 2, 7 * sizeof(int), sizeof(int) == 4 ? "T{i:a:b:b:23x}" : NULL));
}

TEST(orders_of_members_stay_their_own)
{
    const mv_member mixed[] = {{"a", 0, 4, ">i"},
                               {"b", 4, sizeof(int), "i"},
                               {"c", 4 + sizeof(int), 8, "T{<h:x:>h:y:i:z:}"},
                               {"d", 12 + sizeof(int), sizeof(int), "i"}};
    mv_format *format = described(mixed, 4, 12 + 2 * sizeof(int), NULL);
    mv_field field;
    CHECK_OK(mv_format_field(format, "d", &field, &error));
    CHECK_INT(mv_format_is_native(field.format), 1);
    CHECK_INT(mv_format_alignment(field.format), sizeof(int));
    mv_format_unref(format);
}

TEST(bytes_padding_and_sequences)
{
    const mv_member all[] = {{"raw", 2, 6, NULL},   {NULL, 8, 2, NULL},     {NULL, 10, 2, "<h"},
                             {"none", 12, 0, NULL}, {"pair", 12, 5, "<ib"}, {"", 17, 1, "c"}};
    mv_format *format = described(all, 6, 20, "T{2x6x:raw:2x<h0x:none:T{ib}:pair:@c::2x}");
    mv_field field;
    CHECK_SIZE(mv_format_field_count(format), 5);
    CHECK_OK(mv_format_field(format, "raw", &field, &error));
    CHECK_INT(mv_format_kind(field.format), MV_OPAQUE);
    mv_format_unref(format);
    /* An address is no complex number, even where a float follows. */
    const mv_member wide[] = {{NULL, 0, sizeof(void *), "Z"}, {NULL, sizeof(void *), sizeof(float), "f"}};
    format = described(wide, 2, 2 * sizeof(void *), NULL);
    CHECK_SIZE(mv_format_field_count(format), 2);
    mv_format_unref(format);
    mv_format_unref(described(NULL, 0, 3, "T{3x}"));
    mv_format_unref(described(NULL, 0, 0, "T{}"));
}

static void refused(mv_member member, mv_status status, long long place, long long value, long long limit)
{
    const mv_member members[] = {{"first", 0, 4, "4s"}, member};
    mv_format *format;
    CHECK_NOTHING(format, mv_format_from_members(members, 2, 12, &format, &error), status);
    CHECK_ERROR(1, place, value, limit);
    CHECK(strstr(error.message, "member 1") != NULL);
}

TEST(members_that_do_not_fit)
{
    refused((mv_member){"a", 3, 4, "4s"}, MV_E_VALUE, -1, 3, 4); /* overlaps */
    refused((mv_member){"a", 0, 4, "4s"}, MV_E_VALUE, -1, 0, 4); /* out of order */
    refused((mv_member){"a", 8, 5, "5s"}, MV_E_VALUE, -1, 13, 12);
    refused((mv_member){"a", PTRDIFF_MAX, 5, "5s"}, MV_E_VALUE, -1, PTRDIFF_MAX, 12);
    refused((mv_member){"a", 4, 4, "5s"}, MV_E_FORMAT, -1, 5, 4);
    refused((mv_member){"a", 4, 4, ""}, MV_E_FORMAT, -1, 0, 4);
    refused((mv_member){"a", 4, 4, "4y"}, MV_E_FORMAT, 1, 0, 0);
    refused((mv_member){"a", 4, 4, "T{4s"}, MV_E_FORMAT, 4, 0, 0);
    refused((mv_member){"a:b", 4, 4, "4s"}, MV_E_VALUE, -1, 0, 0);
    refused((mv_member){"\xff", 4, 4, "4s"}, MV_E_VALUE, -1, 0, 0);
    refused((mv_member){"a", SIZE_MAX, 4, "4s"}, MV_E_VALUE, -1,
            sizeof(size_t) == 8 ? INT64_MAX : (long long)SIZE_MAX, 4);
}

TEST(texts_that_are_too_long)
{
    mv_member *members = calloc(10000, sizeof *members);
    mv_format *format;
    CHECK(members != NULL);
    for (size_t i = 0; i < 10000; i++)
        members[i] = (mv_member){"long name", sizeof(int) * i, sizeof(int), "i"};
    CHECK_NOTHING(format, mv_format_from_members(members, 10000, 10000 * sizeof(int), &format, &error),
                  MV_E_LIMIT);
    free(members);
}

TEST(formats_of_members_types)
{
    struct mixed {
        signed char a;
        unsigned b;
        double c;
        _Bool d;
        void *e;
        char f;
        long long g;
    };
    const mv_member members[] = {MV_MEMBER_OF(struct mixed, a), MV_MEMBER_OF(struct mixed, b),
                                 MV_MEMBER_OF(struct mixed, c), MV_MEMBER_OF(struct mixed, d),
                                 MV_MEMBER_OF(struct mixed, e), MV_MEMBER_OF(struct mixed, f),
                                 MV_MEMBER_OF(struct mixed, g)};
    mv_format *format = described(members, 7, sizeof(struct mixed), NULL);
    CHECK_STR(members[4].format, "P");
    CHECK_INT(mv_format_alignment(format), sizeof(void *) == 8 ? 8 : mv_format_alignment(format));
    mv_format_unref(format);
}
