/* Requests and tables that are wrong: unknown flags, both leases, sizes of structs, missing functions. */
#include "adversary.h"

static mv_object *object;
static mv_view *view;

static const int unknown_flags[] = {0x2,
                                    0x400,
                                    0x800,
                                    0x8000,
                                    0x40000,
                                    0x1000000,
                                    -0x7fffffff - 1,
                                    -1,
                                    0x100,
                                    0x200,
                                    MV_FULL_RO | 0x400,
                                    MV_FULL | 0x2};

TEST(fault_009_unknown_flags)
{
    unsigned char bytes[6] = {0};
    mv_view *source = wrapped(bytes, "B", MV_DIMS(2, 3));
    object = counting_bytearray(4);
    for (size_t i = 0; i < sizeof unknown_flags / sizeof *unknown_flags; i++) {
        CHECK_ACQUIRE(object, unknown_flags[i], MV_E_FLAGS);
        CHECK_ACQUIRE(mv_view_as_object(source), unknown_flags[i], MV_E_FLAGS);
        CHECK_REFUSED(mv_view_new(object, unknown_flags[i], &view, &error), view, MV_E_FLAGS);
        CHECK_REFUSED(mv_view_new(mv_view_as_object(source), unknown_flags[i], &view, &error), view,
                      MV_E_FLAGS);
        CHECK_INT(error.value, unknown_flags[i]);
    }
    CHECK_SIZE(mv_object_exports(object), 0);
    mv_object_unref(object);
    mv_view_unref(source);
}

TEST(fault_009_unknown_flags_do_not_reach_an_exporter)
{
    adversary a;
    mv_request request = MV_REQUEST_INIT;
    mv_buffer buffer;
    object = adversary_object(&a);
    for (size_t i = 0; i < sizeof unknown_flags / sizeof *unknown_flags; i++) {
        CHECK_ACQUIRE(object, unknown_flags[i], MV_E_FLAGS);
        request.flags = unknown_flags[i];
        memset(&buffer, 0x5a, sizeof buffer);
        CHECK_STATUS(mv_buffer_acquire_for(object, &request, &buffer, &error), MV_E_FLAGS);
        check_empty_buffer(&buffer, __FILE__, __LINE__);
    }
    CHECK_INT_OF(a.calls, 0);
    CHECK_ADVERSARY(&a, 0, 0, 0);
    CHECK_INT_OF(a.references, 1);
}

/* gh-126980: 256 and 512 are the modes of GetContiguous and no request flags. */
TEST(cpython_126980_modes_as_flags)
{
    const ptrdiff_t length = 3;
    mv_buffer buffer;
    object = counting_bytearray(3);
    CHECK_ACQUIRE(object, MV_READ, MV_E_FLAGS);
    CHECK_ACQUIRE(object, MV_WRITE, MV_E_FLAGS);
    memset(&buffer, 0x5a, sizeof buffer);
    CHECK_STATUS(mv_buffer_fill_info(&buffer, NULL, &error, &length, 0, MV_READ, &error), MV_E_FLAGS);
    check_empty_buffer(&buffer, __FILE__, __LINE__);
    CHECK_STATUS(mv_buffer_fill_info(&buffer, NULL, &error, &length, 0, MV_WRITE, &error), MV_E_FLAGS);
    CHECK_REFUSED(mv_view_contiguous(object, MV_FULL_RO, 'C', &view, &error), view, MV_E_VALUE);
    CHECK_REFUSED(mv_view_contiguous(object, 0, 'C', &view, &error), view, MV_E_VALUE);
    CHECK_REFUSED(mv_view_contiguous(object, MV_READ | MV_WRITE, 'C', &view, &error), view, MV_E_VALUE);
    mv_object_unref(object);
}

TEST(fault_010_flags_that_are_allowed_together)
{
    const int orders = MV_C_CONTIGUOUS | MV_F_CONTIGUOUS | MV_ANY_CONTIGUOUS | MV_INDIRECT;
    object = counting_bytearray(4);
    CHECK_ACQUIRE(object, orders | MV_FORMAT | MV_WRITABLE, MV_OK);
    CHECK_ACQUIRE(object, MV_WRITABLE, MV_OK);
    CHECK_ACQUIRE(object, MV_FORMAT, MV_OK);
    mv_object_unref(object);
    CHECK_OK(mv_array_new("B", MV_DIMS(2, 3), 'C', &object, &error));
    CHECK_ACQUIRE(object, orders, MV_E_BUFFER);
    CHECK_ACQUIRE(object, MV_C_CONTIGUOUS | MV_ANY_CONTIGUOUS, MV_OK);
    mv_object_unref(object);
}

TEST(fault_010_both_leases)
{
    adversary a;
    object = counting_bytearray(4);
    CHECK_ACQUIRE(object, MV_EXCLUSIVE | MV_IMMUTABLE, MV_E_FLAGS);
    CHECK_ACQUIRE(object, MV_FULL_RO | MV_EXCLUSIVE | MV_IMMUTABLE, MV_E_FLAGS);
    CHECK_REFUSED(mv_view_new(object, MV_EXCLUSIVE | MV_IMMUTABLE, &view, &error), view, MV_E_FLAGS);
    CHECK_ACQUIRE(object, MV_FULL | MV_EXCLUSIVE, MV_OK);
    mv_object_unref(object);
    CHECK_ACQUIRE(adversary_object(&a), MV_EXCLUSIVE | MV_IMMUTABLE, MV_E_FLAGS);
    CHECK_INT_OF(a.calls, 0);
}

/* A newer caller's structs: what this library does not know follows what it knows. */
static struct newer_request {
    mv_request known;
    unsigned char unknown[64];
} newer_request = {MV_REQUEST_INIT, {0xff, 0xff, 0xff}};
static struct newer_exporter {
    mv_exporter known;
    void (*unknown[4])(void);
} newer_exporter;

