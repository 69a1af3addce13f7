/* Leases: memory that nobody else holds, or that nobody writes. */
#include "fixtures.h"

TEST(exclusive_lease_keeps_everybody_out)
{
    mv_object *array = bytearray_of("abc", 3);
    mv_buffer lease, b;
    mv_view *view;
    CHECK_OK(mv_buffer_acquire(array, MV_FULL | MV_EXCLUSIVE, &lease, &error));
    CHECK_INT(lease.readonly, 0);
    CHECK_SIZE(mv_object_exports(array), 1);
    CHECK_NO_BUFFER(b, mv_buffer_acquire(array, MV_SIMPLE, &b, &error), MV_E_BUSY);
    CHECK_NO_BUFFER(b, mv_buffer_acquire(array, MV_EXCLUSIVE, &b, &error), MV_E_BUSY);
    CHECK_NO_BUFFER(b, mv_buffer_acquire(array, MV_IMMUTABLE, &b, &error), MV_E_BUSY);
    CHECK_NOTHING(view, mv_view_new(array, MV_FULL_RO, &view, &error), MV_E_BUSY);
    CHECK_SIZE(mv_object_exports(array), 1);
    mv_buffer_release(&lease);
    CHECK_OK(mv_buffer_acquire(array, MV_SIMPLE, &b, &error));
    mv_buffer_release(&b);
    mv_object_unref(array);
}

