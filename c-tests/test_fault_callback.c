/* Callbacks that turn on the library: they acquire, release, resize and revoke what is in use. */
#include "adversary.h"

static mv_object *object;
static mv_view *view;
static adversary a;

/* The hooks of cases 42 to 44: what a release callback does. */
static mv_buffer reentrant;

static void acquire_again(adversary *self)
{
    self->on_release = NULL; /* once */
    self->seen = mv_buffer_acquire(self->own, MV_FULL_RO, &reentrant, NULL);
}

static void unref_other_view(adversary *self)
{
    self->on_release = NULL;
    mv_view_unref(self->other_view);
}

static void release_other_view(adversary *self)
{
    self->on_release = NULL;
    self->seen = mv_view_release(self->other_view, NULL);
}

static void unref_own(adversary *self)
{
    self->on_release = NULL;
    mv_object_unref(self->own);
}

TEST(fault_042_release_callback_acquires_again)
{
    object = adversary_custom(&a);
    view = view_of(object);
    a.on_release = acquire_again;
    mv_view_unref(view);
    CHECK(a.seen == MV_OK ||
          a.seen == MV_E_BUSY); /* a handle is left: another acquisition is as good as any */
    mv_buffer_release(&reentrant);
    CHECK_INT_OF(a.grants, a.releases);
    CHECK_SIZE(mv_object_exports(object), 0);
    CHECK_INT_OF(a.frees, 0);
    mv_object_unref(object);
    CHECK_INT_OF(a.frees, 1);
}

/* No handle is left: what the callback acquires is granted and keeps the object alive, or is refused; it is
   never handed out and then freed. */
TEST(fault_042_no_resurrection_by_a_release_callback)
{
    object = adversary_custom(&a);
    view = view_of(object);
    mv_object_unref(object);
    a.on_release = acquire_again;
    mv_view_unref(view);
    if (a.seen == MV_OK) {
        CHECK_ADVERSARY(&a, 2, 1, 0);
        CHECK_BYTES(reentrant.buf, "\0\1\2\3", 4);
    } else {
        CHECK_INT(a.seen, MV_E_BUSY);
    }
    mv_buffer_release(&reentrant);
    CHECK_INT_OF(a.grants, a.releases);
    CHECK_INT_OF(a.frees, 1);
}

/* Once free runs nothing can be had any more, and nothing is freed twice. */
TEST(fault_042_no_resurrection_by_a_free_callback)
{
    object = adversary_custom(&a);
    a.on_free = acquire_again;
    mv_object_unref(object);
    CHECK(a.seen == MV_E_BUSY || a.seen == MV_E_RELEASED);
    mv_buffer_release(&reentrant);
    CHECK_ADVERSARY(&a, 0, 0, 1);
}

TEST(fault_043_release_callback_releases_another_view)
{
    object = adversary_custom(&a);
    view = view_of(object);
    a.other_view = view_of(object);
    a.on_release = release_other_view;
    a.seen = MV_E_SYSTEM;
    CHECK_OK(mv_view_release(view, &error));
    CHECK_INT(a.seen, MV_OK);
    CHECK_ADVERSARY(&a, 2, 2, 0);
    CHECK(mv_view_buffer(a.other_view) == NULL);
    mv_view_unref(a.other_view);
    mv_view_unref(view);
    view = view_of(object);
    a.other_view = view_of(object);
    a.on_release = unref_other_view;
    mv_view_unref(view);
    CHECK_ADVERSARY(&a, 4, 4, 0);
    mv_object_unref(object);
    CHECK_ADVERSARY(&a, 4, 4, 1);
}

/* The very view whose release is under way: it is released already, so releasing it is a no-op. */
TEST(fault_043_release_callback_releases_its_own_view)
{
    object = adversary_custom(&a);
    view = view_of(object);
    a.other_view = view;
    a.on_release = release_other_view;
    a.seen = MV_E_SYSTEM;
    CHECK_OK(mv_view_release(view, &error));
    CHECK_INT(a.seen, MV_OK);
    CHECK_ADVERSARY(&a, 1, 1, 0);
    mv_view_unref(view);
    mv_object_unref(object);
    CHECK_ADVERSARY(&a, 1, 1, 1);
}

