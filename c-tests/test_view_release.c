/* Views: how they end, and what lives on. */
#include "fixtures.h"

#include <pthread.h>
#include <stdatomic.h>

TEST(acceptance_030_children_outlive_a_released_parent)
{
    mv_object *array = bytearray_of("abcdef", 6);
    mv_view *view = view_of(array), *slice = sliced(view, "1:5"), *cast, *readonly;
    CHECK_OK(mv_view_cast(slice, "H", MV_NO_SHAPE, 'C', &cast, &error));
    CHECK_OK(mv_view_toreadonly(view, &readonly, &error));
    CHECK_OK(mv_view_release(view, &error));
    CHECK_ITEMS(slice, 'b', 'c', 'd', 'e');
    CHECK_ITEMS(readonly, 'a', 'b', 'c', 'd', 'e', 'f');
    CHECK_STATUS(mv_bytearray_resize(array, 7, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 1);
    CHECK_OK(mv_view_release(slice, &error));
    CHECK_OK(mv_view_release(readonly, &error));
    CHECK_SHAPE(cast, 2);
    CHECK_STATUS(mv_bytearray_resize(array, 7, &error), MV_E_EXPORTED);
    CHECK_OK(mv_view_release(cast, &error));
    CHECK_OK(mv_bytearray_resize(array, 7, &error));
    DROP(view, slice, cast, readonly);
    mv_object_unref(array);
}

TEST(acceptance_031_release_is_refused_while_buffers_are_out)
{
    mv_view *view = text_view("abc");
    mv_buffer a, b;
    CHECK_OK(mv_buffer_acquire(mv_view_as_object(view), MV_FULL_RO, &a, &error));
    CHECK_STATUS(mv_view_release(view, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 1);
    CHECK(strstr(error.message, "1 export") != NULL && strstr(error.message, "1 exports") == NULL);
    CHECK_OK(mv_buffer_acquire(mv_view_as_object(view), MV_SIMPLE, &b, &error));
    CHECK_STATUS(mv_view_release(view, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 2);
    CHECK(strstr(error.message, "2 exports") != NULL);
    CHECK_ITEMS(view, 'a', 'b', 'c');
    mv_buffer_release(&a);
    CHECK_STATUS(mv_view_release(view, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 1);
    mv_buffer_release(&b);
    CHECK_OK(mv_view_release(view, &error));
    DROP(view);
}

TEST(acceptance_032_released_twice)
{
    mv_object *array = bytearray_of("abc", 3);
    mv_view *view = view_of(array), *other = view_of(array);
    CHECK_OK(mv_view_release(view, &error));
    CHECK_OK(mv_view_release(view, &error));
    CHECK_OK(mv_view_release(view, &error));
    CHECK_SIZE(mv_object_exports(array), 1);
    CHECK_ITEMS(other, 'a', 'b', 'c');
    DROP(view);
    CHECK_SIZE(mv_object_exports(array), 1);
    DROP(other);
    mv_object_unref(array);
}

TEST(acceptance_033_everything_refuses_after_release)
{
    mv_view *view = released_view(), *good = numbered("B", MV_DIMS(2, 3), 'C'), *made;
    mv_object *self = mv_view_as_object(view);
    const mv_scalar value = scalar_int(1);
    const ptrdiff_t two[] = {2};
    mv_scalar got;
    mv_format *format;
    unsigned char data[6] = {0};
    size_t count = 0;
    ptrdiff_t at = 0;
    int overlap = 0;
    int64_t i = 0;
    uint64_t u = 0;
    double f = 0;
    mv_buffer b;
    mv_request request = MV_REQUEST_INIT;
    CHECK_PTR(mv_view_buffer(view), NULL);
    CHECK_PTR(mv_view_exporter(view), NULL);
    CHECK_STATUS(mv_view_get(view, MV_DIMS(0, 0), &got, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_get_i64(view, MV_DIMS(0, 0), &i, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_get_u64(view, MV_DIMS(0, 0), &u, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_get_f64(view, MV_DIMS(0, 0), &f, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_set(view, MV_DIMS(0, 0), &value, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_set_i64(view, MV_DIMS(0, 0), 1, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_set_u64(view, MV_DIMS(0, 0), 1, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_set_f64(view, MV_DIMS(0, 0), 1, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_copy(view, good, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_copy(good, view, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_read(view, NULL, 'C', data, 6, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_write(view, NULL, 'C', data, 6, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_fill(view, &value, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_convert(view, good, MV_STRICT, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_convert(good, view, MV_STRICT, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_byteswap(view, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_overlaps(view, good, &overlap, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_overlaps(good, view, &overlap, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_runs(view, 0, NULL, 0, &count, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_count(view, &value, &count, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_find(view, &value, 0, PTRDIFF_MAX, &at, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_find_bytes(view, data, 1, 0, &at, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_hash(view, 0, &u, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_hex(view, NULL, 0, NULL, 0, &count, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_text(view, 6, NULL, 0, &count, &error), MV_E_RELEASED);
    CHECK_NOTHING(format, mv_view_format(view, &format, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_index(view, MV_ITEMS(MV_AT(0)), &made, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_slice(view, "0", &made, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_transpose(view, NULL, 0, &made, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_reshape(view, MV_DIMS(6), 'C', &made, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_broadcast(view, MV_DIMS(2, 2, 3), &made, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_window(view, MV_DIMS(1, 1), &made, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_diagonal(view, 0, 0, 1, &made, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_strided(view, 0, two, two, 1, &made, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_field(view, "", &made, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_split(view, 0, 2, &made, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_cast(view, "B", MV_NO_SHAPE, 'C', &made, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_toreadonly(view, &made, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_reexport(view, &made, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_new(self, MV_FULL_RO, &made, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_new_for(self, &request, &made, &error), MV_E_RELEASED);
    CHECK_NOTHING(made, mv_view_contiguous(self, MV_READ, 'C', &made, &error), MV_E_RELEASED);
    CHECK_NO_BUFFER(b, mv_buffer_acquire(self, MV_FULL_RO, &b, &error), MV_E_RELEASED);
    CHECK_NO_BUFFER(b, mv_buffer_acquire_for(self, &request, &b, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_object_copy(self, mv_view_as_object(good), &error), MV_E_RELEASED);
    CHECK_STR(mv_object_type_name(self), "view");
    DROP(view, good);
}

TEST(acceptance_036_release_of_a_read_only_view_leaves_the_original)
{
    mv_view *view = text_view("abc"), *readonly;
    CHECK_OK(mv_view_toreadonly(view, &readonly, &error));
    CHECK_OK(mv_view_release(readonly, &error));
    CHECK_INT(mv_view_buffer(view)->readonly, 0);
    CHECK_OK(mv_view_set_i64(view, MV_DIMS(1), 'x', &error));
    CHECK_ITEMS(view, 'a', 'x', 'c');
    DROP(view, readonly);
}

/* The view that a callback tries to release, and what came of it. */
static mv_view *victim;
static mv_error came_of_it;

static void release_the_victim(struct foreign *self)
{
    (void)self;
    memset(&came_of_it, 0, sizeof came_of_it);
    mv_view_release(victim, &came_of_it);
}

TEST(acceptance_037_callback_cannot_release_the_view_in_use)
{
    char data[] = "wxyz";
    struct foreign foreign = foreign_bytes(data);
    foreign.during_acquire = release_the_victim;
    mv_view *view = text_view("abcd"), *slice = sliced(view, "::-1");
    victim = slice;
    /* Holds the view, and then asks the exporter. */
    CHECK_OK(mv_object_copy(mv_view_as_object(slice), &foreign.object, &error));
    CHECK_INT(foreign.acquired, 1);
    CHECK_INT(foreign.released, 1);
    CHECK_INT(came_of_it.status, MV_E_EXPORTED);
    CHECK_INT(came_of_it.value, 1);
    CHECK_ITEMS(slice, 'w', 'x', 'y', 'z');
    CHECK_ITEMS(view, 'z', 'y', 'x', 'w');
    CHECK_OK(mv_view_release(slice, &error));
    DROP(view, slice);
}

TEST(release_callback_meets_the_released_view)
{
    char data[4] = "abc";
    struct foreign foreign = foreign_bytes(data);
    foreign.during_release = release_the_victim;
    mv_view *view = view_of(&foreign.object);
    victim = view;
    CHECK_OK(mv_view_release(view, &error));
    CHECK_INT(came_of_it.status, MV_OK); /* released again, and for nothing */
    CHECK_INT(foreign.released, 1);
    DROP(view);
    CHECK_INT(foreign.released, 1);
}

/* Threads. The harness gives each its own `error`. */
#define THREADS 8

struct race {
    mv_view *view;
    atomic_int ready, started;
};

static void line_up(struct race *race)
{
    atomic_fetch_add(&race->ready, 1);
    while (!atomic_load(&race->started)) {}
}

static void run_race(struct race *race, void *(*work)(void *), int count)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < count; i++) CHECK_INT(pthread_create(&threads[i], NULL, work, race), 0);
    while (atomic_load(&race->ready) < count) {}
    atomic_store(&race->started, 1);
    for (int i = 0; i < count; i++) CHECK_INT(pthread_join(threads[i], NULL), 0);
}

static void *release_it(void *context)
{
    struct race *race = context;
    line_up(race);
    CHECK_OK(mv_view_release(race->view, &error));
    return NULL;
}

static atomic_int masters_released;

static mv_status lend(void *self, const mv_request *request, mv_buffer *out, mv_error *failure)
{
    static const ptrdiff_t shape[] = {12}, strides[] = {1};
    (void)request;
    (void)failure;
    out->buf = self;
    out->itemsize = out->ndim = 1;
    out->format = "B";
    out->shape = shape;
    out->strides = strides;
    return MV_OK;
}

static void take_back(void *self, mv_buffer *buffer)
{
    (void)self;
    (void)buffer;
    COUNT(CALLED, masters_released);
}

static mv_view *lent_view(void *data)
{
    const mv_exporter callbacks = {.size = sizeof callbacks, .acquire = lend, .release = take_back};
    mv_object *object;
    CHECK_OK(mv_custom_new(&callbacks, data, &object, &error));
    return view_taking(object);
}

TEST(acceptance_038_two_threads_release_one_view)
{
    unsigned char data[12] = {0};
    for (int round = 1; round <= 200; round++) {
        struct race race = {.view = lent_view(data)};
        run_race(&race, release_it, 2);
        CHECK_INT(atomic_load(&masters_released), round);
        CHECK_PTR(mv_view_buffer(race.view), NULL);
        DROP(race.view);
        CHECK_INT(atomic_load(&masters_released), round);
    }
}

static void *slice_it(void *context)
{
    struct race *race = context;
    line_up(race);
    for (int i = 0; i < 2000; i++) {
        mv_view *slice = NULL;
        int64_t item = 0;
        CHECK_OK(mv_view_index(race->view, MV_ITEMS(MV_STEP(i % 6, 12, 2)), &slice, &error));
        CHECK_OK(mv_view_get_i64(slice, MV_DIMS(1), &item, &error));
        CHECK_INT(item, i % 6 + 2);
        if (i % 2) CHECK_OK(mv_view_release(slice, &error));
        mv_view_unref(slice);
    }
    return NULL;
}

TEST(acceptance_039_eight_threads_slice_one_view)
{
    unsigned char data[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    struct race race = {.view = lent_view(data)};
    run_race(&race, slice_it, THREADS);
    CHECK_INT(atomic_load(&masters_released), 0);
    CHECK_ITEMS(race.view, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    DROP(race.view);
    CHECK_INT(atomic_load(&masters_released), 1);
}

TEST(unref_waits_for_the_buffers)
{
    mv_object *array = bytearray_of("abc", 3);
    mv_view *view = view_of(array);
    mv_buffer b;
    CHECK_OK(mv_buffer_acquire(mv_view_as_object(view), MV_FULL_RO, &b, &error));
    DROP(view);
    CHECK_SIZE(mv_object_exports(array), 1);
    CHECK_STATUS(mv_bytearray_resize(array, 9, &error), MV_E_EXPORTED);
    CHECK_BYTES(b.buf, "abc", 3);
    CHECK_INT(b.shape[0], 3);
    mv_buffer_release(&b);
    CHECK_SIZE(mv_object_exports(array), 0);
    mv_object_unref(array);
}

TEST(references_of_a_view)
{
    mv_object *array = bytearray_of("abc", 3);
    mv_view *view = view_of(array);
    CHECK_PTR(mv_view_ref(view), view);
    mv_view_unref(view);
    CHECK_ITEMS(view, 'a', 'b', 'c');
    CHECK_PTR(mv_object_ref(mv_view_as_object(view)), view);
    mv_object_unref(mv_view_as_object(view));
    CHECK_SIZE(mv_object_exports(array), 1);
    mv_object_unref(array);
    CHECK_ITEMS(view, 'a', 'b', 'c');
    mv_view_unref(view);
    CHECK_PTR(mv_view_ref(NULL), NULL);
    mv_view_unref(NULL);
    CHECK_STATUS(mv_view_release(NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
}
