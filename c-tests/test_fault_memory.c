/*
 * Faults 53 to 58: memory runs out. This program links the library with its requests for memory counted, and refused
 * where a case says so. tools/verify/memory_sweep.sh does the same to every call of every other program.
 */
#include "adversary.h"
#include "memory/memory.h"

/* What the calls are made on, and what they make. */
static struct {
    mv_object *bytearray, *array; /* exported */
    mv_object *lone_array;        /* not exported */
    mv_view *view, *part, *back;  /* all of the bytearray; the same part of it twice */
    mv_view *square;              /* of the array */
    unsigned char plain[6];
    mv_buffer description;
    mv_request request;
} ground;
static mv_object *object;
static mv_view *view;
static mv_buffer buffer;

static void lay(void)
{
    static const ptrdiff_t six[] = {6};
    const mv_buffer description = {ground.plain, NULL, 6, 1, 0, 1, "B", six, NULL, NULL, NULL};
    const mv_request request = {sizeof request, MV_FULL_RO, -1, NULL, "tester"};
    ground.description = description;
    ground.request = request;
    ground.bytearray = counting_bytearray(8);
    ground.view = view_of(ground.bytearray);
    CHECK_OK(mv_view_slice(ground.view, ":6", &ground.part, &error));
    CHECK_OK(mv_view_slice(ground.view, "5::-1", &ground.back, &error));
    CHECK_OK(mv_array_new("B", MV_DIMS(2, 3), 'C', &ground.array, &error));
    CHECK_OK(mv_array_new("B", MV_DIMS(2, 3), 'C', &ground.lone_array, &error));
    ground.square = view_of(ground.array);
}

static void drop(void)
{
    mv_object_unref(object);
    mv_view_unref(view);
    mv_buffer_release(&buffer);
    object = NULL;
    view = NULL;
}

static void lay_down(void)
{
    mv_view *const views[] = {ground.part, ground.back, ground.view, ground.square};
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) mv_view_unref(views[i]);
    mv_object_unref(ground.bytearray);
    mv_object_unref(ground.array);
    mv_object_unref(ground.lone_array);
    CHECK_INT(memory_blocks(), 0);
}

/* One call of each kind that needs memory; past the last, `*name` is NULL. */
static mv_status perform(int number, const char **name)
{
    static const mv_exporter exporter = {sizeof exporter, NULL, adversary_custom_acquire, NULL, NULL};
    const mv_index item = MV_SLICE(1, 2);
    unsigned char *const inside = mv_view_buffer(ground.view)->buf;
#define CALL(call) \
    if (number-- == 0) return *name = #call, (call)
    CALL(mv_bytes_new("abc", 3, &object, &error));
    CALL(mv_bytearray_new("abc", 3, &object, &error));
    CALL(mv_array_new("i", MV_DIMS(2, 3), 'F', &object, &error));
    CALL(mv_array_resize(ground.lone_array, MV_DIMS(3, 3), &error));
    CALL(mv_memory_new(ground.plain, 6, 0, NULL, NULL, &object, &error));
    CALL(mv_memory_describe(&ground.description, ground.plain, 6, NULL, NULL, &object, &error));
    CALL(mv_custom_new(&exporter, NULL, &object, &error));
    CALL(mv_buffer_acquire_for(ground.bytearray, &ground.request, &buffer, &error));
    CALL(mv_buffer_from_contiguous(mv_view_buffer(ground.back), inside + 1, 6, 'C', &error));
    CALL(mv_buffer_to_contiguous(mv_view_buffer(ground.back), inside + 1, 6, 'C', &error));
    CALL(mv_object_copy(mv_view_as_object(ground.part), mv_view_as_object(ground.back), &error));
    CALL(mv_view_new(ground.bytearray, MV_FULL_RO, &view, &error));
    CALL(mv_view_new_for(ground.bytearray, &ground.request, &view, &error));
    CALL(mv_view_wrap(ground.plain, "B", MV_DIMS(6), 0, &view, &error));
    CALL(mv_view_from_buffer(&ground.description, &view, &error));
    CALL(mv_view_contiguous(mv_view_as_object(ground.square), MV_READ, 'F', &view, &error));
    CALL(mv_view_contiguous(ground.array, MV_WRITE_BACK, 'F', &view, &error));
    CALL(mv_view_reexport(ground.part, &view, &error));
    CALL(mv_view_toreadonly(ground.part, &view, &error));
    CALL(mv_view_index(ground.part, &item, 1, &view, &error));
    CALL(mv_view_slice(ground.part, "::-2", &view, &error));
    CALL(mv_view_transpose(ground.square, NULL, 0, &view, &error));
    CALL(mv_view_reshape(ground.square, MV_DIMS(3, 2), 'C', &view, &error));
    CALL(mv_view_broadcast(ground.square, MV_DIMS(4, 2, 3), &view, &error));
    CALL(mv_view_split(ground.square, 0, 2, &view, &error));
    CALL(mv_view_cast(ground.part, "H", MV_NO_SHAPE, 'C', &view, &error));
    CALL(mv_view_copy(ground.part, ground.back, &error));
    CALL(mv_view_read(ground.back, NULL, 'C', inside + 1, 6, &error));
    CALL(mv_view_write(ground.back, NULL, 'C', inside + 1, 6, &error));
#undef CALL
    return *name = NULL, MV_OK;
}

