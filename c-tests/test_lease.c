/* Section 11 from both sides: exclusive and immutable leases. Labels, holders and revocation:
   test_diagnostics.c. */
#include "adversary.h"

static mv_object *object;
static mv_view *view;
static mv_buffer lease;
static unsigned char bytes[8] = {0, 1, 2, 3, 4, 5, 6, 7};

/* The kinds of writable objects that grant leases. */
static mv_object *leasable(int number, adversary *a)
{
    mv_object *made = NULL;
    switch (number) {
    case 0: return counting_bytearray(8);
    case 1: CHECK_OK(mv_array_new("B", MV_DIMS(8), 'C', &made, &error)); return made;
    case 2: CHECK_OK(mv_memory_new(bytes, 8, 0, NULL, NULL, &made, &error)); return made;
    default: return adversary_custom(a);
    }
}

enum { LEASABLE = 4 };

static void take(int flags)
{
    CHECK_OK(mv_buffer_acquire(object, flags, &lease, &error));
}

/* Nobody holds it: every kind of request is answered, writable memory too. */
static void check_free(void)
{
    CHECK_SIZE(mv_object_exports(object), 0);
    CHECK_ACQUIRE(object, MV_FULL, MV_OK);
    CHECK_ACQUIRE(object, MV_FULL | MV_EXCLUSIVE, MV_OK);
    CHECK_ACQUIRE(object, MV_FULL_RO | MV_IMMUTABLE, MV_OK);
}

TEST(exclusive_keeps_everybody_out)
{
    for (int kind = 0; kind < LEASABLE; kind++) {
        adversary a;
        object = leasable(kind, &a);
        for (int writable = 0; writable <= 1; writable++) {
            take(MV_FULL_RO | writable | MV_EXCLUSIVE);
            CHECK_SIZE(mv_object_exports(object), 1);
            CHECK_ACQUIRE(object, MV_SIMPLE, MV_E_BUSY);
            CHECK_ACQUIRE(object, MV_FULL, MV_E_BUSY);
            CHECK_ACQUIRE(object, MV_EXCLUSIVE, MV_E_BUSY);
            CHECK_ACQUIRE(object, MV_IMMUTABLE, MV_E_BUSY);
            CHECK_REFUSED(mv_view_new(object, MV_FULL_RO, &view, &error), view, MV_E_BUSY);
            CHECK_REFUSED(mv_view_contiguous(object, MV_READ, 'C', &view, &error), view, MV_E_BUSY);
            CHECK_STATUS(mv_object_copy(object, object, &error), MV_E_BUSY);
            CHECK_SIZE(mv_object_exports(object), 1);
            mv_buffer_release(&lease);
            check_free();
        }
        mv_object_unref(object);
        if (kind == 3) CHECK_INT_OF(a.grants, a.releases);
    }
}

TEST(exclusive_is_refused_while_others_hold)
{
    for (int kind = 0; kind < LEASABLE; kind++) {
        adversary a;
        mv_buffer first, second;
        object = leasable(kind, &a);
        CHECK_OK(mv_buffer_acquire(object, MV_FULL_RO, &first, &error));
        CHECK_ACQUIRE(object, MV_FULL_RO | MV_EXCLUSIVE, MV_E_EXPORTED);
        CHECK_INT(error.value, 1);
        CHECK_OK(mv_buffer_acquire(object, MV_SIMPLE, &second, &error));
        CHECK_REFUSED(mv_view_new(object, MV_FULL | MV_EXCLUSIVE, &view, &error), view, MV_E_EXPORTED);
        CHECK_INT(error.value, 2);
        mv_buffer_release(&first);
        view = view_of(object);
        mv_buffer_release(&second);
        CHECK_ACQUIRE(object, MV_EXCLUSIVE, MV_E_EXPORTED);
        mv_view_unref(view);
        check_free();
        mv_object_unref(object);
        if (kind == 3) CHECK_INT_OF(a.grants, a.releases);
    }
}

