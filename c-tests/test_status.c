/* Version, status and errors. */
#include "fixtures.h"

#include <limits.h>

static const struct {
    int status;
    const char *name, *exception;
} statuses[] = {
    {MV_OK, "MV_OK", ""},
    {MV_E_NULL, "MV_E_NULL", "SystemError"},
    {MV_E_VALUE, "MV_E_VALUE", "ValueError"},
    {MV_E_TYPE, "MV_E_TYPE", "TypeError"},
    {MV_E_INDEX, "MV_E_INDEX", "IndexError"},
    {MV_E_SHAPE, "MV_E_SHAPE", "ValueError"},
    {MV_E_FORMAT, "MV_E_FORMAT", "ValueError"},
    {MV_E_RANGE, "MV_E_RANGE", "ValueError"},
    {MV_E_OVERFLOW, "MV_E_OVERFLOW", "OverflowError"},
    {MV_E_LIMIT, "MV_E_LIMIT", "ValueError"},
    {MV_E_FLAGS, "MV_E_FLAGS", "SystemError"},
    {MV_E_BUFFER, "MV_E_BUFFER", "BufferError"},
    {MV_E_READONLY, "MV_E_READONLY", "TypeError"},
    {MV_E_EXPORTED, "MV_E_EXPORTED", "BufferError"},
    {MV_E_BUSY, "MV_E_BUSY", "BufferError"},
    {MV_E_RELEASED, "MV_E_RELEASED", "ValueError"},
    {MV_E_NOT_FOUND, "MV_E_NOT_FOUND", "ValueError"},
    {MV_E_UNSUPPORTED, "MV_E_UNSUPPORTED", "NotImplementedError"},
    {MV_E_NO_MEMORY, "MV_E_NO_MEMORY", "MemoryError"},
    {MV_E_CALLBACK, "MV_E_CALLBACK", "SystemError"},
    {MV_E_SYSTEM, "MV_E_SYSTEM", "OSError"},
    {MV_E_VERSION, "MV_E_VERSION", "ImportError"},
};

TEST(version_of_header_and_library_agree)
{
    CHECK_INT(mv_version(), MV_VERSION);
    CHECK_INT(MV_VERSION, MV_VERSION_MAJOR * 10000 + MV_VERSION_MINOR * 100 + MV_VERSION_PATCH);
    char text[40];
    snprintf(text, sizeof text, "%d.%d.%d", MV_VERSION_MAJOR, MV_VERSION_MINOR, MV_VERSION_PATCH);
    CHECK_STR(mv_version_string(), text);
}

TEST(version_check_knows_its_own_abi)
{
    CHECK_OK(mv_version_check(MV_ABI, &error));
    CHECK_OK(mv_version_check(MV_ABI, NULL));
}

TEST(version_check_refuses_another_abi)
{
    CHECK_STATUS(mv_version_check(MV_ABI + 1, &error), MV_E_VERSION);
    CHECK_ERROR(-1, -1, MV_ABI + 1, MV_ABI);
    CHECK_STATUS(mv_version_check(0, &error), MV_E_VERSION);
    CHECK_STATUS(mv_version_check(UINT32_MAX, &error), MV_E_VERSION);
    CHECK_INT(error.value, UINT32_MAX);
    CHECK_INT(mv_version_check(0, NULL), MV_E_VERSION);
}

TEST(statuses_keep_their_numbers_names_and_exceptions)
{
    CHECK_SIZE(sizeof statuses / sizeof statuses[0], 22);
    for (int i = 0; i < 22; i++) {
        CHECK_INT(statuses[i].status, i);
        CHECK_STR(mv_status_name(i), statuses[i].name);
        CHECK_STR(mv_status_exception(i), statuses[i].exception);
    }
}

TEST(status_names_are_total)
{
    const int strange[] = {-1, 22, 23, 1000, INT_MIN, INT_MAX, -424242, 1 << 16, (1 << 16) + 5};
    for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++) {
        CHECK_STR(mv_status_name(strange[i]), "unknown");
        CHECK_STR(mv_status_exception(strange[i]), "SystemError");
    }
}

TEST(error_has_512_bytes_in_known_places)
{
    CHECK_SIZE(sizeof(mv_error), 512);
    CHECK_SIZE(offsetof(mv_error, status), 0);
    CHECK_SIZE(offsetof(mv_error, dim), 4);
    CHECK_SIZE(offsetof(mv_error, position), 8);
    CHECK_SIZE(offsetof(mv_error, value), 16);
    CHECK_SIZE(offsetof(mv_error, limit), 24);
    CHECK_SIZE(offsetof(mv_error, message), 32);
    CHECK_SIZE(sizeof error.message, 480);
}