static void check_refusal(const char *name, long request, mv_status status, const struct memory_watch *watch)
{
    static const mv_buffer zero;
    static const unsigned char numbers[] = {0, 1, 2, 3, 4, 5, 6, 7};
    if (status != MV_E_NO_MEMORY)
        FAIL("%s, request %ld refused: %s", name, request, mv_status_name((int)status));
    if (watch->blocks != 0) FAIL("%s, request %ld refused: %ld blocks more", name, request, watch->blocks);
    CHECK_INT(error.status, MV_E_NO_MEMORY);
    CHECK(strstr(error.message, "out of memory") != NULL);
    CHECK(object == NULL && view == NULL);
    CHECK_BYTES(&buffer, &zero, sizeof zero);
    CHECK_ITEMS(ground.view, numbers, 8);
    CHECK_SIZE(mv_object_exports(ground.bytearray), 1);
    CHECK_SIZE(mv_object_exports(ground.array), 1);
    CHECK_SIZE(mv_object_exports(ground.lone_array), 0);
}

/* Refuses each request of each call in turn, until there is none left to refuse. */
static void exhaust(int lasting)
{
    for (int number = 0;; number++) {
        const char *name;
        long request = 0;
        struct memory_watch watch;
        lay();
        do {
            watch.fail = ++request;
            watch.lasting = lasting;
            memory_watch(&watch);
            const mv_status status = perform(number, &name);
            memory_leave(&watch);
            if (watch.refused != 0)
                check_refusal(name, request, status, &watch);
            else if (status != MV_OK)
                FAIL("%s afterwards: %s", name, mv_status_name((int)status));
        } while (watch.refused != 0);
        if (name != NULL && request == 1) FAIL("%s requests no memory", name);
        drop();
        lay_down();
        if (name == NULL) return;
    }
}

TEST(fault_053_each_request_fails_alone)
{
    exhaust(0);
}

TEST(fault_054_each_request_fails_with_all_after_it)
{
    exhaust(1);
}

/* A call with all of its requests from this one on refused. */
#define STARVED(request, call, expected)                             \
    do {                                                             \
        struct memory_watch starved = {(request), 1, 0, 0, 0, NULL}; \
        memory_watch(&starved);                                      \
        CHECK_STATUS(call, expected);                                \
        memory_leave(&starved);                                      \
        CHECK(starved.refused > 0);                                  \
    } while (0)

static void check_bytes(mv_object *of, const char *expected)
{
    CHECK_OK(mv_buffer_acquire(of, MV_SIMPLE, &buffer, &error));
    CHECK_INT(buffer.len, strlen(expected));
    CHECK_BYTES(buffer.buf, expected, strlen(expected));
    mv_buffer_release(&buffer);
}

/* cpython #157242: a resize that failed left the object empty. */
TEST(fault_055_failed_resize_keeps_the_data)
{
    CHECK_OK(mv_bytearray_new("abc", 3, &object, &error));
    STARVED(1, mv_bytearray_resize(object, 1000, &error), MV_E_NO_MEMORY);
    check_bytes(object, "abc");
    STARVED(1, mv_bytearray_reserve(object, 1000, &error), MV_E_NO_MEMORY);
    check_bytes(object, "abc");
    CHECK_OK(mv_buffer_acquire(object, MV_SIMPLE, &buffer, &error));
    const unsigned char *const inside = buffer.buf;
    mv_buffer_release(&buffer);
    for (long request = 1; request <= 2; request++) {
        STARVED(request, mv_bytearray_splice(object, 1, 1, inside, 3, &error), MV_E_NO_MEMORY);
        check_bytes(object, "abc");
    }
    CHECK_OK(mv_bytearray_splice(object, 1, 1, "BB", 2, &error));
    check_bytes(object, "aBBc");
    drop();
}

TEST(fault_055_failed_resize_keeps_the_shape)
{
    CHECK_OK(mv_array_new("B", MV_DIMS(2, 3), 'C', &object, &error));
    CHECK_OK(mv_buffer_acquire(object, MV_FULL, &buffer, &error));
    memcpy(buffer.buf, "abcdef", 6);
    mv_buffer_release(&buffer);
    STARVED(1, mv_array_resize(object, MV_DIMS(200, 3), &error), MV_E_NO_MEMORY);
    CHECK_OK(mv_buffer_acquire(object, MV_FULL, &buffer, &error));
    CHECK_INT(buffer.shape[0], 2);
    CHECK_BYTES(buffer.buf, "abcdef", 6);
    drop();
}

/* What needs less memory than it has succeeds where the smaller block is refused. */
TEST(fault_055_shrinking_needs_no_memory)
{
    char text[1000];
    memset(text, 'x', sizeof text);
    CHECK_OK(mv_bytearray_new(text, sizeof text, &object, &error));
    STARVED(1, mv_bytearray_resize(object, 3, &error), MV_OK);
    check_bytes(object, "xxx");
    drop();
}