/* A request that is refused for another reason, once the lease was granted, does not leave it behind. */
TEST(refused_lease_leaves_no_trace)
{
    adversary a;
    mv_request request = MV_REQUEST_INIT;
    CHECK_OK(mv_array_new("B", MV_DIMS(2, 3), 'C', &object, &error));
    for (int lease_flag = MV_EXCLUSIVE; lease_flag <= MV_IMMUTABLE; lease_flag *= 2) {
        CHECK_ACQUIRE(object, MV_F_CONTIGUOUS | lease_flag, MV_E_BUFFER);
        CHECK_REFUSED(mv_view_new(object, MV_F_CONTIGUOUS | lease_flag, &view, &error), view, MV_E_BUFFER);
        request.flags = MV_FULL_RO | lease_flag;
        request.format = "d";
        CHECK_STATUS(mv_buffer_acquire_for(object, &request, &lease, &error), MV_E_BUFFER);
        request.label = "never";
        CHECK_STATUS(mv_buffer_acquire_for(object, &request, &lease, &error), MV_E_BUFFER);
        CHECK_REFUSED(mv_view_new_for(object, &request, &view, &error), view, MV_E_BUFFER);
        check_free();
    }
    CHECK_OK(mv_array_resize(object, MV_DIMS(3, 3), &error));
    mv_object_unref(object);
    object = adversary_custom(&a);
    a.status = MV_E_SYSTEM;
    CHECK_ACQUIRE(object, MV_FULL_RO | MV_EXCLUSIVE, MV_E_SYSTEM);
    CHECK_ACQUIRE(object, MV_FULL_RO | MV_IMMUTABLE, MV_E_SYSTEM);
    a.status = MV_OK;
    a.answer.itemsize = 0;
    CHECK_ACQUIRE(object, MV_FULL_RO | MV_EXCLUSIVE, MV_E_CALLBACK);
    a.answer.itemsize = 1;
    check_free();
    mv_object_unref(object);
    CHECK_INT_OF(a.grants, a.releases);
    CHECK_INT_OF(a.frees, 1);
}

/* The lease is the acquisition's: all views that share it are inside, and the last of them ends it. */
static void check_exclusive_view(void)
{
    mv_view *part = NULL, *again;
    mv_buffer buffer;
    CHECK_OK(mv_view_new(object, MV_FULL | MV_EXCLUSIVE, &view, &error));
    CHECK_OK(mv_view_slice(view, "2:6", &part, &error));
    CHECK_OK(mv_view_set_i64(part, (const ptrdiff_t[]){0}, 1, 77, &error));
    CHECK_REFUSED(mv_view_reexport(view, &again, &error), again, MV_E_BUSY);
    CHECK_REFUSED(mv_view_reexport(part, &again, &error), again, MV_E_BUSY);
    CHECK_OK(mv_buffer_acquire(mv_view_as_object(part), MV_FULL, &buffer, &error));
    CHECK_STATUS(mv_view_release(part, &error), MV_E_EXPORTED);
    mv_buffer_release(&buffer);
    mv_view_unref(view);
    CHECK_ACQUIRE(object, MV_SIMPLE, MV_E_BUSY);
    CHECK_OK(mv_view_set_i64(part, (const ptrdiff_t[]){0}, 1, 78, &error));
    CHECK_OK(mv_view_release(part, &error));
    check_free();
    mv_view_unref(part);
}

TEST(exclusive_view_and_the_views_made_of_it)
{
    for (int kind = 0; kind < LEASABLE; kind++) {
        adversary a;
        object = leasable(kind, &a);
        check_exclusive_view();
        mv_object_unref(object);
        if (kind == 3) CHECK_INT_OF(a.grants, a.releases);
    }
}

