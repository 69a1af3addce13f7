/* Who holds an object's memory, and how its owner takes it back. */
#include "fixtures.h"

static mv_view *labelled_view(mv_object *object, const char *label)
{
    mv_request request = MV_REQUEST_INIT;
    request.label = label;
    mv_view *view = NULL;
    CHECK_OK(mv_view_new_for(object, &request, &view, &error));
    return view;
}

static void check_holders(mv_object *object, const char *expected)
{
    char text[200];
    size_t length = 0;
    memset(text, 'x', sizeof text);
    CHECK_OK(mv_object_holders(object, text, sizeof text, &length, &error));
    CHECK_STR(text, expected);
    CHECK_SIZE(length, strlen(expected));
}

static mv_status three_bytes(void *self, const mv_request *request, mv_buffer *out, mv_error *failure)
{
    static const ptrdiff_t shape[] = {3}, strides[] = {1};
    (void)request;
    (void)failure;
    out->buf = self;
    out->itemsize = out->ndim = 1;
    out->format = "B";
    out->shape = shape;
    out->strides = strides;
    return MV_OK;
}

TEST(holders_are_the_labels_in_order)
{
    mv_object *array = bytearray_of("abc", 3);
    check_holders(array, "");
    mv_view *silent = view_of(array), *sheet = labelled_view(array, "contact sheet");
    check_holders(array, "'contact sheet'");
    mv_view *stripes = labelled_view(array, "stripes plugin"), *slice = sliced(sheet, "1:");
    check_holders(array, "'contact sheet', 'stripes plugin'");
    mv_request request = MV_REQUEST_INIT;
    request.label = "raw";
    mv_buffer b;
    CHECK_OK(mv_buffer_acquire_for(array, &request, &b, &error));
    check_holders(array, "'contact sheet', 'stripes plugin', 'raw'");
    DROP(sheet);
    check_holders(array, "'contact sheet', 'stripes plugin', 'raw'"); /* its slice shares the acquisition */
    DROP(slice);
    check_holders(array, "'stripes plugin', 'raw'");
    CHECK_STATUS(mv_bytearray_resize(array, 9, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 3);
    CHECK(strstr(error.message, "stripes plugin") != NULL && strstr(error.message, "raw") != NULL);
    CHECK(strstr(error.message, "contact sheet") == NULL);
    mv_buffer_release(&b);
    DROP(stripes, silent);
    check_holders(array, "");
    mv_object_unref(array);
}

TEST(holders_of_a_custom_exporter)
{
    unsigned char data[3] = {1, 2, 3};
    const mv_exporter callbacks = {.size = sizeof callbacks, .acquire = three_bytes};
    mv_object *object;
    CHECK_OK(mv_custom_new(&callbacks, data, &object, &error));
    mv_view *first = labelled_view(object, "first");
    mv_view *second = labelled_view(mv_view_as_object(first), "second");
    check_holders(object, "'first', 'second'");
    CHECK_ITEMS(second, 1, 2, 3);
    DROP(first);
    CHECK_ITEMS(second, 1, 2, 3);
    DROP(second);
    check_holders(object, "");
    mv_object_unref(object);
}

TEST(holders_text_follows_snprintf)
{
    mv_object *array = bytearray_of("abc", 3);
    mv_view *view = labelled_view(array, "abc");
    char text[8];
    size_t length = 0;
    CHECK_OK(mv_object_holders(array, NULL, 0, &length, &error));
    CHECK_SIZE(length, 5);
    memset(text, 'x', sizeof text);
    CHECK_OK(mv_object_holders(array, text, 4, &length, &error));
    CHECK_BYTES(text, "'ab\0xxxx", 8);
    CHECK_SIZE(length, 5);
    memset(text, 'x', sizeof text);
    CHECK_OK(mv_object_holders(array, text, 1, &length, &error));
    CHECK_BYTES(text, "\0xxxxxxx", 8);
    CHECK_OK(mv_object_holders(array, text, 6, NULL, &error));
    CHECK_BYTES(text, "'abc'\0xx", 8);
    DROP(view);
    mv_object_unref(array);
}

TEST(holders_refuse)
{
    char text[8] = "before", data[4] = "abc";
    size_t length = 77;
    mv_object *array = bytearray_of("abc", 3);
    mv_view *view = view_of(array);
    struct foreign foreign = foreign_bytes(data);
    CHECK_STATUS(mv_object_holders(NULL, text, 8, &length, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_object_holders(array, NULL, 8, &length, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
    CHECK_STATUS(mv_object_holders(mv_view_as_object(view), text, 8, &length, &error), MV_E_UNSUPPORTED);
    CHECK_STATUS(mv_object_holders(&foreign.object, text, 8, &length, &error), MV_E_UNSUPPORTED);
    CHECK_STR(text, "before");
    CHECK_SIZE(length, 77);
    DROP(view);
    mv_object_unref(array);
}

static void count_free(void *context, void *data)
{
    (void)data;
    COUNT(FREED, *(int *)context);
}

TEST(acceptance_040_revoke_releases_all_descendants)
{
    unsigned char data[12] = {0};
    int freed = 0;
    mv_object *memory;
    CHECK_OK(mv_memory_new(data, 12, 0, count_free, &freed, &memory, &error));
    mv_view *view = view_of(memory), *slice = sliced(view, "2:8"), *inner = sliced(slice, "::2");
    mv_view *cast, *own, *made;
    CHECK_OK(mv_view_cast(slice, "H", MV_NO_SHAPE, 'C', &cast, &error));
    CHECK_OK(mv_view_reexport(inner, &own, &error));
    CHECK_OK(mv_object_revoke(memory, &error));
    mv_view *const all[] = {view, slice, inner, cast, own};
    for (size_t i = 0; i < 5; i++) {
        int64_t item = 5;
        mv_buffer b;
        CHECK_STATUS(mv_view_get_i64(all[i], MV_DIMS(0), &item, &error), MV_E_RELEASED);
        CHECK_INT(item, 5);
        CHECK_STATUS(mv_view_set_i64(all[i], MV_DIMS(0), 1, &error), MV_E_RELEASED);
        CHECK_NOTHING(made, mv_view_slice(all[i], "1:", &made, &error), MV_E_RELEASED);
        mv_object *object = mv_view_as_object(all[i]);
        CHECK_NO_BUFFER(b, mv_buffer_acquire(object, MV_FULL_RO, &b, &error), MV_E_RELEASED);
        CHECK_PTR(mv_view_buffer(all[i]), NULL);
    }
    mv_buffer b;
    CHECK_NO_BUFFER(b, mv_buffer_acquire(memory, MV_SIMPLE, &b, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_new(memory, MV_FULL_RO, &made, &error), MV_E_RELEASED);
    CHECK_BYTES(data, fixture_zeros, 12);
    DROP(view, slice, inner, cast, own);
    CHECK_INT(freed, 0);
    mv_object_unref(memory);
    CHECK_INT(freed, 1);
}

TEST(revoke_does_not_wait_for_raw_buffers)
{
    mv_object *array = bytearray_of("abc", 3);
    mv_view *view = view_of(array), *made;
    mv_buffer direct, through;
    CHECK_OK(mv_buffer_acquire(array, MV_SIMPLE, &direct, &error));
    CHECK_OK(mv_buffer_acquire(mv_view_as_object(view), MV_SIMPLE, &through, &error));
    CHECK_STATUS(mv_object_revoke(array, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 2);
    CHECK_NOTHING(made, mv_view_slice(view, "1:", &made, &error), MV_E_RELEASED); /* from now on */
    CHECK_BYTES(direct.buf, "abc", 3);
    mv_buffer_release(&direct);
    CHECK_STATUS(mv_object_revoke(array, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 1);
    mv_buffer_release(&through);
    CHECK_OK(mv_object_revoke(array, &error));
    CHECK_OK(mv_object_revoke(array, &error));
    DROP(view);
    mv_object_unref(array);
}

TEST(revoke_of_each_kind)
{
    char data[4] = "abc";
    mv_object *bytes = bytes_of("abc", 3), *block;
    mv_view *view = view_of(bytes);
    struct foreign foreign = foreign_bytes(data);
    CHECK_STATUS(mv_object_revoke(NULL, &error), MV_E_NULL);
    CHECK_STATUS(mv_object_revoke(bytes, &error), MV_E_UNSUPPORTED);
    CHECK_STATUS(mv_object_revoke(mv_view_as_object(view), &error), MV_E_UNSUPPORTED);
    CHECK_STATUS(mv_object_revoke(&foreign.object, &error), MV_E_UNSUPPORTED);
    CHECK_ITEMS(view, 'a', 'b', 'c');
    DROP(view);
    mv_object_unref(bytes);
    CHECK_OK(mv_array_new("B", MV_DIMS(3), 'C', &block, &error));
    view = view_of(block);
    CHECK_OK(mv_object_revoke(block, &error));
    CHECK_PTR(mv_view_buffer(view), NULL);
    DROP(view);
    mv_object_unref(block);
}

/* Views alone hold the object: it is revoked at once, and all of them say so. */
static void check_revoked(mv_object *object, mv_view *const *views, int count)
{
    mv_view *made;
    CHECK_OK(mv_object_revoke(object, &error));
    for (int i = 0; i < count; i++) {
        int64_t item = 0;
        CHECK_STATUS(mv_view_get_i64(views[i], MV_DIMS(0), &item, &error), MV_E_RELEASED);
        CHECK_PTR(mv_view_buffer(views[i]), NULL);
    }
    CHECK_NOTHING(made, mv_view_new(object, MV_FULL_RO, &made, &error), MV_E_RELEASED);
}

TEST(revoke_of_a_custom_exporter)
{
    unsigned char data[3] = {1, 2, 3};
    const mv_exporter callbacks = {.size = sizeof callbacks, .acquire = three_bytes};
    mv_object *object;
    CHECK_OK(mv_custom_new(&callbacks, data, &object, &error));
    mv_view *view = view_of(object), *slice = sliced(view, "::2");
    CHECK_ITEMS(slice, 1, 3);
    check_revoked(object, (mv_view *[]){view, slice}, 2);
    DROP(view, slice);
    mv_object_unref(object);
}

TEST(revoke_of_reexported_views)
{
    unsigned char data[3] = {1, 2, 3};
    const mv_exporter callbacks = {.size = sizeof callbacks, .acquire = three_bytes};
    for (int i = 0; i < 2; i++) {
        mv_object *object;
        if (i == 0) CHECK_OK(mv_memory_new(data, 3, 0, NULL, NULL, &object, &error));
        if (i == 1) CHECK_OK(mv_custom_new(&callbacks, data, &object, &error));
        mv_view *view = view_of(object), *slice = sliced(view, "::2"), *own;
        CHECK_OK(mv_view_reexport(slice, &own, &error));
        CHECK_ITEMS(own, 1, 3);
        check_revoked(object, (mv_view *[]){view, slice, own}, 3);
        DROP(view, slice, own);
        mv_object_unref(object);
    }
}