/* numpy #19083: an allocator may answer NULL to a request of nothing. */
TEST(fault_057_nothing_is_not_out_of_memory)
{
    unsigned char none[1];
    CHECK_PTR(memory_malloc(0), NULL);
    CHECK_OK(mv_bytes_new(NULL, 0, &object, &error));
    drop();
    CHECK_OK(mv_memory_new(NULL, 0, 0, NULL, NULL, &object, &error));
    drop();
    CHECK_OK(mv_bytearray_new(NULL, 0, &object, &error));
    CHECK_OK(mv_bytearray_splice(object, 0, 0, "abc", 3, &error));
    CHECK_OK(mv_bytearray_splice(object, 0, 3, NULL, 0, &error));
    CHECK_OK(mv_bytearray_resize(object, 1000, &error));
    CHECK_OK(mv_bytearray_resize(object, 0, &error));
    check_bytes(object, "");
    drop();
    CHECK_OK(mv_array_new("d", MV_DIMS(1), 'C', &object, &error));
    CHECK_OK(mv_array_resize(object, MV_DIMS(0), &error));
    drop();
    CHECK_OK(mv_array_new("d", MV_DIMS(2, 0, 3), 'C', &object, &error));
    CHECK_OK(mv_view_contiguous(object, MV_READ, 'F', &view, &error));
    CHECK_OK(mv_view_read(view, NULL, 'C', none, 0, &error));
    CHECK_OK(mv_object_copy(object, object, &error));
    drop();
    CHECK_OK(mv_array_new("B", NULL, 0, 'C', &object, &error));
    CHECK_OK(mv_view_new(object, MV_FULL, &view, &error));
    drop();
    CHECK_INT(memory_blocks(), 0);
}

/* Something that ends, and requests nothing: it could not have any. */
#define ENDS(call)                                        \
    do {                                                  \
        struct memory_watch ends = {1, 1, 0, 0, 0, NULL}; \
        memory_watch(&ends);                              \
        call;                                             \
        memory_leave(&ends);                              \
        CHECK_INT(ends.requests, 0);                      \
    } while (0)

TEST(fault_058_ending_requests_nothing)
{
    const char *name = "";
    for (int number = 0; name != NULL; number++) {
        lay();
        CHECK_INT(perform(number, &name), MV_OK);
        ENDS(mv_object_unref(object)); /* before the view of it */
        ENDS(mv_buffer_release(&buffer));
        ENDS(mv_buffer_release(&buffer));
        if (view != NULL) ENDS(CHECK_OK(mv_view_release(view, &error)));
        ENDS(mv_view_unref(view));
        ENDS(mv_view_unref(ground.view));
        ENDS(mv_view_unref(ground.square));
        ENDS(mv_object_unref(ground.bytearray));
        ENDS(CHECK_OK(mv_object_revoke(ground.array, &error)));
        ENDS(mv_object_unref(ground.array));
        ENDS(mv_object_unref(ground.lone_array));
        ENDS(mv_view_unref(ground.part));
        ENDS(mv_view_unref(ground.back));
        CHECK_INT(memory_blocks(), 0);
        object = NULL;
        view = NULL;
    }
}

TEST(fault_058_ending_what_callbacks_granted_requests_nothing)
{
    adversary a;
    object = adversary_custom(&a);
    CHECK_OK(mv_buffer_acquire(object, MV_FULL, &buffer, &error));
    view = view_of(object);
    ENDS(mv_object_unref(object));
    ENDS(mv_buffer_release(&buffer));
    ENDS(mv_view_unref(view));
    CHECK_ADVERSARY(&a, 2, 2, 1);
    CHECK_INT(memory_blocks(), 0);
}

static void refuse_in_words(mv_error *to)
{
    mv_fail(to, MV_E_BUFFER, "not today");
}

/* The words of a refusal need memory; without, its status and its numbers stay. */
TEST(fault_054_refusals_without_memory_for_their_words)
{
    adversary a;
    const mv_request labelled = {sizeof labelled, MV_SIMPLE, -1, NULL, "reader"};
    CHECK_OK(mv_bytearray_new("abc", 3, &object, &error));
    CHECK_OK(mv_buffer_acquire_for(object, &labelled, &buffer, &error));
    CHECK_STATUS(mv_bytearray_resize(object, 9, &error), MV_E_EXPORTED);
    CHECK(strstr(error.message, "reader") != NULL);
    STARVED(1, mv_bytearray_resize(object, 9, &error), MV_E_EXPORTED);
    CHECK(strstr(error.message, "reader") == NULL && strstr(error.message, "1 export") != NULL);
    CHECK_INT(error.value, 1);
    drop();
    object = adversary_custom(&a);
    a.status = MV_E_BUFFER;
    a.fill_error = refuse_in_words;
    CHECK_STATUS(mv_buffer_acquire(object, MV_SIMPLE, &buffer, &error), MV_E_BUFFER);
    CHECK_STR(error.message, "not today");
    STARVED(1, mv_buffer_acquire(object, MV_SIMPLE, &buffer, &error), MV_E_BUFFER);
    CHECK(strstr(error.message, "memory") != NULL);
    drop();
}