TEST(exclusive_lease_refuses_a_change_of_size)
{
    object = counting_bytearray(8);
    take(MV_EXCLUSIVE);
    CHECK_STATUS(mv_bytearray_resize(object, 9, &error), MV_E_EXPORTED);
    CHECK_STATUS(mv_bytearray_splice(object, 0, 1, NULL, 0, &error), MV_E_EXPORTED);
    mv_buffer_release(&lease);
    CHECK_OK(mv_bytearray_resize(object, 9, &error));
    mv_object_unref(object);
}

/* The object goes while the lease lives: the memory stays, and is freed with the lease. */
TEST(lease_outlives_the_object)
{
    adversary a;
    for (int lease_flag = MV_EXCLUSIVE; lease_flag <= MV_IMMUTABLE; lease_flag *= 2) {
        object = adversary_custom(&a);
        take(MV_FULL_RO | lease_flag);
        mv_object_unref(object);
        CHECK_ADVERSARY(&a, 1, 0, 0);
        CHECK_BYTES(lease.buf, "\0\1\2\3", 4);
        mv_buffer_release(&lease);
        CHECK_ADVERSARY(&a, 1, 1, 1);
    }
}

TEST(immutable_is_answered_read_only_and_keeps_writers_out)
{
    for (int kind = 0; kind < LEASABLE; kind++) {
        adversary a;
        object = leasable(kind, &a);
        take(MV_FULL_RO | MV_IMMUTABLE);
        CHECK_INT(lease.readonly, 1);
        CHECK_ACQUIRE(object, MV_WRITABLE, MV_E_BUSY);
        CHECK_ACQUIRE(object, MV_FULL, MV_E_BUSY);
        CHECK_REFUSED(mv_view_new(object, MV_FULL, &view, &error), view, MV_E_BUSY);
        CHECK_STATUS(mv_object_copy(object, object, &error), MV_E_BUSY);
        CHECK_ACQUIRE(object, MV_EXCLUSIVE, MV_E_EXPORTED);
        CHECK_INT(error.value, 1);
        CHECK_SIZE(mv_object_exports(object), 1);
        mv_buffer_release(&lease);
        check_free();
        mv_object_unref(object);
        if (kind == 3) CHECK_INT_OF(a.grants, a.releases);
    }
}

/* Who asks without MV_WRITABLE is let in, and is answered read-only: as long as he stays, even when the
   lease ends. */
TEST(immutable_lets_readers_in)
{
    for (int kind = 0; kind < LEASABLE; kind++) {
        adversary a;
        mv_buffer reader, second;
        mv_view *part = NULL;
        object = leasable(kind, &a);
        take(MV_FULL_RO | MV_IMMUTABLE);
        CHECK_OK(mv_buffer_acquire(object, MV_FULL_RO, &reader, &error));
        CHECK_INT(reader.readonly, 1);
        CHECK_OK(mv_buffer_acquire(object, MV_IMMUTABLE, &second, &error));
        CHECK_INT(second.readonly, 1);
        view = view_of(object);
        CHECK_INT(mv_view_buffer(view)->readonly, 1);
        CHECK_OK(mv_view_slice(view, "1:", &part, &error));
        CHECK_STATUS(mv_view_set_i64(part, (const ptrdiff_t[]){0}, 1, 9, &error), MV_E_READONLY);
        CHECK_ACQUIRE(mv_view_as_object(part), MV_WRITABLE, MV_E_BUFFER);
        CHECK_SIZE(mv_object_exports(object), 4);
        mv_buffer_release(&reader);
        mv_buffer_release(&lease);
        CHECK_ACQUIRE(object, MV_WRITABLE, MV_E_BUSY); /* the second lease lives */
        mv_buffer_release(&second);
        CHECK_STATUS(mv_view_set_i64(view, (const ptrdiff_t[]){0}, 1, 9, &error), MV_E_READONLY);
        mv_view_unref(view);
        mv_view_unref(part);
        check_free();
        mv_object_unref(object);
        if (kind == 3) CHECK_INT_OF(a.grants, a.releases);
    }
}