TEST(fault_044_release_callback_drops_the_exporter)
{
    mv_buffer buffer;
    object = adversary_custom(&a);
    a.on_release = unref_own;
    CHECK_OK(mv_buffer_acquire(object, MV_FULL, &buffer, &error));
    mv_buffer_release(&buffer);
    CHECK_ADVERSARY(&a, 1, 1, 1);
    object = adversary_custom(&a);
    a.on_release = unref_own;
    view = view_of(object);
    CHECK_OK(mv_view_release(view, &error));
    CHECK_ADVERSARY(&a, 1, 1, 1);
    CHECK_STATUS(mv_view_read(view, NULL, 'C', NULL, 0, &error), MV_E_RELEASED);
    mv_view_unref(view);
    object = adversary_object(&a);
    a.on_release = unref_own;
    CHECK_OK(mv_buffer_acquire(object, MV_FULL, &buffer, &error));
    CHECK_INT_OF(a.references, 2);
    mv_buffer_release(&buffer);
    CHECK_ADVERSARY(&a, 1, 1, 1);
}

/* A redirecting exporter: it lends a bytearray's memory, and then tries to resize it under its own answer. */
static mv_buffer redirected;

static void acquire_then_resize(adversary *self)
{
    if (mv_buffer_acquire(self->other_object, MV_FULL, &redirected, NULL) != MV_OK) FAIL("no grant");
    self->answer.buf = redirected.buf;
    self->seen = mv_bytearray_resize(self->other_object, 1 << 16, NULL);
}

static void release_redirected(adversary *self)
{
    (void)self;
    mv_buffer_release(&redirected);
}

TEST(fault_045_acquire_callback_resizes_its_own_memory)
{
    object = adversary_custom(&a);
    a.other_object = counting_bytearray(16);
    a.on_acquire = acquire_then_resize;
    a.on_release = release_redirected;
    view = view_of(object);
    CHECK_INT(a.seen, MV_E_EXPORTED);
    CHECK_ITEMS(view, "\0\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf", 16);
    CHECK_SIZE(mv_object_exports(a.other_object), 1);
    mv_view_unref(view);
    CHECK_OK(mv_bytearray_resize(a.other_object, 17, &error));
    mv_object_unref(a.other_object);
    mv_object_unref(object);
    CHECK_ADVERSARY(&a, 1, 1, 1);
}

static void revoke_own(adversary *self)
{
    self->on_acquire = NULL;
    self->seen = mv_object_revoke(self->own, NULL);
}

TEST(fault_045_acquire_callback_revokes_its_own_exporter)
{
    mv_buffer buffer;
    object = adversary_custom(&a);
    a.on_acquire = revoke_own;
    const mv_status status = mv_buffer_acquire(object, MV_FULL, &buffer, &error);
    CHECK_INT(a.seen, MV_E_EXPORTED); /* the request itself is in flight */
    CHECK(status == MV_OK || status == MV_E_RELEASED);
    mv_buffer_release(&buffer);
    CHECK_INT_OF(a.grants, a.releases);
    CHECK_OK(mv_object_revoke(object, &error));
    CHECK_ACQUIRE(object, MV_SIMPLE, MV_E_RELEASED);
    mv_object_unref(object);
    CHECK_INT_OF(a.frees, 1);
}

/* gh-92888 and its family: a callback releases the view that is being worked on. */
static void release_view_at_work(adversary *self)
{
    self->seen = mv_view_release(self->other_view, NULL);
}

TEST(cpython_92888_callback_releases_the_view_being_reexported)
{
    mv_view *again = NULL;
    object = adversary_custom(&a);
    view = view_of(object);
    a.other_view = view;
    a.on_acquire = release_view_at_work;
    a.seen = MV_E_EXPORTED; /* so it stays where the exporter is not asked again */
    CHECK_OK(mv_view_reexport(view, &again, &error));
    CHECK_INT(a.seen, MV_E_EXPORTED);
    CHECK_ITEMS(again, "\0\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf", 16);
    CHECK_INT_OF(a.releases, 0);
    mv_view_unref(again);
    CHECK_OK(mv_view_release(view, &error));
    mv_view_unref(view);
    mv_object_unref(object);
    CHECK_INT_OF(a.grants, a.releases);
    CHECK_INT_OF(a.frees, 1);
}

TEST(fault_046_callback_releases_the_view_that_is_viewed_with_a_label)
{
    mv_request request = MV_REQUEST_INIT;
    mv_view *labelled = NULL;
    request.label = "label";
    object = adversary_custom(&a);
    view = view_of(object);
    a.other_view = view;
    a.on_acquire = release_view_at_work;
    a.seen = MV_E_EXPORTED;
    CHECK_OK(mv_view_new_for(mv_view_as_object(view), &request, &labelled, &error));
    CHECK_INT(a.seen, MV_E_EXPORTED);
    mv_view_unref(labelled);
    mv_view_unref(view);
    mv_object_unref(object);
    CHECK_INT_OF(a.grants, a.releases);
    CHECK_INT_OF(a.frees, 1);
}

