/* Many threads over one object and one view: faults T1 to T5, and the races that CPython had. No spurious
   error, exactly one release, and nobody ever looks at memory that is gone. */
#include "crowd.h"
#include <time.h>

static adversary a;
static mv_object *object;
static mv_view *view, *views[CROWD];
static atomic_int successes;

static void prepare_one_view(void)
{
    object = adversary_custom(&a);
    view = view_of(object);
    successes = 0;
}

/* The view was released, once; the object goes, and is freed, once. */
static void check_released_once(void)
{
    CHECK_ADVERSARY(&a, 1, 1, 0);
    mv_view_unref(view);
    mv_object_unref(object);
    CHECK_ADVERSARY(&a, 1, 1, 1);
}

/* Many views, that all threads release in the same order: at every one some of them meet. */
enum { MANY = 1000 };
static adversary *many;
static mv_object *owners[MANY];
static mv_view *targets[MANY], *slices[CROWD][MANY];
static atomic_int arrived[MANY];

/* The first two that come to a view go on together. */
static void meet_at(int i)
{
    arrived[i]++;
    for (int spins = 0; arrived[i] < 2 && spins < 500; spins++) continue;
}

static void prepare_many(void)
{
    many = (adversary *)calloc(MANY, sizeof *many);
    CHECK(many != NULL);
    for (int i = 0; i < MANY; i++) {
        owners[i] = adversary_custom(&many[i]);
        targets[i] = view_of(owners[i]);
        arrived[i] = 0;
    }
}

static void check_many_released_once(void)
{
    for (int i = 0; i < MANY; i++) {
        CHECK_ADVERSARY(&many[i], 1, 1, 0);
        mv_view_unref(targets[i]);
        mv_object_unref(owners[i]);
        CHECK_ADVERSARY(&many[i], 1, 1, 1);
    }
    free(many);
}

static void release_all(int number)
{
    (void)number;
    for (int i = 0; i < MANY; i++) {
        meet_at(i);
        CHECK_OK(mv_view_release(targets[i], &error));
        CHECK(mv_view_buffer(targets[i]) == NULL);
    }
}

TEST(fault_t1_one_view_released_by_all)
{
    crowd_run(100, prepare_many, release_all, check_many_released_once);
}

/* gh-127716: views that share one acquisition, released at once, released it twice. */
static void prepare_slices(void)
{
    prepare_many();
    for (int i = 0; i < MANY; i++) {
        for (int j = 0; j < CROWD; j++) CHECK_OK(mv_view_slice(targets[i], "1:9", &slices[j][i], &error));
        CHECK_OK(mv_view_release(targets[i], &error));
    }
}

static void release_own_slices(int number)
{
    for (int i = 0; i < MANY; i++) {
        meet_at(i);
        if (number % 2 == 0) CHECK_OK(mv_view_release(slices[number][i], &error));
        mv_view_unref(slices[number][i]);
    }
}

TEST(cpython_127716_views_of_one_acquisition_released_at_once)
{
    crowd_run(50, prepare_slices, release_own_slices, check_many_released_once);
}

/* T2: who holds the memory finds it where it was, and what he wrote is there when he comes again. */
enum { LARGE = 1 << 18, LONG = 4096, SHORT = 64, TURNS = 60000 }; /* what 16 bits hold */

static void prepare_bytearray(void)
{
    CHECK_OK(mv_bytearray_new(NULL, SHORT, &object, &error));
    successes = 0;
}

static void hold_or_resize(int number)
{
    for (int i = 0; i < TURNS; i++) {
        mv_buffer first, second;
        if (number == 0) {
            const mv_status status = mv_bytearray_resize(object, i % 2 == 0 ? LONG : SHORT, NULL);
            CHECK(status == MV_OK || status == MV_E_EXPORTED);
            successes += status == MV_OK;
            continue;
        }
        CHECK_OK(mv_buffer_acquire(object, MV_WRITABLE, &first, &error));
        volatile unsigned char *own = (volatile unsigned char *)first.buf + number;
        CHECK_INT(*own, i % 256);
        *own = (unsigned char)(i + 1);
        CHECK(first.len == LONG || first.len == SHORT);
        CHECK_OK(mv_buffer_acquire(object, MV_SIMPLE, &second, &error));
        CHECK(second.buf == first.buf && second.len == first.len);
        mv_buffer_release(&first);
        CHECK_INT(*own, (i + 1) % 256);
        mv_buffer_release(&second);
    }
}