TEST(immutable_is_refused_while_somebody_may_write)
{
    for (int kind = 0; kind < LEASABLE; kind++) {
        adversary a;
        mv_buffer writer;
        mv_view *fixed = NULL, *again;
        object = leasable(kind, &a);
        CHECK_OK(mv_buffer_acquire(object, MV_FULL, &writer, &error));
        CHECK_ACQUIRE(object, MV_FULL_RO | MV_IMMUTABLE, MV_E_EXPORTED);
        CHECK_INT(error.value, 1);
        mv_buffer_release(&writer);
        CHECK_OK(mv_buffer_acquire(object, MV_FULL_RO, &writer,
                                   &error)); /* not asked for, but answered writable */
        CHECK_INT(writer.readonly, 0);
        CHECK_ACQUIRE(object, MV_IMMUTABLE, MV_E_EXPORTED);
        mv_buffer_release(&writer);
        view = view_of(object);
        CHECK_OK(mv_view_toreadonly(view, &fixed, &error));
        CHECK_REFUSED(mv_view_new(object, MV_FULL_RO | MV_IMMUTABLE, &again, &error), again, MV_E_EXPORTED);
        mv_view_unref(view);
        CHECK_ACQUIRE(object, MV_IMMUTABLE,
                      MV_E_EXPORTED); /* the acquisition behind the other view is writable */
        mv_view_unref(fixed);
        check_free();
        mv_object_unref(object);
        if (kind == 3) CHECK_INT_OF(a.grants, a.releases);
    }
}

TEST(immutable_lease_refuses_the_owners_writes)
{
    object = counting_bytearray(8);
    take(MV_SIMPLE | MV_IMMUTABLE);
    CHECK_STATUS(mv_bytearray_splice(object, 0, 2, "xy", 2, &error), MV_E_BUSY);
    CHECK_STATUS(mv_bytearray_resize(object, 9, &error), MV_E_EXPORTED);
    CHECK_BYTES(lease.buf, "\0\1\2\3\4\5\6\7", 8);
    mv_buffer_release(&lease);
    CHECK_OK(mv_bytearray_splice(object, 0, 2, "xy", 2, &error));
    check_free();
    mv_object_unref(object);
}

/* Memory that nobody can write is immutable for all: any number of leases beside any number of readers. */
TEST(immutable_on_read_only_memory)
{
    mv_buffer reader, second;
    for (int kind = 0; kind < 2; kind++) {
        if (kind == 0) CHECK_OK(mv_bytes_new(bytes, 8, &object, &error));
        if (kind == 1) CHECK_OK(mv_memory_new(bytes, 8, 1, NULL, NULL, &object, &error));
        CHECK_OK(mv_buffer_acquire(object, MV_FULL_RO, &reader, &error));
        take(MV_FULL_RO | MV_IMMUTABLE);
        CHECK_OK(mv_buffer_acquire(object, MV_IMMUTABLE, &second, &error));
        CHECK_INT(lease.readonly, 1);
        CHECK_ACQUIRE(object, MV_WRITABLE, MV_E_BUFFER);
        CHECK_SIZE(mv_object_exports(object), 3);
        mv_buffer_release(&second);
        mv_buffer_release(&reader);
        mv_buffer_release(&lease);
        CHECK_SIZE(mv_object_exports(object), 0);
        mv_object_unref(object);
    }
}

TEST(immutable_and_writable_contradict_each_other)
{
    object = counting_bytearray(8);
    CHECK_ACQUIRE(object, MV_WRITABLE | MV_IMMUTABLE, MV_E_FLAGS);
    CHECK_ACQUIRE(object, MV_FULL | MV_IMMUTABLE, MV_E_FLAGS);
    CHECK_REFUSED(mv_view_new(object, MV_FULL | MV_IMMUTABLE, &view, &error), view, MV_E_FLAGS);
    check_free();
    mv_object_unref(object);
}