TEST(error_is_untouched_by_success)
{
    mv_error before, after;
    memset(&before, 0xa5, sizeof before);
    after = before;
    mv_object *object = NULL;
    CHECK_INT(mv_bytes_new("ab", 2, &object, &after), MV_OK);
    CHECK_BYTES(&after, &before, sizeof before);
    mv_view *view = NULL;
    CHECK_INT(mv_view_new(object, MV_FULL_RO, &view, &after), MV_OK);
    uint64_t item = 0;
    CHECK_INT(mv_view_get_u64(view, MV_DIMS(1), &item, &after), MV_OK);
    CHECK_BYTES(&after, &before, sizeof before);
    DROP(view);
    mv_object_unref(object);
}

TEST(error_may_be_null)
{
    mv_object *object = (void *)fixture_junk;
    CHECK_INT(mv_bytes_new(NULL, 1, &object, NULL), MV_E_VALUE);
    CHECK_PTR(object, NULL);
    CHECK_INT(mv_view_get(NULL, NULL, 0, NULL, NULL), MV_E_NULL);
}

TEST(error_of_null_names_the_argument)
{
    mv_view *view = numbered("B", MV_DIMS(2, 3), 'C'), *made = NULL;
    CHECK_NOTHING(made, mv_view_slice(NULL, ":", &made, &error), MV_E_NULL);
    CHECK_ERROR(1, -1, 0, 0);
    CHECK_NOTHING(made, mv_view_slice(view, NULL, &made, &error), MV_E_NULL);
    CHECK_ERROR(2, -1, 0, 0);
    CHECK_STATUS(mv_view_slice(view, ":", NULL, &error), MV_E_NULL);
    CHECK_ERROR(3, -1, 0, 0);
    CHECK(strstr(error.message, "out") != NULL);
    DROP(view);
}

/* A number stands by itself in the message of the last error. */
static int says(long long number)
{
    char text[32];
    const int length = snprintf(text, sizeof text, "%lld", number);
    for (const char *at = strstr(error.message, text); at != NULL; at = strstr(at + 1, text)) {
        const char before = at == error.message ? ' ' : at[-1], after = at[length];
        if (before != '-' && (before < '0' || before > '9') && (after < '0' || after > '9')) return 1;
    }
    return 0;
}

TEST(message_names_index_dimension_and_length)
{
    mv_view *view = numbered("h", MV_DIMS(21, 34), 'C'), *made = NULL;
    int64_t item = 77;
    CHECK_STATUS(mv_view_get_i64(view, MV_DIMS(3, -35), &item, &error), MV_E_INDEX);
    CHECK_ERROR(1, -1, -35, 34);
    CHECK(says(-35) && says(1) && says(34));
    CHECK_INT(item, 77);
    CHECK_NOTHING(made, mv_view_slice(view, "55", &made, &error), MV_E_INDEX);
    CHECK_ERROR(0, -1, 55, 21);
    CHECK(says(55) && says(0) && says(21));
    DROP(view);
}

TEST(message_names_what_does_not_fit)
{
    mv_view *view = numbered("B", MV_DIMS(5, 7), 'C'), *made = NULL;
    CHECK_STATUS(mv_view_set_i64(view, MV_DIMS(0, 0), 256, &error), MV_E_RANGE);
    CHECK_INT(error.value, 256);
    CHECK(says(256) && strchr(error.message, 'B') != NULL);
    CHECK_NOTHING(made, mv_view_cast(view, "h", MV_NO_SHAPE, 'C', &made, &error), MV_E_TYPE);
    CHECK_ERROR(-1, -1, 35, 2);
    CHECK(says(35) && says(2));
    CHECK_NOTHING(made, mv_view_reshape(view, MV_DIMS(6, 6), 'C', &made, &error), MV_E_SHAPE);
    CHECK_ERROR(-1, -1, 35, 36);
    CHECK(says(35) && says(36));
    unsigned char data[64];
    CHECK_STATUS(mv_view_read(view, NULL, 'C', data, 36, &error), MV_E_SHAPE);
    CHECK_ERROR(-1, -1, 36, 35);
    CHECK(says(35) && says(36));
    DROP(view);
}