/* The end of a copy that is written back: its source is at work while the exporter is told. */
static void release_and_read(adversary *self)
{
    unsigned char bytes[16];
    self->seen = mv_view_read(self->other_view, NULL, 'C', bytes, 8, NULL);
    mv_view_unref(self->other_view);
}

TEST(fault_046_release_callback_drops_the_copy_being_written_back)
{
    const ptrdiff_t shape[] = {8}, strides[] = {2};
    object = adversary_custom(&a);
    a.answer.shape = shape;
    a.answer.strides = strides;
    CHECK_OK(mv_view_contiguous(object, MV_WRITE_BACK, 'C', &view, &error));
    CHECK_OK(mv_view_set_i64(view, (const ptrdiff_t[]){7}, 1, 99, &error));
    CHECK_INT(a.bytes[14], 14);
    a.other_view = mv_view_ref(view);
    a.on_release = release_and_read;
    CHECK_OK(mv_view_release(view, &error));
    CHECK_INT(a.bytes[14], 99);
    CHECK_INT(a.seen, MV_E_RELEASED);
    mv_view_unref(view);
    CHECK_INT_OF(a.grants, a.releases);
    mv_object_unref(object);
    CHECK_INT_OF(a.frees, 1);
}

/* The destination of a copy, released and resized by the acquire callback of its source. */
static void release_and_resize_destination(adversary *self)
{
    self->seen = mv_view_release(self->other_view, NULL);
    if (self->seen == MV_OK) mv_bytearray_resize(self->other_object, 3, NULL);
}

TEST(fault_046_callback_releases_the_destination_of_a_copy)
{
    mv_object *source = adversary_custom(&a);
    object = counting_bytearray(16);
    view = view_of(object);
    memset(a.bytes, 0x77, 16);
    a.other_view = view;
    a.other_object = object;
    a.on_acquire = release_and_resize_destination;
    const mv_status status = mv_object_copy(mv_view_as_object(view), source, &error);
    if (a.seen == MV_E_EXPORTED) {
        CHECK_INT(status, MV_OK);
        CHECK_ITEMS(view, "wwwwwwwwwwwwwwww", 16);
    } else { /* the source came first, and the destination was gone when it was asked */
        CHECK_INT(a.seen, MV_OK);
        CHECK_INT(status, MV_E_RELEASED);
    }
    mv_view_unref(view);
    mv_object_unref(object);
    mv_object_unref(source);
    CHECK_ADVERSARY(&a, 1, 1, 1);
}

/* gh-143378: acquiring the source closes the target. */
static void resize_destination(adversary *self)
{
    self->seen = mv_bytearray_resize(self->other_object, 1 << 16, NULL);
}

TEST(cpython_143378_acquiring_the_source_resizes_the_target)
{
    mv_object *source = adversary_custom(&a);
    object = counting_bytearray(16);
    a.other_object = object;
    a.on_acquire = resize_destination;
    const mv_status status = mv_object_copy(object, source, &error);
    CHECK_INT(status, a.seen == MV_E_EXPORTED ? MV_OK : MV_E_SHAPE);
    CHECK(a.seen == MV_E_EXPORTED || a.seen == MV_OK);
    mv_object_unref(object);
    mv_object_unref(source);
    CHECK_ADVERSARY(&a, 1, 1, 1);
}

/* Case 47: what a callback keeps of a view it was lent is a handle: it outlives the release, and says so. */
static mv_view *kept;

static void keep_view(adversary *self)
{
    kept = mv_view_ref(self->other_view);
}

TEST(fault_047_callback_keeps_a_view_and_uses_it_later)
{
    int64_t value = 0;
    mv_object *const lent = counting_bytearray(4);
    object = adversary_custom(&a);
    a.other_view = view_of(lent);
    a.on_acquire = keep_view;
    CHECK_ACQUIRE(object, MV_SIMPLE, MV_OK);
    CHECK_OK(mv_view_get_i64(kept, (const ptrdiff_t[]){3}, 1, &value, &error));
    CHECK_INT(value, 3);
    CHECK_OK(mv_view_release(a.other_view, &error));
    mv_view_unref(a.other_view);
    CHECK_OK(mv_bytearray_resize(lent, 0, &error));
    mv_object_unref(lent);
    CHECK_STATUS(mv_view_get_i64(kept, (const ptrdiff_t[]){3}, 1, &value, &error), MV_E_RELEASED);
    CHECK(mv_view_buffer(kept) == NULL);
    mv_view_unref(kept);
    mv_object_unref(object);
    CHECK_ADVERSARY(&a, 1, 1, 1);
}
