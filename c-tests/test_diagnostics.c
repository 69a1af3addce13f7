/* Section 11 from both sides: labels and who holds what, and memory that is taken back. */
#include "adversary.h"

static mv_object *object;
static mv_view *view;
static unsigned char bytes[8] = {0, 1, 2, 3, 4, 5, 6, 7};

static void check_holders(const char *expected, const char *file, int line)
{
    char text[4096];
    size_t length = 99, needed = 99;
    if (mv_object_holders(object, text, sizeof text, &length, NULL) != MV_OK)
        harness_fail(file, line, "no holders");
    harness_str(file, line, "the holders", text, expected);
    if (mv_object_holders(object, NULL, 0, &needed, NULL) != MV_OK || length != strlen(expected) ||
        needed != length)
        harness_fail(file, line, "the length is %zu, and %zu where it is asked for", length, needed);
}
#define CHECK_HOLDERS(expected) check_holders((expected), __FILE__, __LINE__)

static mv_buffer labelled(const char *label, int flags)
{
    mv_request request = MV_REQUEST_INIT;
    mv_buffer buffer;
    request.flags = flags;
    request.label = label;
    CHECK_OK(mv_buffer_acquire_for(object, &request, &buffer, &error));
    return buffer;
}

static mv_view *labelled_view(mv_object *of, const char *label)
{
    mv_request request = MV_REQUEST_INIT;
    mv_view *made = NULL;
    request.label = label;
    CHECK_OK(mv_view_new_for(of, &request, &made, &error));
    return made;
}

TEST(labels_come_and_go_in_any_order)
{
    object = counting_bytearray(8);
    CHECK_HOLDERS("");
    mv_buffer first = labelled("first", MV_FULL_RO), second = labelled("second", MV_SIMPLE);
    view = labelled_view(object, "third");
    mv_buffer again = labelled("first", MV_ND), plain;
    CHECK_OK(mv_buffer_acquire(object, MV_FULL_RO, &plain, &error));
    CHECK_HOLDERS("'first', 'second', 'third', 'first'");
    CHECK_SIZE(mv_object_exports(object), 5);
    mv_buffer_release(&second);
    CHECK_HOLDERS("'first', 'third', 'first'");
    mv_buffer_release(&first);
    CHECK_HOLDERS("'third', 'first'");
    mv_buffer_release(&again);
    CHECK_OK(mv_view_release(view, &error));
    CHECK_HOLDERS("");
    mv_view_unref(view);
    CHECK_SIZE(mv_object_exports(object), 1);
    mv_buffer_release(&plain);
    mv_object_unref(object);
}

TEST(label_stays_until_the_last_view_that_shares_it)
{
    mv_view *part = NULL, *rest = NULL;
    object = counting_bytearray(8);
    view = labelled_view(object, "reader");
    CHECK_OK(mv_view_slice(view, "1:", &part, &error));
    CHECK_OK(mv_view_toreadonly(part, &rest, &error));
    CHECK_ITEMS(rest, "\1\2\3\4\5\6\7", 7);
    CHECK_HOLDERS("'reader'");
    mv_view_unref(view);
    mv_view_unref(part);
    CHECK_HOLDERS("'reader'");
    CHECK_STATUS(mv_bytearray_resize(object, 9, &error), MV_E_EXPORTED);
    CHECK(strstr(error.message, "'reader'") != NULL);
    mv_view_unref(rest);
    CHECK_HOLDERS("");
    CHECK_OK(mv_bytearray_resize(object, 9, &error));
    mv_object_unref(object);
}