TEST(message_names_values_of_geometry)
{
    mv_view *view = numbered("B", MV_DIMS(5, 7), 'C'), *made = NULL;
    const int axes[] = {0, 13}, twice[] = {1, 1};
    CHECK_NOTHING(made, mv_view_transpose(view, axes, 2, &made, &error), MV_E_VALUE);
    CHECK_ERROR(-1, -1, 13, 2);
    CHECK(says(13) && says(2));
    CHECK_NOTHING(made, mv_view_transpose(view, twice, 2, &made, &error), MV_E_VALUE);
    CHECK_INT(error.value, 1);
    CHECK(says(1));
    CHECK_NOTHING(made, mv_view_slice(view, ":, ::0", &made, &error), MV_E_VALUE);
    CHECK_INT(error.dim, 1);
    CHECK(says(1));
    CHECK_NOTHING(made, mv_view_split(view, 9, 8, &made, &error), MV_E_VALUE);
    CHECK_ERROR(-1, -1, 9, 8);
    CHECK(says(9) && says(8));
    CHECK_NOTHING(made, mv_view_slice(view, "1:3, 1 2", &made, &error), MV_E_VALUE);
    CHECK_INT(error.position, 7);
    CHECK(says(7));
    DROP(view);
}

TEST(message_names_dimensions_over_the_limit)
{
    ptrdiff_t shape[66];
    for (int i = 0; i < 66; i++) shape[i] = 1;
    mv_object *object = NULL;
    CHECK_NOTHING(object, mv_array_new("B", shape, 66, 'C', &object, &error), MV_E_LIMIT);
    CHECK_ERROR(-1, -1, 66, 64);
    CHECK(says(66) && says(64));
    CHECK_NOTHING(object, mv_array_new("B", shape, -3, 'C', &object, &error), MV_E_VALUE);
    CHECK_INT(error.value, -3);
    CHECK(says(-3));
    shape[1] = -8;
    CHECK_NOTHING(object, mv_array_new("B", shape, 3, 'C', &object, &error), MV_E_SHAPE);
    CHECK_ERROR(1, -1, -8, 0);
    CHECK(says(-8) && says(1));
}

TEST(message_names_the_number_of_exports)
{
    mv_object *object = bytearray_of("abc", 3);
    mv_buffer held[12];
    for (int i = 0; i < 12; i++) CHECK_OK(mv_buffer_acquire(object, MV_SIMPLE, &held[i], &error));
    CHECK_STATUS(mv_bytearray_resize(object, 4, &error), MV_E_EXPORTED);
    CHECK_ERROR(-1, -1, 12, 0);
    CHECK(says(12));
    for (int i = 0; i < 12; i++) mv_buffer_release(&held[i]);
    mv_object_unref(object);
}

/* The text ends with a whole two-byte character, as late as the message allows. */
static void check_cut(void)
{
    const size_t length = strlen(error.message);
    CHECK(length == 478 || length == 479);
    CHECK_INT((unsigned char)error.message[length - 2], 0xc3);
    CHECK_INT((unsigned char)error.message[length - 1], 0xa4);
}

TEST(long_message_is_cut_between_characters)
{
    char label[1201];
    for (size_t begin = 0; begin < 2; begin++) {
        memset(label, 'x', begin);
        for (size_t i = begin; i + 1 < 1200; i += 2) memcpy(label + i, "\xc3\xa4", 2);
        label[begin + 1198] = '\0';
        mv_object *object = bytearray_of("abc", 3);
        mv_request request = MV_REQUEST_INIT;
        request.label = label;
        mv_buffer held;
        CHECK_OK(mv_buffer_acquire_for(object, &request, &held, &error));
        CHECK_STATUS(mv_bytearray_resize(object, 4, &error), MV_E_EXPORTED);
        check_cut();
        mv_buffer_release(&held);
        mv_object_unref(object);
    }
}

TEST(exporter_message_is_cut_between_characters)
{
    char text[1202] = "x";
    for (size_t i = 1; i < 1201; i += 2) memcpy(text + i, "\xc3\xa4", 2);
    CHECK_STATUS(mv_fail(&error, MV_E_BUSY, text), MV_E_BUSY);
    check_cut();
    CHECK_STATUS(mv_fail(&error, MV_E_BUSY, text + 1), MV_E_BUSY);
    check_cut();
    CHECK_STATUS(mv_fail(&error, MV_E_BUSY, "short"), MV_E_BUSY);
    CHECK_STR(error.message, "short");
    CHECK_ERROR(-1, -1, 0, 0);
    CHECK_INT(mv_fail(NULL, MV_E_BUSY, "short"), MV_E_BUSY);
}
