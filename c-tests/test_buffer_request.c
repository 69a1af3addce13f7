/* Buffers: what a consumer asks for, and what it gets. */
#include "fixtures.h"

static mv_status acquire_from(mv_view *view, int flags, mv_buffer *out)
{
    return mv_buffer_acquire(mv_view_as_object(view), flags, out, &error);
}

/* Which of format, shape, strides and suboffsets are there; a bit each. */
static int given(const mv_buffer *b)
{
    return (b->format != NULL) | (b->shape != NULL) << 1 | (b->strides != NULL) << 2 |
           (b->suboffsets != NULL) << 3;
}

/* The request is granted, and answers exactly these parts. */
static void check_granted(mv_view *view, int flags, int parts)
{
    mv_buffer b;
    CHECK_OK(acquire_from(view, flags, &b));
    CHECK_INT(given(&b), parts);
    CHECK_PTR(b.obj, mv_view_as_object(view));
    CHECK_INT(b.len, mv_view_buffer(view)->len);
    CHECK_INT(b.itemsize, mv_view_buffer(view)->itemsize);
    CHECK_INT(b.readonly, mv_view_buffer(view)->readonly);
    if (b.shape != NULL) CHECK_INT(b.ndim, mv_view_buffer(view)->ndim);
    CHECK_SIZE(mv_object_exports(mv_view_as_object(view)), 1);
    mv_buffer_release(&b);
    CHECK_SIZE(mv_object_exports(mv_view_as_object(view)), 0);
}

static void check_refused(mv_view *view, int flags, mv_status expected)
{
    mv_buffer b;
    CHECK_NO_BUFFER(b, acquire_from(view, flags, &b), expected);
    CHECK_SIZE(mv_object_exports(mv_view_as_object(view)), 0);
}

TEST(acceptance_016_bytes_refuse_writable)
{
    mv_object *bytes = bytes_of("abc", 3);
    mv_buffer b;
    CHECK_NO_BUFFER(b, mv_buffer_acquire(bytes, MV_WRITABLE, &b, &error), MV_E_BUFFER);
    CHECK_NO_BUFFER(b, mv_buffer_acquire(bytes, MV_FULL, &b, &error), MV_E_BUFFER);
    CHECK_SIZE(mv_object_exports(bytes), 0);
    CHECK_OK(mv_buffer_acquire(bytes, MV_SIMPLE, &b, &error));
    CHECK_INT(b.readonly, 1);
    CHECK_PTR(b.obj, bytes);
    mv_buffer_release(&b);
    mv_object_unref(bytes);
}

TEST(acceptance_017_strided_view_refuses_simple_and_nd)
{
    mv_view *view = numbered("H", MV_DIMS(6), 'C'), *slice = sliced(view, "::2");
    check_refused(slice, MV_SIMPLE, MV_E_BUFFER);
    check_refused(slice, MV_ND, MV_E_BUFFER);
    check_refused(slice, MV_CONTIG, MV_E_BUFFER);
    check_refused(slice, MV_C_CONTIGUOUS, MV_E_BUFFER);
    check_refused(slice, MV_F_CONTIGUOUS, MV_E_BUFFER);
    check_refused(slice, MV_ANY_CONTIGUOUS, MV_E_BUFFER);
    DROP(view, slice);
}

TEST(acceptance_018_strided_view_grants_strides)
{
    mv_view *view = numbered("H", MV_DIMS(6), 'C'), *slice = sliced(view, "::2");
    check_granted(slice, MV_STRIDES, 6);
    mv_buffer b;
    CHECK_OK(acquire_from(slice, MV_STRIDES, &b));
    CHECK_INT(b.shape[0], 3);
    CHECK_INT(b.strides[0], 4);
    mv_buffer_release(&b);
    check_granted(slice, MV_STRIDED, 6);
    check_granted(slice, MV_RECORDS, 7);
    DROP(view, slice);
}

TEST(acceptance_019_f_view)
{
    mv_view *view = numbered("H", MV_DIMS(2, 3), 'F');
    check_refused(view, MV_ND, MV_E_BUFFER);
    check_refused(view, MV_SIMPLE, MV_E_BUFFER);
    check_refused(view, MV_C_CONTIGUOUS, MV_E_BUFFER);
    check_granted(view, MV_F_CONTIGUOUS, 6);
    check_granted(view, MV_ANY_CONTIGUOUS, 6);
    DROP(view);
    view = numbered("H", MV_DIMS(2, 3), 'C');
    check_refused(view, MV_F_CONTIGUOUS, MV_E_BUFFER);
    check_granted(view, MV_C_CONTIGUOUS, 6);
    check_granted(view, MV_ANY_CONTIGUOUS, 6);
    DROP(view);
}

