/* Release, use after it, and owners that go before whoever holds their memory. */
#include "adversary.h"

static mv_object *object;
static mv_view *view;
static adversary a;

TEST(fault_037_release_twice)
{
    mv_buffer buffer, zero;
    memset(&zero, 0, sizeof zero);
    object = adversary_custom(&a);
    CHECK_OK(mv_buffer_acquire(object, MV_FULL_RO, &buffer, &error));
    mv_buffer_release(&buffer);
    CHECK_BYTES(&buffer, &zero, sizeof zero);
    mv_buffer_release(&buffer);
    mv_buffer_release(&zero);
    mv_buffer_release(NULL);
    CHECK_ADVERSARY(&a, 1, 1, 0);
    view = view_of(object);
    CHECK_OK(mv_view_release(view, &error));
    CHECK_OK(mv_view_release(view, &error));
    mv_view_unref(view);
    mv_view_unref(NULL);
    CHECK(mv_view_ref(NULL) == NULL && mv_object_ref(NULL) == NULL);
    CHECK_ADVERSARY(&a, 2, 2, 0);
    mv_object_unref(object);
    mv_object_unref(NULL);
    CHECK_ADVERSARY(&a, 2, 2, 1);
}

/* A description of borrowed memory has no obj: its release only empties it. */
TEST(fault_037_release_of_what_was_not_acquired)
{
    unsigned char byte = 7;
    const ptrdiff_t one = 1;
    mv_buffer buffer, zero;
    memset(&zero, 0, sizeof zero);
    CHECK_OK(mv_buffer_fill_info(&buffer, NULL, &byte, &one, 0, MV_FULL, &error));
    mv_buffer_release(&buffer);
    CHECK_BYTES(&buffer, &zero, sizeof zero);
    CHECK_INT(byte, 7);
}