TEST(exclusive_lease_needs_free_memory)
{
    mv_object *array = bytearray_of("abc", 3);
    mv_buffer b, lease;
    mv_view *view = view_of(array);
    CHECK_OK(mv_buffer_acquire(array, MV_SIMPLE, &b, &error));
    CHECK_NO_BUFFER(lease, mv_buffer_acquire(array, MV_EXCLUSIVE, &lease, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 2);
    mv_buffer_release(&b);
    CHECK_NO_BUFFER(lease, mv_buffer_acquire(array, MV_EXCLUSIVE, &lease, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 1);
    DROP(view);
    CHECK_OK(mv_buffer_acquire(array, MV_EXCLUSIVE, &lease, &error));
    mv_buffer_release(&lease);
    mv_object_unref(array);
}

TEST(immutable_lease_keeps_writers_out)
{
    mv_object *array = bytearray_of("abc", 3);
    mv_buffer lease, other, b;
    CHECK_OK(mv_buffer_acquire(array, MV_FULL_RO | MV_IMMUTABLE, &lease, &error));
    CHECK_INT(lease.readonly, 1);
    CHECK_NO_BUFFER(b, mv_buffer_acquire(array, MV_WRITABLE, &b, &error), MV_E_BUSY);
    CHECK_NO_BUFFER(b, mv_buffer_acquire(array, MV_EXCLUSIVE, &b, &error), MV_E_EXPORTED);
    CHECK_STATUS(mv_bytearray_splice(array, 0, 1, "x", 1, &error), MV_E_BUSY);
    CHECK_OK(mv_buffer_acquire(array, MV_SIMPLE | MV_IMMUTABLE, &other, &error)); /* readers share it */
    CHECK_INT(other.readonly, 1);
    mv_buffer_release(&other);
    CHECK_OK(mv_buffer_acquire(array, MV_FULL_RO, &b, &error));
    CHECK_INT(b.readonly, 1);
    mv_view *view = view_of(array);
    CHECK_INT(mv_view_buffer(view)->readonly, 1);
    CHECK_STATUS(mv_view_set_i64(view, MV_DIMS(0), 'x', &error), MV_E_READONLY);
    CHECK_BYTES(lease.buf, "abc", 3);
    DROP(view);
    mv_buffer_release(&b);
    mv_buffer_release(&lease);
    CHECK_OK(mv_buffer_acquire(array, MV_WRITABLE, &b, &error));
    mv_buffer_release(&b);
    CHECK_OK(mv_bytearray_splice(array, 0, 1, "x", 1, &error));
    mv_object_unref(array);
}

TEST(immutable_lease_needs_memory_without_writers)
{
    mv_object *array = bytearray_of("abc", 3), *bytes = bytes_of("abc", 3);
    mv_buffer b, lease;
    CHECK_OK(mv_buffer_acquire(array, MV_WRITABLE, &b, &error));
    CHECK_NO_BUFFER(lease, mv_buffer_acquire(array, MV_IMMUTABLE, &lease, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 1);
    mv_buffer_release(&b);
    /* Without MV_WRITABLE too the answer was writable. */
    CHECK_OK(mv_buffer_acquire(array, MV_SIMPLE, &b, &error));
    CHECK_INT(b.readonly, 0);
    CHECK_NO_BUFFER(lease, mv_buffer_acquire(array, MV_IMMUTABLE, &lease, &error), MV_E_EXPORTED);
    mv_buffer_release(&b);
    CHECK_OK(mv_buffer_acquire(array, MV_IMMUTABLE, &lease, &error));
    mv_buffer_release(&lease);
    CHECK_OK(mv_buffer_acquire(bytes, MV_SIMPLE, &b, &error)); /* nobody writes bytes anyway */
    CHECK_OK(mv_buffer_acquire(bytes, MV_IMMUTABLE, &lease, &error));
    mv_buffer_release(&lease);
    mv_buffer_release(&b);
    mv_object_unref(array);
    mv_object_unref(bytes);
}

TEST(lease_of_a_view_is_shared_by_its_slices)
{
    mv_object *array = bytearray_of("abcdef", 6);
    mv_view *view, *made;
    mv_buffer b;
    CHECK_OK(mv_view_new(array, MV_FULL | MV_EXCLUSIVE, &view, &error));
    mv_view *slice = sliced(view, "::2");
    CHECK_ITEMS(slice, 'a', 'c', 'e');
    CHECK_OK(mv_view_set_i64(slice, MV_DIMS(0), 'x', &error));
    CHECK_NOTHING(made, mv_view_reexport(slice, &made, &error), MV_E_BUSY);
    CHECK_NO_BUFFER(b, mv_buffer_acquire(array, MV_SIMPLE, &b, &error), MV_E_BUSY);
    DROP(view);
    CHECK_NO_BUFFER(b, mv_buffer_acquire(array, MV_SIMPLE, &b, &error), MV_E_BUSY);
    DROP(slice);
    CHECK_OK(mv_buffer_acquire(array, MV_SIMPLE, &b, &error));
    CHECK_BYTES(b.buf, "xbcdef", 6);
    mv_buffer_release(&b);
    mv_object_unref(array);
}

TEST(leases_of_each_built_in)
{
    unsigned char data[3] = {0};
    mv_object *objects[3];
    objects[0] = bytearray_of("abc", 3);
    CHECK_OK(mv_array_new("B", MV_DIMS(3), 'C', &objects[1], &error));
    CHECK_OK(mv_memory_new(data, 3, 0, NULL, NULL, &objects[2], &error));
    for (int i = 0; i < 3; i++) {
        mv_buffer lease, b;
        CHECK_OK(mv_buffer_acquire(objects[i], MV_FULL | MV_EXCLUSIVE, &lease, &error));
        CHECK_NO_BUFFER(b, mv_buffer_acquire(objects[i], MV_SIMPLE, &b, &error), MV_E_BUSY);
        mv_buffer_release(&lease);
        CHECK_OK(mv_buffer_acquire(objects[i], MV_FULL_RO | MV_IMMUTABLE, &lease, &error));
        CHECK_NO_BUFFER(b, mv_buffer_acquire(objects[i], MV_FULL, &b, &error), MV_E_BUSY);
        mv_buffer_release(&lease);
        mv_object_unref(objects[i]);
    }
}

TEST(leases_that_contradict)
{
    mv_object *array = bytearray_of("abc", 3);
    mv_buffer b;
    CHECK_NO_BUFFER(b, mv_buffer_acquire(array, MV_EXCLUSIVE | MV_IMMUTABLE, &b, &error), MV_E_FLAGS);
    CHECK_INT(error.value, MV_EXCLUSIVE | MV_IMMUTABLE);
    CHECK_NO_BUFFER(b, mv_buffer_acquire(array, MV_FULL | MV_IMMUTABLE, &b, &error), MV_E_FLAGS);
    CHECK_SIZE(mv_object_exports(array), 0);
    mv_object_unref(array);
}

TEST(busy_object_names_its_labelled_holder)
{
    mv_object *array = bytearray_of("abc", 3);
    mv_request request = MV_REQUEST_INIT;
    mv_buffer lease, b;
    request.flags = MV_FULL;
    request.label = "the encoder";
    CHECK_OK(mv_buffer_acquire_for(array, &request, &lease, &error));
    CHECK_NO_BUFFER(b, mv_buffer_acquire(array, MV_EXCLUSIVE, &b, &error), MV_E_EXPORTED);
    CHECK(strstr(error.message, "the encoder") != NULL);
    mv_buffer_release(&lease);
    mv_object_unref(array);
}