static void check_bytearray(void)
{
    CHECK_SIZE(mv_object_exports(object), 0);
    CHECK_OK(mv_bytearray_resize(object, 1 << 16, &error));
    view = view_of(object);
    for (ptrdiff_t i = 1; i < CROWD; i++) {
        int64_t last = 0;
        CHECK_OK(mv_view_get_i64(view, &i, 1, &last, &error));
        CHECK_INT(last, TURNS % 256);
    }
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(fault_t2_acquire_or_resize_and_never_both)
{
    crowd_run(1, prepare_bytearray, hold_or_resize, check_bytearray);
}

/* gh-154524: the same with views, and with an array. */
static void prepare_array(void)
{
    CHECK_OK(mv_array_new("H", MV_DIMS(8, 4), 'C', &object, &error));
}

static void view_or_resize(int number)
{
    for (int i = 0; i < TURNS; i++) {
        mv_view *mine = NULL;
        if (number == 0) {
            const mv_status status = mv_array_resize(object, MV_DIMS(8 + i % 100, 4), NULL);
            CHECK(status == MV_OK || status == MV_E_EXPORTED);
            continue;
        }
        const ptrdiff_t index[] = {number, 3};
        int64_t value = -1;
        CHECK_OK(mv_view_new(object, MV_FULL, &mine, &error));
        CHECK_OK(mv_view_get_i64(mine, index, 2, &value, &error));
        CHECK_INT(value, i);
        CHECK_OK(mv_view_set_i64(mine, index, 2, i + 1, &error));
        CHECK_INT(mv_view_buffer(mine)->shape[0] * 8, mv_view_buffer(mine)->len);
        if (i % 2 == 0) CHECK_OK(mv_view_release(mine, &error));
        mv_view_unref(mine);
    }
}

static void check_array(void)
{
    CHECK_SIZE(mv_object_exports(object), 0);
    CHECK_OK(mv_array_resize(object, MV_DIMS(1, 1), &error));
    mv_object_unref(object);
}

TEST(cpython_154524_views_or_resize_and_never_both)
{
    crowd_run(1, prepare_array, view_or_resize, check_array);
}

/* T3: the last holder frees, and sees what all others wrote. */
static long seen_by_free;

static void sum_up(adversary *self)
{
    seen_by_free = 0;
    for (int i = 0; i < CROWD; i++) seen_by_free += self->bytes[i];
}

static void prepare_views_of_their_own(void)
{
    object = adversary_custom(&a);
    memset(a.bytes, 0, sizeof a.bytes);
    a.on_free = sum_up;
    seen_by_free = -1;
    for (int i = 1; i < CROWD; i++) views[i] = view_of(object);
}

static void write_and_let_go(int number)
{
    const ptrdiff_t index[] = {number};
    if (number == 0) {
        mv_object_unref(object);
    } else {
        CHECK_OK(mv_view_set_i64(views[number], index, 1, number, &error));
        mv_view_unref(views[number]);
    }
}

static void check_freed_once(void)
{
    CHECK_ADVERSARY(&a, CROWD - 1, CROWD - 1, 1);
    CHECK_INT(seen_by_free, CROWD * (CROWD - 1) / 2);
}

TEST(fault_t3_last_view_against_the_owner)
{
    crowd_run(1000, prepare_views_of_their_own, write_and_let_go, check_freed_once);
}

/* The same with one view, shared by reference, that is dropped rather than released. */
static void prepare_references(void)
{
    prepare_views_of_their_own();
    for (int i = 2; i < CROWD; i++) {
        mv_view_unref(views[i]);
        views[i] = mv_view_ref(views[1]);
    }
    mv_object_unref(object);
    views[0] = mv_view_ref(views[1]);
}

static void write_and_unref(int number)
{
    const ptrdiff_t index[] = {number};
    CHECK_OK(mv_view_set_i64(views[number], index, 1, number, &error));
    mv_view_unref(mv_view_ref(views[number]));
    mv_view_unref(views[number]);
}

TEST(fault_t3_references_of_one_view_dropped_at_once)
{
    crowd_run(1000, prepare_references, write_and_unref, check_freed_once);
}

/* T4, gh-157114: a read is whole, of one state of the memory, or is refused. The memory is large enough
   to leave the process when it moves. */
static void prepare_uniform(void)
{
    CHECK_OK(mv_bytearray_new(NULL, LARGE, &object, &error));
    mv_view *const whole = view_of(object);
    CHECK_OK(mv_view_slice(whole, "::-1", &view, &error)); /* read byte by byte, which takes its time */
    mv_view_unref(whole);
}

static void fill_raw(unsigned char byte)
{
    mv_buffer buffer;
    CHECK_OK(mv_buffer_acquire(object, MV_WRITABLE, &buffer, &error));
    memset(buffer.buf, byte, (size_t)buffer.len);
    mv_buffer_release(&buffer);
}

/* How many threads are at it; whoever ends it waits for the first of them, if one comes at all. */
static atomic_int at_work;

static void wait_for_work(void)
{
    for (int i = 0; at_work == 0 && i < 11000; i++)
        if (i > 10000) sched_yield();
}

/* Releases a view that others are at, as soon as it is not in use. */
static void release_in_the_end(mv_view *gone)
{
    const struct timespec moment = {0, 50000};
    mv_status status;
    wait_for_work();
    while ((status = mv_view_release(gone, NULL)) == MV_E_EXPORTED) nanosleep(&moment, NULL);
    CHECK_INT(status, MV_OK);
}

static void release_resize_and_fill(void)
{
    mv_status status;
    release_in_the_end(view);
    /* A slice may live a little longer. */
    while ((status = mv_bytearray_resize(object, 4 * LARGE, NULL)) == MV_E_EXPORTED) sched_yield();
    CHECK_INT(status, MV_OK);
    fill_raw(1);
    CHECK_OK(mv_bytearray_resize(object, SHORT, &error));
}

static void read_whole_or_not_at_all(int number)
{
    static const unsigned char zeros[LARGE];
    static unsigned char all[CROWD][LARGE];
    unsigned char *const bytes = all[number];
    mv_view *part = NULL;
    if (number == 0) {
        release_resize_and_fill();
        return;
    }
    for (int i = 0; i < 10; i++) {
        memset(bytes, 7, LARGE);
        at_work++;
        mv_status status = mv_view_read(view, NULL, 'C', bytes, LARGE, NULL);
        at_work--;
        if (status == MV_OK) CHECK(memcmp(bytes, zeros, LARGE) == 0);
        if (status != MV_OK) CHECK(status == MV_E_RELEASED && bytes[0] == 7 && bytes[LARGE - 1] == 7);
        if (number % 2 == 0 || status != MV_OK) continue;
        status = mv_view_slice(view, "::-1", &part, NULL);
        CHECK(status == MV_OK || (status == MV_E_RELEASED && part == NULL));
        mv_view_unref(part); /* a child that lives would rightly keep the memory where it is */
    }
}

static void check_nothing_left(void)
{
    CHECK_SIZE(mv_object_exports(object), 0);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(fault_t4_read_against_release_and_resize)
{
    crowd_run(10, prepare_uniform, read_whole_or_not_at_all, check_nothing_left);
}

/* The same for a copy between two views, of which either may go. All copy to the same bytes: one at a time. */
static mv_view *target;
static pthread_mutex_t copying = PTHREAD_MUTEX_INITIALIZER;

static void prepare_two_views(void)
{
    prepare_uniform();
    CHECK_OK(mv_view_slice(view, "::-1", &target, &error));
    successes = 0;
}

static void copy_or_release(int number)
{
    if (number < 2) {
        release_in_the_end(number == 0 ? view : target);
        if (++successes == 2) { /* the second of the two: nobody holds the memory any more */
            CHECK_OK(mv_bytearray_resize(object, SHORT, &error));
        }
        return;
    }
    for (int i = 0; i < 5; i++) {
        pthread_mutex_lock(&copying);
        at_work++;
        const mv_status status = mv_view_copy(target, view, NULL);
        at_work--;
        pthread_mutex_unlock(&copying);
        CHECK(status == MV_OK || status == MV_E_RELEASED);
    }
}

static void check_two_views(void)
{
    mv_view_unref(target);
    check_nothing_left();
}

TEST(cpython_157114_copy_against_release_and_resize)
{
    crowd_run(10, prepare_two_views, copy_or_release, check_two_views);
}

/* T5: release and free run on whichever thread drops last. */
static pthread_t released_on, freed_on;

static void note_release(adversary *self)
{
    (void)self;
    released_on = pthread_self();
}

static void note_free(adversary *self)
{
    (void)self;
    freed_on = pthread_self();
}

static void *drop_all(void *unused)
{
    (void)unused;
    mv_view_unref(view);
    mv_object_unref(object);
    return NULL;
}

TEST(fault_t5_callbacks_on_another_thread)
{
    pthread_t thread;
    prepare_one_view();
    a.on_release = note_release;
    a.on_free = note_free;
    CHECK(pthread_create(&thread, NULL, drop_all, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK_ADVERSARY(&a, 1, 1, 1);
    CHECK(pthread_equal(released_on, thread) && pthread_equal(freed_on, thread));
}

/* gh-155606: one view sliced and read by all, without an error and without a lost count. */
static void slice_and_read(int number)
{
    static const char *const texts[] = {"1:", "::-1", "::2", "3:9", "...", "None", "5:5", ":-1"};
    for (int i = 0; i < TURNS / 2; i++) {
        mv_view *part = NULL, *kept = NULL;
        int64_t value = 0;
        CHECK_OK(mv_view_slice(view, texts[(i + number) % 8], &part, &error));
        CHECK_OK(mv_view_toreadonly(part, &kept, &error));
        CHECK_OK(mv_view_get_i64(view, (const ptrdiff_t[]){i % 16}, 1, &value, &error));
        CHECK_INT(value, i % 16);
        if (i % 2 == 0) CHECK_OK(mv_view_release(part, &error));
        CHECK(mv_view_buffer(kept) != NULL);
        CHECK_PTR(mv_view_exporter(kept), object);
        mv_view_unref(kept);
        mv_view_unref(part);
    }
}

static void check_one_release(void)
{
    CHECK_ADVERSARY(&a, 1, 0, 0);
    CHECK_SIZE(mv_object_exports(object), 1);
    CHECK_OK(mv_view_release(view, &error));
    check_released_once();
}

TEST(cpython_155606_one_view_sliced_by_all)
{
    crowd_run(1, prepare_one_view, slice_and_read, check_one_release);
}

/* gh-127085: the buffers acquired from one view are counted exactly. */
static void acquire_and_release(int number)
{
    for (int i = 0; i < TURNS; i++) {
        mv_buffer first, second;
        CHECK_OK(mv_buffer_acquire(mv_view_as_object(view), MV_FULL, &first, &error));
        if (i % 8 == number) CHECK_STATUS(mv_view_release(view, &error), MV_E_EXPORTED);
        CHECK_OK(mv_buffer_acquire(mv_view_as_object(view), MV_SIMPLE, &second, &error));
        mv_buffer_release(&first);
        mv_buffer_release(&second);
    }
}

static void check_no_buffers(void)
{
    CHECK_SIZE(mv_object_exports(mv_view_as_object(view)), 0);
    check_one_release();
}

TEST(cpython_127085_buffers_of_one_view)
{
    crowd_run(1, prepare_one_view, acquire_and_release, check_no_buffers);
}

/* gh-149816: the pins of operations in flight are counted exactly, so that the view can be released in
   the end. */
static void read_a_little(int number)
{
    unsigned char bytes[16];
    if (number == 0) {
        const mv_status status = mv_view_release(view, NULL);
        CHECK(status == MV_OK || status == MV_E_EXPORTED);
    }
    for (int i = 0; i < 20; i++) {
        const mv_status status = mv_view_read(view, NULL, 'C', bytes, sizeof bytes, NULL);
        CHECK(status == MV_OK || status == MV_E_RELEASED);
        if (status == MV_OK) CHECK_BYTES(bytes, a.bytes, sizeof bytes);
    }
}

static void check_can_be_released(void)
{
    CHECK_OK(mv_view_release(view, &error));
    check_released_once();
}

TEST(cpython_149816_reads_against_release)
{
    crowd_run(1000, prepare_one_view, read_a_little, check_can_be_released);
}