TEST(fault_038_use_after_release)
{
    unsigned char bytes[4] = {0};
    mv_scalar scalar = {MV_INT, 0, {1}, NULL};
    int64_t value = 33;
    mv_view *other = wrapped(bytes, "B", MV_DIMS(4)), *made;
    object = counting_bytearray(4);
    view = view_of(object);
    CHECK_OK(mv_view_release(view, &error));
    CHECK_SIZE(mv_object_exports(object), 0);
    CHECK(mv_view_buffer(view) == NULL && mv_view_exporter(view) == NULL);
    CHECK_STATUS(mv_view_get_i64(view, (const ptrdiff_t[]){0}, 1, &value, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_get(view, (const ptrdiff_t[]){0}, 1, &scalar, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_set_i64(view, (const ptrdiff_t[]){0}, 1, 9, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_fill(view, &scalar, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_read(view, NULL, 'C', bytes, 4, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_write(view, NULL, 'C', bytes, 4, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_copy(view, other, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_copy(other, view, &error), MV_E_RELEASED);
    CHECK_REFUSED(mv_view_toreadonly(view, &made, &error), made, MV_E_RELEASED);
    CHECK_REFUSED(mv_view_reexport(view, &made, &error), made, MV_E_RELEASED);
    CHECK_REFUSED(mv_view_new(mv_view_as_object(view), MV_FULL_RO, &made, &error), made, MV_E_RELEASED);
    CHECK_REFUSED(mv_view_contiguous(mv_view_as_object(view), MV_READ, 'C', &made, &error), made,
                  MV_E_RELEASED);
    CHECK_ACQUIRE(mv_view_as_object(view), MV_SIMPLE, MV_E_RELEASED);
    CHECK_INT(value, 33);
    CHECK_STR(mv_object_type_name(mv_view_as_object(view)), "view");
    mv_view_unref(view);
    mv_view_unref(other);
    mv_object_unref(object);
}

TEST(fault_038_geometry_after_release)
{
    mv_view *made;
    object = counting_bytearray(4);
    view = view_of(object);
    CHECK_OK(mv_view_release(view, &error));
    CHECK_REFUSED(mv_view_index(view, MV_ITEMS(MV_ALL), &made, &error), made, MV_E_RELEASED);
    CHECK_REFUSED(mv_view_slice(view, ":", &made, &error), made, MV_E_RELEASED);
    CHECK_REFUSED(mv_view_transpose(view, NULL, 0, &made, &error), made, MV_E_RELEASED);
    CHECK_REFUSED(mv_view_reshape(view, MV_DIMS(4), 'C', &made, &error), made, MV_E_RELEASED);
    CHECK_REFUSED(mv_view_broadcast(view, MV_DIMS(4), &made, &error), made, MV_E_RELEASED);
    CHECK_REFUSED(mv_view_split(view, 0, 1, &made, &error), made, MV_E_RELEASED);
    CHECK_REFUSED(mv_view_cast(view, "b", MV_NO_SHAPE, 'C', &made, &error), made, MV_E_RELEASED);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(numpy_15450_pointer_kept_after_release)
{
    object = counting_bytearray(4);
    view = view_of(object);
    CHECK(mv_view_buffer(view) != NULL);
    CHECK_PTR(mv_view_exporter(view), object);
    CHECK_OK(mv_view_release(view, &error));
    CHECK(mv_view_buffer(view) == NULL);
    CHECK(mv_view_exporter(view) == NULL);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(fault_039_owner_dropped_before_its_views)
{
    mv_view *part = NULL, *other;
    mv_buffer buffer;
    object = adversary_custom(&a);
    view = view_of(object);
    other = view_of(object);
    CHECK_OK(mv_view_slice(view, "4:8", &part, &error));
    CHECK_OK(mv_buffer_acquire(object, MV_FULL, &buffer, &error));
    mv_object_unref(object);
    CHECK_ADVERSARY(&a, 3, 0, 0);
    mv_view_unref(view);
    CHECK_ADVERSARY(&a, 3, 0, 0);
    mv_buffer_release(&buffer);
    mv_view_unref(other);
    CHECK_ADVERSARY(&a, 3, 2, 0);
    CHECK_ITEMS(part, "\4\5\6\7", 4);
    mv_view_unref(part);
    CHECK_ADVERSARY(&a, 3, 3, 1);
}

TEST(fault_039_memory_dropped_before_its_buffers)
{
    static atomic_int freed;
    unsigned char bytes[4] = {1, 2, 3, 4};
    mv_buffer first, second;
    CHECK_OK(mv_memory_new(bytes, 4, 0, count_free, &freed, &object, &error));
    CHECK_OK(mv_buffer_acquire(object, MV_FULL, &first, &error));
    CHECK_OK(mv_buffer_acquire(object, MV_SIMPLE, &second, &error));
    mv_object_unref(object);
    mv_buffer_release(&first);
    CHECK_INT_OF(freed, 0);
    CHECK_BYTES(second.buf, bytes, 4);
    mv_buffer_release(&second);
    CHECK_INT_OF(freed, 1);
}

TEST(fault_039_handle_taken_again_from_a_grant)
{
    object = adversary_custom(&a);
    view = view_of(object);
    mv_object_unref(object);
    object = mv_object_ref(mv_view_exporter(view)); /* none was left, and the view kept it alive */
    CHECK_SIZE(mv_object_exports(object), 1);
    mv_view_unref(view);
    CHECK_ADVERSARY(&a, 1, 1, 0);
    CHECK_ACQUIRE(object, MV_FULL, MV_OK);
    mv_object_unref(object);
    CHECK_ADVERSARY(&a, 2, 2, 1);
}

TEST(fault_040_resize_with_an_export)
{
    mv_buffer buffer;
    object = counting_bytearray(4);
    CHECK_OK(mv_buffer_acquire(object, MV_SIMPLE, &buffer, &error));
    CHECK_STATUS(mv_bytearray_resize(object, 5, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 1);
    CHECK_STATUS(mv_bytearray_resize(object, 0, &error), MV_E_EXPORTED);
    CHECK_STATUS(mv_bytearray_splice(object, 0, 1, NULL, 0, &error), MV_E_EXPORTED);
    CHECK_STATUS(mv_bytearray_splice(object, 4, 0, "x", 1, &error), MV_E_EXPORTED);
    CHECK_STATUS(mv_bytearray_reserve(object, 1 << 20, &error), MV_E_EXPORTED);
    CHECK_BYTES(buffer.buf, "\0\1\2\3", 4);
    CHECK_OK(mv_bytearray_resize(object, 4, &error));
    CHECK_OK(mv_bytearray_splice(object, 1, 2, "xy", 2, &error));
    CHECK_BYTES(buffer.buf, "\0xy\3", 4);
    mv_buffer_release(&buffer);
    CHECK_OK(mv_bytearray_resize(object, 5, &error));
    view = view_of(object);
    CHECK_ITEMS(view, "\0xy\3\0", 5);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(fault_040_resize_of_an_array_with_an_export)
{
    CHECK_OK(mv_array_new("H", MV_DIMS(2, 2), 'F', &object, &error));
    view = view_of(object);
    CHECK_OK(mv_view_write(view, NULL, 'C', "\1\0\2\0\3\0\4\0", 8, &error));
    CHECK_STATUS(mv_array_resize(object, MV_DIMS(3, 2), &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 1);
    CHECK_ITEMS(view, "\1\0\2\0\3\0\4\0", 8);
    mv_view_unref(view);
    CHECK_OK(mv_array_resize(object, MV_DIMS(3, 1), &error));
    view = view_of(object);
    CHECK_ITEMS(view, "\1\0\3\0\0\0", 6);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(fault_041_release_of_a_parent)
{
    mv_view *child = NULL, *grandchild = NULL;
    object = counting_bytearray(8);
    view = view_of(object);
    CHECK_OK(mv_view_slice(view, "2:6", &child, &error));
    CHECK_OK(mv_view_toreadonly(child, &grandchild, &error));
    CHECK_OK(mv_view_release(view, &error));
    mv_view_unref(view);
    CHECK_ITEMS(child, "\2\3\4\5", 4);
    CHECK_SIZE(mv_object_exports(object), 1);
    CHECK_STATUS(mv_bytearray_resize(object, 9, &error), MV_E_EXPORTED);
    CHECK_OK(mv_view_release(child, &error));
    CHECK_ITEMS(grandchild, "\2\3\4\5", 4);
    CHECK_STATUS(mv_bytearray_resize(object, 9, &error), MV_E_EXPORTED);
    mv_view_unref(grandchild);
    CHECK_OK(mv_bytearray_resize(object, 9, &error));
    mv_view_unref(child);
    mv_object_unref(object);
}

/* gh-142665: the bound of a slice released the view after the slice was made, and it dangled. */
TEST(cpython_142665_slice_of_a_view_that_is_released)
{
    mv_view *slices[3] = {NULL, NULL, NULL}, *made;
    object = adversary_custom(&a);
    view = view_of(object);
    for (int i = 0; i < 3; i++) CHECK_OK(mv_view_slice(view, "8:10", &slices[i], &error));
    CHECK_OK(mv_view_release(view, &error));
    CHECK_REFUSED(mv_view_slice(view, "8:10", &made, &error), made, MV_E_RELEASED);
    CHECK_ADVERSARY(&a, 1, 0, 0);
    for (int i = 0; i < 3; i++) CHECK_ITEMS(slices[i], "\x8\x9", 2);
    for (int i = 0; i < 3; i++) mv_view_unref(slices[i]);
    CHECK_ADVERSARY(&a, 1, 1, 0);
    mv_object_unref(object);
}

/* Case 52, PyO3 #1736: the struct is moved while it is acquired; its arrays are not in it. */
static void check_moved(mv_object *from)
{
    mv_buffer *first = (mv_buffer *)malloc(sizeof *first), *second = (mv_buffer *)malloc(sizeof *second);
    const size_t before = mv_object_exports(from);
    unsigned char bytes[64];
    CHECK(first != NULL && second != NULL);
    CHECK_OK(mv_buffer_acquire(from, MV_FULL_RO, first, &error));
    CHECK_SIZE(mv_object_exports(from), before + 1);
    const ptrdiff_t length = first->len, extent = first->ndim > 0 ? first->shape[0] : 0;
    memcpy(second, first, sizeof *second);
    memset((void *)first, 0x77, sizeof *first);
    free(first);
    CHECK_OK(mv_buffer_to_contiguous(second, bytes, (size_t)length, 'C', &error));
    if (second->ndim > 0) CHECK_INT(second->shape[0], extent);
    mv_buffer_release(second);
    CHECK_SIZE(mv_object_exports(from), before);
    free(second);
}

TEST(fault_052_buffer_struct_is_moved)
{
    static unsigned char bytes[8];
    adversary foreign;
    check_moved(adversary_object(&foreign));
    CHECK_ADVERSARY(&foreign, 1, 1, 0);
    object = adversary_custom(&a);
    check_moved(object);
    view = view_of(object);
    check_moved(mv_view_as_object(view));
    mv_view_unref(view);
    mv_object_unref(object);
    CHECK_OK(mv_bytes_new("abcd", 4, &object, &error));
    check_moved(object);
    mv_object_unref(object);
    object = counting_bytearray(4);
    check_moved(object);
    CHECK_OK(mv_bytearray_resize(object, 5, &error));
    mv_object_unref(object);
    CHECK_OK(mv_array_new("d", MV_DIMS(2, 3), 'F', &object, &error));
    check_moved(object);
    mv_object_unref(object);
    CHECK_OK(mv_memory_new(bytes, sizeof bytes, 0, NULL, NULL, &object, &error));
    check_moved(object);
    mv_object_unref(object);
}

TEST(pyo3_1736_labelled_buffer_struct_is_moved)
{
    mv_request request = MV_REQUEST_INIT;
    mv_buffer first, second;
    size_t length = 0;
    request.label = "moved";
    object = adversary_custom(&a);
    CHECK_OK(mv_buffer_acquire_for(object, &request, &first, &error));
    second = first;
    memset((void *)&first, 0x77, sizeof first);
    CHECK_OK(mv_object_holders(object, NULL, 0, &length, &error));
    CHECK_SIZE(length, strlen("'moved'"));
    mv_buffer_release(&second);
    CHECK_PTR(a.released_internal, &a);
    CHECK_OK(mv_object_holders(object, NULL, 0, &length, &error));
    CHECK_SIZE(length, 0);
    mv_object_unref(object);
    CHECK_ADVERSARY(&a, 1, 1, 1);
}

/* ucx-py #120: the arrays of a description lie on a stack that is gone. */
static mv_object *describe_on_the_stack(unsigned char *bytes)
{
    ptrdiff_t shape[] = {2, 3}, strides[] = {-4, 1};
    char format[] = "B";
    mv_buffer description = {bytes + 4, NULL, 0, 1, 0, 2, format, shape, strides, NULL, NULL};
    mv_object *made = NULL;
    CHECK_OK(mv_memory_describe(&description, bytes, 7, NULL, NULL, &made, &error));
    memset((void *)&description, 0x77, sizeof description);
    memset(shape, 0x77, sizeof shape);
    memset(strides, 0x77, sizeof strides);
    memset(format, 0x77, sizeof format);
    return made;
}

TEST(ucx_py_120_description_on_the_stack)
{
    unsigned char bytes[7] = {1, 2, 3, 0, 4, 5, 6};
    object = describe_on_the_stack(bytes);
    view = view_of(object);
    CHECK_STR(mv_view_buffer(view)->format, "B");
    CHECK_ITEMS(view, "\4\5\6\1\2\3", 6);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(ucx_py_120_view_of_a_description_on_the_stack)
{
    unsigned char bytes[6] = {1, 2, 3, 4, 5, 6};
    ptrdiff_t shape[] = {3, 2}, strides[] = {1, 3};
    mv_buffer description = {bytes, NULL, 6, 1, 0, 2, NULL, shape, strides, NULL, NULL};
    CHECK_OK(mv_view_from_buffer(&description, &view, &error));
    memset((void *)&description, 0x77, sizeof description);
    memset(shape, 0x77, sizeof shape);
    memset(strides, 0x77, sizeof strides);
    CHECK_ITEMS(view, "\1\4\2\5\3\6", 6);
    mv_view_unref(view);
}

/* velox #15005: what a callback needs lives until free; the table itself is copied. */
TEST(velox_15005_callback_table_on_the_stack)
{
    mv_exporter callbacks = adversary_callbacks;
    adversary_init(&a);
    CHECK_OK(mv_custom_new(&callbacks, &a, &object, &error));
    memset((void *)&callbacks, 0x77, sizeof callbacks);
    CHECK_ACQUIRE(object, MV_FULL, MV_OK);
    CHECK_INT_OF(a.frees, 0);
    mv_object_unref(object);
    CHECK_ADVERSARY(&a, 1, 1, 1);
}

/* gh-148493: FromBuffer neither takes nor drops the owner's reference. */
TEST(cpython_148493_view_from_a_buffer_leaves_its_owner_alone)
{
    mv_buffer buffer;
    object = adversary_object(&a);
    CHECK_OK(mv_buffer_acquire(object, MV_FULL, &buffer, &error));
    CHECK_OK(mv_view_from_buffer(&buffer, &view, &error));
    CHECK(mv_view_exporter(view) == NULL);
    mv_view_unref(view);
    CHECK_ADVERSARY(&a, 1, 0, 0);
    CHECK_INT_OF(a.references, 2);
    mv_buffer_release(&buffer);
    CHECK_INT_OF(a.references, 1);
}

/* gh-60198, gh-151046: a callback keeps the view of a buffer that its owner takes back. */
TEST(fault_047_view_kept_by_a_callback_is_revoked_as_in_cpython_60198)
{
    unsigned char temporary[4] = {1, 2, 3, 4};
    int64_t value = 0;
    mv_view *kept = NULL, *part = NULL;
    CHECK_OK(mv_memory_new(temporary, 4, 0, NULL, NULL, &object, &error));
    view = view_of(object);
    kept = mv_view_ref(view); /* what the callback does with the view it was lent */
    CHECK_OK(mv_view_slice(view, "1:", &part, &error));
    CHECK_ITEMS(part, "\2\3\4", 3);
    mv_view_unref(view);
    CHECK_OK(mv_object_revoke(object, &error));
    CHECK_STATUS(mv_view_get_i64(kept, (const ptrdiff_t[]){0}, 1, &value, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_set_i64(part, (const ptrdiff_t[]){0}, 1, 9, &error), MV_E_RELEASED);
    CHECK(mv_view_buffer(kept) == NULL && mv_view_buffer(part) == NULL);
    CHECK_BYTES(temporary, "\1\2\3\4", 4);
    mv_view_unref(part);
    mv_view_unref(kept);
    mv_object_unref(object);
}

/* gh-157242: a resize that fails leaves what was there. */
TEST(cpython_157242_failed_resize_keeps_the_contents)
{
    const size_t length = unavailable_length();
    object = counting_bytearray(4);
    CHECK_STATUS(mv_bytearray_resize(object, length, &error), MV_E_NO_MEMORY);
    CHECK_STATUS(mv_bytearray_reserve(object, length, &error), MV_E_NO_MEMORY);
    view = view_of(object);
    CHECK_ITEMS(view, "\0\1\2\3", 4);
    mv_view_unref(view);
    CHECK_OK(mv_bytearray_resize(object, 5, &error));
    mv_object_unref(object);
    CHECK_OK(mv_array_new("B", MV_DIMS(2), 'C', &object, &error));
    view = view_of(object);
    CHECK_OK(mv_view_write(view, NULL, 'C', "\7\x8", 2, &error));
    mv_view_unref(view);
    CHECK_STATUS(mv_array_resize(object, MV_DIMS((ptrdiff_t)length), &error), MV_E_NO_MEMORY);
    view = view_of(object);
    CHECK_ITEMS(view, "\7\x8", 2);
    mv_view_unref(view);
    mv_object_unref(object);
}

/* Views of a view: as gh-77894 and gh-122306, the last to go is what ends the acquisition. */
TEST(cpython_122306_view_dropped_while_its_buffers_live)
{
    mv_buffer buffer;
    object = adversary_custom(&a);
    view = view_of(object);
    CHECK_OK(mv_buffer_acquire(mv_view_as_object(view), MV_FULL, &buffer, &error));
    CHECK_SIZE(mv_object_exports(mv_view_as_object(view)), 1);
    CHECK_STATUS(mv_view_release(view, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 1);
    mv_view_unref(view);
    CHECK_ADVERSARY(&a, 1, 0, 0);
    CHECK_BYTES(buffer.buf, "\0\1\2\3", 4);
    mv_buffer_release(&buffer);
    CHECK_ADVERSARY(&a, 1, 1, 0);
    mv_object_unref(object);
    CHECK_ADVERSARY(&a, 1, 1, 1);
}

/* Growing up to what was reserved moves nothing, however short the array is meanwhile. */
TEST(reserved_room_is_kept)
{
    enum { ROOM = 1 << 16, BLOCKS = 2048 };
    static void *blocks[BLOCKS];
    mv_buffer buffer;
    object = counting_bytearray(4);
    CHECK_OK(mv_bytearray_reserve(object, ROOM, &error));
    CHECK_OK(mv_bytearray_splice(object, 4, 0, "x", 1, &error));
    CHECK_OK(mv_buffer_acquire(object, MV_SIMPLE, &buffer, &error));
    const void *const before = buffer.buf;
    mv_buffer_release(&buffer);
    for (int i = 0; i < BLOCKS; i++) blocks[i] = malloc(64); /* whoever shrank has lost the room behind him */
    CHECK_OK(mv_bytearray_resize(object, ROOM, &error));
    CHECK_OK(mv_buffer_acquire(object, MV_SIMPLE, &buffer, &error));
    CHECK_PTR(buffer.buf, before);
    CHECK_BYTES(buffer.buf, "\0\1\2\3x\0", 6);
    mv_buffer_release(&buffer);
    for (int i = 0; i < BLOCKS; i++) free(blocks[i]);
    mv_object_unref(object);
}