/* A label asks for an acquisition of its own, so that it has something to stand for. */
TEST(label_on_a_view_of_a_view)
{
    object = counting_bytearray(8);
    view = view_of(object);
    mv_view *second = labelled_view(mv_view_as_object(view), "second");
    CHECK_HOLDERS("'second'");
    CHECK_SIZE(mv_object_exports(object), 2);
    mv_view_unref(second);
    CHECK_HOLDERS("");
    CHECK_SIZE(mv_object_exports(object), 1);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(label_on_a_buffer_of_a_view)
{
    mv_request request = MV_REQUEST_INIT;
    mv_buffer buffer;
    object = counting_bytearray(8);
    view = view_of(object);
    request.label = "plugin";
    CHECK_OK(mv_buffer_acquire_for(mv_view_as_object(view), &request, &buffer, &error));
    CHECK_HOLDERS("'plugin'");
    CHECK_SIZE(mv_object_exports(mv_view_as_object(view)), 1);
    CHECK_STATUS(mv_view_release(view, &error), MV_E_EXPORTED);
    mv_buffer_release(&buffer);
    CHECK_HOLDERS("");
    CHECK_OK(mv_view_release(view, &error));
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(label_of_a_refused_request_is_not_left_behind)
{
    mv_request request = MV_REQUEST_INIT;
    mv_buffer buffer;
    adversary a;
    request.label = "refused";
    object = adversary_custom(&a);
    a.status = MV_E_SYSTEM;
    CHECK_STATUS(mv_buffer_acquire_for(object, &request, &buffer, &error), MV_E_SYSTEM);
    CHECK_REFUSED(mv_view_new_for(object, &request, &view, &error), view, MV_E_SYSTEM);
    CHECK_HOLDERS("");
    a.status = MV_OK;
    request.ndim = 3;
    CHECK_STATUS(mv_buffer_acquire_for(object, &request, &buffer, &error), MV_E_BUFFER);
    CHECK_REFUSED(mv_view_new_for(object, &request, &view, &error), view, MV_E_BUFFER);
    CHECK_HOLDERS("");
    CHECK_SIZE(mv_object_exports(object), 0);
    mv_object_unref(object);
    CHECK_INT_OF(a.grants, a.releases);
    CHECK_INT_OF(a.frees, 1);
}

TEST(holders_text_in_every_size)
{
    static const char expected[] = "'ab', 'c'";
    char text[sizeof expected + 2];
    object = counting_bytearray(8);
    mv_buffer first = labelled("ab", MV_SIMPLE), second = labelled("c", MV_SIMPLE);
    for (size_t size = 1; size <= sizeof text; size++) {
        size_t length = 99;
        memset(text, '#', sizeof text);
        CHECK_OK(mv_object_holders(object, text, size, &length, &error));
        const size_t shown = size - 1 < strlen(expected) ? size - 1 : strlen(expected);
        CHECK_SIZE(length, strlen(expected));
        CHECK_BYTES(text, expected, shown);
        CHECK_INT(text[shown], '\0');
        for (size_t i = size; i < sizeof text; i++) CHECK_INT(text[i], '#');
        CHECK_OK(mv_object_holders(object, text, size, NULL, &error));
    }
    CHECK_OK(mv_object_holders(object, NULL, 0, NULL, &error));
    mv_buffer_release(&second);
    mv_buffer_release(&first);
    mv_object_unref(object);
}

/* Valid UTF-8 that ends with the terminator. */
static void check_utf8(const char *text, size_t size)
{
    const unsigned char *at = (const unsigned char *)text;
    CHECK(memchr(text, '\0', size) != NULL);
    while (*at != '\0') {
        const int more = *at < 0x80 ? 0 : *at >= 0xf0 ? 3 : *at >= 0xe0 ? 2 : *at >= 0xc0 ? 1 : -1;
        CHECK(more >= 0);
        at++;
        for (int i = 0; i < more; i++) CHECK((*at++ & 0xc0) == 0x80);
    }
}

/* More labels than a message holds: it is cut between two characters, at every offset that the cut can
   have. */
TEST(labels_longer_than_the_message)
{
    static char label[700];
    mv_buffer buffer;
    for (size_t lead = 0; lead < 4; lead++) {
        memset(label, 'x', lead);
        for (size_t i = lead; i + 3 < sizeof label; i += 3) memcpy(label + i, "\xe2\x82\xac", 4);
        object = counting_bytearray(8);
        buffer = labelled(label, MV_SIMPLE);
        mv_buffer other = labelled("other", MV_SIMPLE);
        CHECK_STATUS(mv_bytearray_resize(object, 9, &error), MV_E_EXPORTED);
        CHECK_INT(error.value, 2);
        check_utf8(error.message, sizeof error.message);
        CHECK(strlen(error.message) > sizeof error.message - 8);
        mv_buffer_release(&other);
        mv_buffer_release(&buffer);
        mv_object_unref(object);
    }
}

TEST(labels_by_the_hundred)
{
    static char names[300][8];
    static mv_buffer buffers[300];
    size_t length = 0, expected = 0;
    object = counting_bytearray(8);
    for (int i = 0; i < 300; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        buffers[i] = labelled(names[i], MV_SIMPLE);
        expected += strlen(names[i]) + 2 + (i > 0 ? 2 : 0);
    }
    CHECK_OK(mv_object_holders(object, NULL, 0, &length, &error));
    CHECK_SIZE(length, expected);
    for (int i = 0; i < 300; i++)
        mv_buffer_release(&buffers[i * 7 % 300]); /* 7 and 300 have no common factor */
    CHECK_HOLDERS("");
    CHECK_OK(mv_bytearray_resize(object, 9, &error));
    mv_object_unref(object);
}

TEST(holders_of_what_has_none)
{
    adversary a;
    size_t length = 99;
    object = counting_bytearray(8);
    view = view_of(object);
    CHECK_STATUS(mv_object_holders(mv_view_as_object(view), NULL, 0, &length, &error), MV_E_UNSUPPORTED);
    CHECK_STATUS(mv_object_holders(adversary_object(&a), NULL, 0, &length, &error), MV_E_UNSUPPORTED);
    CHECK_SIZE(length, 99);
    mv_view_unref(view);
    mv_object_unref(object);
}

/* A foreign exporter is given the label; what it does with it is its own affair. */
TEST(label_for_a_foreign_type)
{
    adversary a;
    object = adversary_object(&a);
    mv_buffer buffer = labelled("for you", MV_FULL_RO);
    CHECK_PTR(buffer.internal, &a);
    mv_buffer_release(&buffer);
    CHECK_PTR(a.released_internal, &a);
    CHECK_ADVERSARY(&a, 1, 1, 0);
}

/* Revocation. What is revoked answers RELEASED, to whoever asks for whatever. */
static void check_revoked(void)
{
    mv_view *made;
    CHECK_ACQUIRE(object, MV_SIMPLE, MV_E_RELEASED);
    CHECK_ACQUIRE(object, MV_FULL, MV_E_RELEASED);
    CHECK_ACQUIRE(object, MV_EXCLUSIVE, MV_E_RELEASED);
    CHECK_ACQUIRE(object, MV_IMMUTABLE, MV_E_RELEASED);
    CHECK_REFUSED(mv_view_new(object, MV_FULL_RO, &made, &error), made, MV_E_RELEASED);
    CHECK_REFUSED(mv_view_contiguous(object, MV_READ, 'C', &made, &error), made, MV_E_RELEASED);
}

TEST(revoked_objects_of_every_kind)
{
    adversary a;
    mv_object *made[4] = {NULL, NULL, NULL, NULL};
    made[0] = counting_bytearray(8);
    CHECK_OK(mv_array_new("B", MV_DIMS(8), 'C', &made[1], &error));
    CHECK_OK(mv_memory_new(bytes, 8, 0, NULL, NULL, &made[2], &error));
    made[3] = adversary_custom(&a);
    for (int i = 0; i < 4; i++) {
        object = made[i];
        view = view_of(object);
        CHECK_OK(mv_object_revoke(object, &error));
        CHECK_OK(mv_object_revoke(object, &error));
        check_revoked();
        if (i == 0) CHECK_STATUS(mv_bytearray_resize(object, 9, &error), MV_E_RELEASED);
        if (i == 0) CHECK_STATUS(mv_bytearray_splice(object, 0, 0, "x", 1, &error), MV_E_RELEASED);
        if (i == 1) CHECK_STATUS(mv_array_resize(object, MV_DIMS(9), &error), MV_E_RELEASED);
        CHECK(mv_view_buffer(view) == NULL);
        CHECK_OK(mv_view_release(view, &error));
        mv_view_unref(view);
        mv_object_unref(object);
    }
    CHECK_ADVERSARY(&a, 1, 1, 1);
}

TEST(revoke_of_what_cannot_be_revoked)
{
    adversary a;
    CHECK_OK(mv_bytes_new(bytes, 8, &object, &error));
    CHECK_STATUS(mv_object_revoke(object, &error), MV_E_UNSUPPORTED);
    view = view_of(object);
    CHECK_STATUS(mv_object_revoke(mv_view_as_object(view), &error), MV_E_UNSUPPORTED);
    CHECK_ITEMS(view, bytes, 8);
    mv_view_unref(view);
    mv_object_unref(object);
    CHECK_STATUS(mv_object_revoke(adversary_object(&a), &error), MV_E_UNSUPPORTED);
    CHECK_INT_OF(a.references, 1);
}

/* Raw buffers, straight from the object or from a view of it, cannot be taken away: the owner asks again. */
TEST(revoke_with_raw_buffers_out)
{
    static atomic_int freed;
    mv_buffer straight, through;
    CHECK_OK(mv_memory_new(bytes, 8, 0, count_free, &freed, &object, &error));
    view = view_of(object);
    CHECK_OK(mv_buffer_acquire(object, MV_FULL, &straight, &error));
    CHECK_OK(mv_buffer_acquire(mv_view_as_object(view), MV_FULL, &through, &error));
    CHECK_STATUS(mv_object_revoke(object, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 2);
    check_revoked(); /* refused from the first call on, whatever it answered */
    CHECK_BYTES(straight.buf, bytes, 8);
    mv_buffer_release(&straight);
    CHECK_STATUS(mv_object_revoke(object, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 1);
    mv_buffer_release(&through);
    CHECK_OK(mv_object_revoke(object, &error));
    mv_view_unref(view);
    CHECK_INT_OF(freed, 0);
    mv_object_unref(object);
    CHECK_INT_OF(freed, 1);
}

/* Everything that came from a view, by whichever way, is revoked with it. */
TEST(revoke_reaches_all_descendants)
{
    mv_view *kin[6] = {NULL, NULL, NULL, NULL, NULL, NULL}, *made;
    int64_t value = 0;
    object = counting_bytearray(8);
    view = view_of(object);
    CHECK_OK(mv_view_slice(view, "::-2", &kin[0], &error));
    CHECK_OK(mv_view_toreadonly(kin[0], &kin[1], &error));
    CHECK_OK(mv_view_reexport(kin[0], &kin[2], &error));
    CHECK_OK(mv_view_cast(view, "H", MV_DIMS(2, 2), 'C', &kin[3], &error));
    kin[4] = labelled_view(mv_view_as_object(view), "label");
    CHECK_OK(mv_view_contiguous(mv_view_as_object(view), MV_READ, 'C', &kin[5], &error));
    mv_view_unref(view);
    CHECK_OK(mv_object_revoke(object, &error));
    for (int i = 0; i < 6; i++) {
        const ptrdiff_t index[] = {0, 0};
        CHECK_STATUS(mv_view_get_i64(kin[i], index, i == 3 ? 2 : 1, &value, &error), MV_E_RELEASED);
        CHECK_REFUSED(mv_view_slice(kin[i], "0:1", &made, &error), made, MV_E_RELEASED);
        CHECK_REFUSED(mv_view_reexport(kin[i], &made, &error), made, MV_E_RELEASED);
        CHECK_ACQUIRE(mv_view_as_object(kin[i]), MV_SIMPLE, MV_E_RELEASED);
        CHECK(mv_view_buffer(kin[i]) == NULL);
        CHECK_OK(mv_view_release(kin[i], &error));
        mv_view_unref(kin[i]);
    }
    CHECK_HOLDERS("");
    CHECK_SIZE(mv_object_exports(object), 0);
    mv_object_unref(object);
}

/* A copy of strided memory is memory of its own; what is written back to after a revoke is nobody's. */
TEST(revoke_before_a_copy_is_written_back)
{
    const ptrdiff_t shape[] = {4}, strides[] = {2};
    const mv_buffer description = {bytes, NULL, 0, 1, 0, 1, "B", shape, strides, NULL, NULL};
    CHECK_OK(mv_memory_describe(&description, bytes, 8, NULL, NULL, &object, &error));
    CHECK_OK(mv_view_contiguous(object, MV_WRITE_BACK, 'C', &view, &error));
    CHECK_OK(mv_view_write(view, NULL, 'C', "wxyz", 4, &error));
    CHECK_OK(mv_object_revoke(object, &error));
    CHECK_STATUS(mv_view_release(view, &error), MV_E_RELEASED);
    CHECK_BYTES(bytes, "\0\1\2\3\4\5\6\7", 8);
    CHECK_OK(mv_view_release(view, &error)); /* it was released all the same */
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(revoke_of_leased_memory)
{
    mv_buffer lease;
    for (int flag = MV_EXCLUSIVE; flag <= MV_IMMUTABLE; flag *= 2) {
        object = counting_bytearray(8);
        CHECK_OK(mv_buffer_acquire(object, MV_FULL_RO | flag, &lease, &error));
        CHECK_STATUS(mv_object_revoke(object, &error), MV_E_EXPORTED);
        mv_buffer_release(&lease);
        CHECK_OK(mv_object_revoke(object, &error));
        check_revoked();
        mv_object_unref(object);
        object = counting_bytearray(8);
        CHECK_OK(mv_view_new(object, MV_FULL_RO | flag, &view, &error));
        CHECK_OK(mv_object_revoke(object, &error));
        CHECK_ACQUIRE(mv_view_as_object(view), MV_SIMPLE, MV_E_RELEASED);
        mv_view_unref(view);
        check_revoked();
        mv_object_unref(object);
    }
}

/* What a custom exporter granted is given back by its views, in their own time: once each, revoked or not. */
TEST(revoked_grants_are_released_once)
{
    adversary a;
    mv_view *part = NULL;
    object = adversary_custom(&a);
    view = view_of(object);
    CHECK_OK(mv_view_slice(view, "1:", &part, &error));
    CHECK_OK(mv_object_revoke(object, &error));
    CHECK_ADVERSARY(&a, 1, 0, 0);
    mv_view_unref(view);
    mv_object_unref(object);
    CHECK_ADVERSARY(&a, 1, 0, 0);
    CHECK_OK(mv_view_release(part, &error));
    CHECK_ADVERSARY(&a, 1, 1, 1);
    mv_view_unref(part);
    CHECK_ADVERSARY(&a, 1, 1, 1);
}