TEST(acceptance_020_pointer_table)
{
    mv_view *view = table_view(2, 3, 4);
    check_refused(view, MV_STRIDES, MV_E_BUFFER);
    check_refused(view, MV_SIMPLE, MV_E_BUFFER);
    check_refused(view, MV_ANY_CONTIGUOUS, MV_E_BUFFER);
    check_granted(view, MV_INDIRECT, 14);
    check_granted(view, MV_FULL_RO, 15);
    DROP(view);
    mv_object *table = table_new(2, 3, 4);
    mv_buffer b;
    CHECK_NO_BUFFER(b, mv_buffer_acquire(table, MV_STRIDES, &b, &error), MV_E_BUFFER);
    CHECK_SIZE(mv_object_exports(table), 0); /* what was refused was released */
    CHECK_OK(mv_buffer_acquire(table, MV_INDIRECT, &b, &error));
    CHECK_INT(given(&b), 14);
    mv_buffer_release(&b);
    mv_object_unref(table);
    CHECK_INT(tables_alive, 0);
}

TEST(acceptance_021_simple_grant_of_two_dimensions)
{
    mv_view *view = numbered("H", MV_DIMS(2, 3), 'C');
    mv_buffer b;
    CHECK_OK(acquire_from(view, MV_SIMPLE, &b));
    CHECK_INT(b.len, 12);
    CHECK_INT(b.itemsize, 2);
    CHECK_INT(b.ndim, 1);
    CHECK_INT(given(&b), 0);
    mv_buffer_release(&b);
    check_granted(view, MV_ND, 2);
    check_granted(view, MV_ND | MV_FORMAT, 3);
    check_granted(view, MV_FULL_RO, 7);
    DROP(view);
}

TEST(acceptance_022_grants_of_no_dimensions)
{
    mv_view *view = numbered("H", NULL, 0, 'C');
    const int flags[] = {MV_SIMPLE, MV_ND, MV_STRIDES, MV_INDIRECT};
    for (int i = 0; i < 4; i++) {
        mv_buffer b;
        CHECK_OK(acquire_from(view, flags[i], &b));
        CHECK_INT(b.ndim, i == 0 ? 1 : 0);
        CHECK_INT(b.len, 2);
        CHECK_INT(b.itemsize, 2);
        CHECK_INT(given(&b), 0);
        mv_buffer_release(&b);
    }
    check_granted(view, MV_FULL_RO, 1);
    DROP(view);
}

TEST(acceptance_023_format_without_shape)
{
    mv_view *view = view_taking(bytes_of("abc", 3)), *cast;
    check_granted(view, MV_FORMAT, 1);
    const char *const byte_formats[] = {"B", "b", "c", "@B"};
    for (int i = 0; i < 4; i++) {
        CHECK_OK(mv_view_cast(view, byte_formats[i], MV_NO_SHAPE, 'C', &cast, &error));
        mv_buffer b;
        CHECK_OK(acquire_from(cast, MV_FORMAT, &b));
        CHECK_STR(b.format, byte_formats[i]);
        CHECK_PTR(b.shape, NULL);
        mv_buffer_release(&b);
        DROP(cast);
    }
    DROP(view);
    view = numbered("H", MV_DIMS(3), 'C');
    check_refused(view, MV_FORMAT, MV_E_BUFFER);
    check_granted(view, MV_FORMAT | MV_ND, 3);
    mv_object *bytes = bytes_of("abc", 3);
    mv_buffer b;
    CHECK_OK(mv_buffer_acquire(bytes, MV_FORMAT, &b, &error));
    CHECK_STR(b.format, "B");
    CHECK_INT(given(&b), 1);
    mv_buffer_release(&b);
    CHECK_NO_BUFFER(b, mv_buffer_acquire(mv_view_exporter(view), MV_FORMAT, &b, &error), MV_E_BUFFER);
    mv_object_unref(bytes);
    DROP(view);
}