TEST(fault_011_size_of_a_request)
{
    mv_buffer buffer;
    object = counting_bytearray(4);
    for (size_t size = 0; size < sizeof(mv_request); size++) {
        newer_request.known.size = size;
        memset(&buffer, 0x5a, sizeof buffer);
        CHECK_STATUS(mv_buffer_acquire_for(object, &newer_request.known, &buffer, &error), MV_E_VERSION);
        CHECK_INT(error.value, (int64_t)size);
        check_empty_buffer(&buffer, __FILE__, __LINE__);
        CHECK_REFUSED(mv_view_new_for(object, &newer_request.known, &view, &error), view, MV_E_VERSION);
    }
    CHECK_SIZE(mv_object_exports(object), 0);
    newer_request.known.size = sizeof newer_request;
    CHECK_OK(mv_buffer_acquire_for(object, &newer_request.known, &buffer, &error));
    CHECK_INT(buffer.len, 4);
    mv_buffer_release(&buffer);
    newer_request.known.size = SIZE_MAX;
    CHECK_OK(mv_view_new_for(object, &newer_request.known, &view, &error));
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(fault_011_size_of_an_exporter)
{
    adversary a;
    adversary_init(&a);
    newer_exporter.known = adversary_callbacks;
    for (size_t size = 0; size < sizeof(mv_exporter); size++) {
        newer_exporter.known.size = size;
        CHECK_REFUSED(mv_custom_new(&newer_exporter.known, &a, &object, &error), object, MV_E_VERSION);
    }
    CHECK_INT_OF(a.frees, 0);
    newer_exporter.known.size = sizeof newer_exporter;
    CHECK_OK(mv_custom_new(&newer_exporter.known, &a, &object, &error));
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_OK);
    mv_object_unref(object);
    CHECK_ADVERSARY(&a, 1, 1, 1);
}

TEST(fault_011_size_and_abi_of_a_type)
{
    adversary a;
    mv_type type = adversary_type;
    object = adversary_object(&a);
    a.object.type = &type;
    type.size = 8;
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_E_VERSION);
    CHECK_REFUSED(mv_view_new(object, MV_FULL_RO, &view, &error), view, MV_E_VERSION);
    type.size = 0;
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_E_VERSION);
    type.size = (uint32_t)sizeof type;
    type.abi = 0;
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_E_VERSION);
    type.abi = MV_ABI + 1;
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_E_VERSION);
    CHECK_INT_OF(a.calls, 0);
    type.abi = MV_ABI;
    type.size = UINT32_MAX;
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_OK);
    CHECK_ADVERSARY(&a, 1, 1, 0);
    CHECK_INT_OF(a.references, 1);
}

TEST(fault_012_an_exporter_without_acquire)
{
    mv_exporter callbacks = adversary_callbacks;
    adversary a;
    adversary_init(&a);
    callbacks.acquire = NULL;
    CHECK_REFUSED(mv_custom_new(&callbacks, &a, &object, &error), object, MV_E_NULL);
    CHECK_INT_OF(a.frees, 0);
}

TEST(fault_012_an_exporter_with_acquire_alone)
{
    mv_exporter callbacks = {sizeof(mv_exporter), NULL, adversary_custom_acquire, NULL, NULL};
    adversary a;
    adversary_init(&a);
    CHECK_OK(mv_custom_new(&callbacks, &a, &object, &error));
    CHECK_STR(mv_object_type_name(object), "custom");
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_OK);
    CHECK_SIZE(mv_object_exports(object), 0);
    mv_object_unref(object);
    CHECK_ADVERSARY(&a, 1, 0, 0);
}

TEST(fault_012_a_type_without_acquire)
{
    adversary a;
    mv_type type = adversary_type;
    type.acquire = NULL;
    object = adversary_object(&a);
    a.object.type = &type;
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_E_NULL);
    CHECK_REFUSED(mv_view_new(object, MV_FULL_RO, &view, &error), view, MV_E_NULL);
    CHECK_ADVERSARY(&a, 0, 0, 0);
    CHECK_INT_OF(a.references, 1);
}

TEST(fault_012_a_type_with_acquire_alone)
{
    adversary a;
    const mv_type type = {sizeof type, MV_ABI, "bare", NULL, NULL, adversary_type_acquire, NULL, NULL, 0};
    object = adversary_object(&a);
    a.object.type = &type;
    CHECK_PTR(mv_object_ref(object), object);
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_OK);
    view = view_of(object);
    CHECK_SIZE(mv_object_exports(object), 0);
    CHECK_PTR(mv_view_exporter(view), object);
    mv_view_unref(view);
    mv_object_unref(object);
    mv_object_unref(object);
    CHECK_ADVERSARY(&a, 2, 0, 0);
}

/* numpy #11119: a format that nobody knows is refused wherever it is given, and the offset says which
   part. */
TEST(numpy_11119_unknown_formats_are_named)
{
    static const char *const unknown[] = {"y", "", "@", "iy", "0s", "<", "1", "\xff", "T{i"};
    unsigned char bytes[8] = {0};
    mv_view *made;
    view = wrapped(bytes, "B", MV_DIMS(8));
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        CHECK_REFUSED(mv_array_new(unknown[i], MV_DIMS(2), 'C', &object, &error), object, MV_E_FORMAT);
        CHECK_REFUSED(mv_view_cast(view, unknown[i], MV_NO_SHAPE, 'C', &made, &error), made, MV_E_FORMAT);
        CHECK(error.position >= 0 && error.position <= (int64_t)strlen(unknown[i]));
    }
    mv_view_unref(view);
}