/* A view grants the lease that its acquisition is, and no other. */
TEST(leases_asked_of_a_view)
{
    object = counting_bytearray(8);
    view = view_of(object);
    mv_object *exporter = mv_view_as_object(view);
    mv_view *again;
    CHECK_ACQUIRE(exporter, MV_FULL_RO | MV_EXCLUSIVE, MV_E_BUFFER);
    CHECK_ACQUIRE(exporter, MV_FULL_RO | MV_IMMUTABLE, MV_E_BUFFER);
    CHECK_REFUSED(mv_view_new(exporter, MV_FULL_RO | MV_IMMUTABLE, &again, &error), again, MV_E_BUFFER);
    CHECK_ACQUIRE(exporter, MV_FULL, MV_OK);
    CHECK_OK(mv_view_release(view, &error));
    mv_view_unref(view);
    CHECK_OK(mv_view_new(object, MV_FULL_RO | MV_IMMUTABLE, &view, &error));
    exporter = mv_view_as_object(view);
    CHECK_OK(mv_buffer_acquire(exporter, MV_FULL_RO | MV_IMMUTABLE, &lease, &error));
    CHECK_INT(lease.readonly, 1);
    CHECK_ACQUIRE(exporter, MV_FULL, MV_E_BUFFER);
    CHECK_ACQUIRE(exporter, MV_FULL_RO | MV_EXCLUSIVE, MV_E_BUFFER);
    mv_buffer_release(&lease);
    CHECK_OK(mv_view_release(view, &error));
    mv_view_unref(view);
    check_free();
    mv_object_unref(object);
}

/* A foreign type is asked for a lease only where it says that it knows them, and then it alone decides. */
TEST(leases_of_foreign_types)
{
    adversary a;
    mv_type type = adversary_type;
    object = adversary_object(&a);
    CHECK_ACQUIRE(object, MV_FULL_RO | MV_EXCLUSIVE, MV_E_BUFFER);
    CHECK_ACQUIRE(object, MV_FULL_RO | MV_IMMUTABLE, MV_E_BUFFER);
    CHECK_REFUSED(mv_view_new(object, MV_FULL | MV_EXCLUSIVE, &view, &error), view, MV_E_BUFFER);
    CHECK_INT_OF(a.calls, 0);
    type.features = ~(uint64_t)MV_TYPE_LEASES; /* everything else */
    a.object.type = &type;
    CHECK_ACQUIRE(object, MV_FULL_RO | MV_EXCLUSIVE, MV_E_BUFFER);
    CHECK_INT_OF(a.calls, 0);
    type.features = MV_TYPE_LEASES;
    CHECK_ACQUIRE(object, MV_FULL_RO | MV_EXCLUSIVE, MV_OK);
    CHECK((a.flags & MV_EXCLUSIVE) != 0);
    a.answer.readonly = 1;
    CHECK_ACQUIRE(object, MV_FULL_RO | MV_IMMUTABLE, MV_OK);
    CHECK((a.flags & MV_IMMUTABLE) != 0);
    a.status = MV_E_BUSY;
    CHECK_ACQUIRE(object, MV_FULL_RO | MV_EXCLUSIVE, MV_E_BUSY);
    CHECK_ADVERSARY(&a, 2, 2, 0);
    CHECK_INT_OF(a.references, 1);
}

/* Boxed callbacks know nothing of leases: memview keeps them, and does not trouble the exporter when it
   refuses. */
TEST(leases_of_boxed_exporters_are_memviews)
{
    adversary a;
    object = adversary_custom(&a);
    take(MV_FULL | MV_EXCLUSIVE);
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_E_BUSY);
    CHECK_INT_OF(a.calls, 1);
    mv_buffer_release(&lease);
    take(MV_FULL_RO | MV_IMMUTABLE);
    CHECK_INT(lease.readonly, 1);
    CHECK_ACQUIRE(object, MV_FULL, MV_E_BUSY);
    CHECK_INT_OF(a.calls, 2);
    mv_buffer_release(&lease);
    mv_object_unref(object);
    CHECK_ADVERSARY(&a, 2, 2, 1);
}