TEST(acceptance_024_flags_that_are_none)
{
    mv_view *view = numbered("B", MV_DIMS(3), 'C'), *made;
    const int flags[] = {0x100, 0x200, 0x2, 0x400, 0x40000, 0x40000000, -1, MV_EXCLUSIVE | MV_IMMUTABLE};
    for (int i = 0; i < 8; i++) {
        check_refused(view, flags[i], MV_E_FLAGS);
        CHECK_INT(error.value, flags[i]);
        CHECK_NOTHING(made, mv_view_new(mv_view_as_object(view), flags[i], &made, &error), MV_E_FLAGS);
        mv_buffer b;
        mv_object *bytes = bytes_of("abc", 3);
        CHECK_NO_BUFFER(b, mv_buffer_acquire(bytes, flags[i], &b, &error), MV_E_FLAGS);
        mv_object_unref(bytes);
    }
    DROP(view);
}

/* A consumer that exports on what it was itself granted, and nothing more. */
struct passer {
    mv_object object;
    mv_buffer grant;
    int acquired, released;
};

static mv_status passer_acquire(mv_object *self, const mv_request *request, mv_buffer *out, mv_error *failure)
{
    struct passer *passer = (struct passer *)(void *)self;
    (void)request;
    (void)failure;
    COUNT(GRANTED, passer->acquired);
    *out = passer->grant;
    return MV_OK;
}

static void passer_release(mv_object *self, mv_buffer *buffer)
{
    (void)buffer;
    COUNT(RELEASED, ((struct passer *)(void *)self)->released);
}

TEST(acceptance_025_simple_grant_is_not_passed_on_as_more)
{
    static const mv_type type = {MV_TYPE_INIT, "passer", NULL, NULL, passer_acquire, passer_release, NULL, 0};
    struct passer passer = {.object = {&type}};
    mv_object *bytes = bytes_of("abc", 3);
    mv_buffer b;
    CHECK_OK(mv_buffer_acquire(bytes, MV_SIMPLE, &passer.grant, &error));
    const int refused[] = {MV_ND, MV_STRIDES, MV_WRITABLE, MV_C_CONTIGUOUS, MV_ANY_CONTIGUOUS, MV_FULL_RO};
    for (int i = 0; i < 6; i++)
        CHECK_NO_BUFFER(b, mv_buffer_acquire(&passer.object, refused[i], &b, &error), MV_E_BUFFER);
    CHECK_INT(passer.acquired, passer.released);
    CHECK_OK(mv_buffer_acquire(&passer.object, MV_SIMPLE, &b, &error));
    CHECK_PTR(b.buf, passer.grant.buf);
    CHECK_PTR(b.obj, &passer.object);
    CHECK_INT(b.len, 3);
    CHECK_INT(given(&b), 0);
    CHECK_INT(passer.acquired, passer.released + 1);
    mv_buffer_release(&b);
    CHECK_INT(passer.acquired, passer.released);
    CHECK_SIZE(mv_object_exports(bytes), 1);
    mv_buffer_release(&passer.grant);
    mv_object_unref(bytes);
}

TEST(acceptance_026_released_twice)
{
    mv_object *array = bytearray_of("abc", 3);
    mv_buffer a, b;
    CHECK_OK(mv_buffer_acquire(array, MV_SIMPLE, &a, &error));
    CHECK_OK(mv_buffer_acquire(array, MV_SIMPLE, &b, &error));
    mv_buffer_release(&a);
    CHECK_PTR(a.obj, NULL);
    mv_buffer_release(&a);
    mv_buffer_release(&a);
    CHECK_SIZE(mv_object_exports(array), 1);
    CHECK_STATUS(mv_bytearray_resize(array, 9, &error), MV_E_EXPORTED);
    mv_buffer_release(&b);
    CHECK_OK(mv_bytearray_resize(array, 9, &error));
    mv_object_unref(array);
    memset(&a, 0, sizeof a);
    mv_buffer_release(&a);
    mv_buffer_release(NULL);
}

TEST(acceptance_027_read_only_view_refuses_full)
{
    mv_view *view = numbered("B", MV_DIMS(3), 'C'), *readonly, *made;
    CHECK_OK(mv_view_toreadonly(view, &readonly, &error));
    check_refused(readonly, MV_FULL, MV_E_BUFFER);
    check_refused(readonly, MV_WRITABLE, MV_E_BUFFER);
    check_granted(readonly, MV_FULL_RO, 7);
    CHECK_NOTHING(made, mv_view_new(mv_view_as_object(readonly), MV_FULL, &made, &error), MV_E_BUFFER);
    check_granted(view, MV_FULL, 7);
    DROP(view, readonly);
}

TEST(grant_outlives_the_handles)
{
    mv_object *array = bytearray_of("abc", 3);
    mv_buffer b, c;
    CHECK_OK(mv_buffer_acquire(array, MV_FULL_RO, &b, &error));
    mv_view *view = view_taking(array);
    CHECK_OK(acquire_from(view, MV_FULL_RO, &c));
    DROP(view);
    const mv_buffer moved = b;
    memset(&b, 0, sizeof b);
    CHECK_BYTES(moved.buf, "abc", 3);
    CHECK_STR(moved.format, "B");
    CHECK_INT(moved.shape[0], 3);
    CHECK_INT(c.shape[0], 3);
    CHECK_INT(c.strides[0], 1);
    CHECK_BYTES(c.buf, "abc", 3);
    b = moved;
    mv_buffer_release(&b);
    mv_buffer_release(&c);
}

TEST(acquire_refuses)
{
    mv_view *view = released_view();
    mv_object *bytes = bytes_of("abc", 3);
    mv_buffer b;
    CHECK_NO_BUFFER(b, mv_buffer_acquire(NULL, MV_SIMPLE, &b, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_buffer_acquire(bytes, MV_SIMPLE, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 3);
    check_refused(view, MV_SIMPLE, MV_E_RELEASED);
    DROP(view);
    mv_object_unref(bytes);
}

TEST(request_for_format_and_dimensions)
{
    mv_view *view = view_taking(bytes_of("abcdefgh", 8)), *made;
    CHECK_OK(mv_view_cast(view, "h", MV_DIMS(2, 2), 'C', &made, &error));
    mv_object *object = mv_view_as_object(made);
    mv_request request = MV_REQUEST_INIT;
    mv_buffer b;
    CHECK_OK(mv_buffer_acquire_for(object, &request, &b, &error));
    CHECK_INT(given(&b), 7);
    mv_buffer_release(&b);
    request.format = "@h";
    request.ndim = 2;
    request.flags = MV_SIMPLE; /* compared, but not given */
    CHECK_OK(mv_buffer_acquire_for(object, &request, &b, &error));
    CHECK_INT(given(&b), 0);
    CHECK_INT(b.itemsize, 2);
    mv_buffer_release(&b);
    request.format = "H";
    CHECK_NO_BUFFER(b, mv_buffer_acquire_for(object, &request, &b, &error), MV_E_BUFFER);
    request.format = NULL;
    request.ndim = 1;
    CHECK_NO_BUFFER(b, mv_buffer_acquire_for(object, &request, &b, &error), MV_E_BUFFER);
    CHECK_ERROR(-1, -1, 1, 2);
    request.ndim = 0;
    CHECK_NO_BUFFER(b, mv_buffer_acquire_for(object, &request, &b, &error), MV_E_BUFFER);
    request.ndim = -2;
    CHECK_NO_BUFFER(b, mv_buffer_acquire_for(object, &request, &b, &error), MV_E_VALUE);
    CHECK_INT(error.value, -2);
    CHECK_SIZE(mv_object_exports(object), 0);
    DROP(view, made);
}

TEST(request_of_another_size)
{
    mv_object *bytes = bytes_of("abc", 3);
    struct {
        mv_request known;
        void *unknown[4];
    } newer = {MV_REQUEST_INIT, {&newer, &newer, NULL, NULL}};
    mv_buffer b;
    newer.known.size = sizeof newer;
    CHECK_OK(mv_buffer_acquire_for(bytes, &newer.known, &b, &error));
    mv_buffer_release(&b);
    mv_request request = MV_REQUEST_INIT;
    request.size = sizeof request - 1;
    CHECK_NO_BUFFER(b, mv_buffer_acquire_for(bytes, &request, &b, &error), MV_E_VERSION);
    CHECK_ERROR(-1, -1, (long long)sizeof request - 1, (long long)sizeof request);
    request.size = 0;
    CHECK_NO_BUFFER(b, mv_buffer_acquire_for(bytes, &request, &b, &error), MV_E_VERSION);
    CHECK_NO_BUFFER(b, mv_buffer_acquire_for(bytes, NULL, &b, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
    mv_object_unref(bytes);
}
