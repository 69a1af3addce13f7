/* Walks: raw loops over any buffer. */
#include "fixtures.h"
#include "random.h"

/* The items in the order of a walk, as their numbers. */
static int walked(const mv_buffer *buffer, int order, int *numbers, int *runs)
{
    mv_walk walk;
    void *item = NULL;
    ptrdiff_t count = 0, step = 0;
    int found = 0;
    *runs = 0;
    CHECK_OK(mv_walk_begin(&walk, buffer, order, &error));
    while (mv_walk_next(&walk, &item, &count, &step)) {
        CHECK(count > 0);
        ++*runs;
        for (ptrdiff_t i = 0; i < count; i++)
            numbers[found++] = (int)load_integer(buffer->format, (char *)item + i * step);
    }
    CHECK_INT(mv_walk_next(&walk, &item, &count, &step), 0);
    return found;
}

#define CHECK_WALK(view, order, expected_runs, ...)                                               \
    do {                                                                                          \
        static const int expected_[] = {__VA_ARGS__};                                             \
        int numbers_[256], runs_, found_ = walked(mv_view_buffer(view), order, numbers_, &runs_); \
        CHECK_INT(found_, sizeof expected_ / sizeof *expected_);                                  \
        CHECK_BYTES(numbers_, expected_, sizeof expected_);                                       \
        CHECK_INT(runs_, expected_runs);                                                          \
    } while (0)

TEST(contiguous_memory_is_one_run)
{
    mv_view *view = numbered("h", MV_DIMS(2, 3), 'C'), *turned;
    CHECK_WALK(view, 'C', 1, 0, 1, 2, 3, 4, 5);
    CHECK_WALK(view, 'F', 3, 0, 3, 1, 4, 2, 5);
    CHECK_OK(mv_view_transpose(view, NULL, 0, &turned, &error));
    CHECK_WALK(turned, 'A', 1, 0, 1, 2, 3, 4, 5);
    CHECK_WALK(turned, 'C', 3, 0, 3, 1, 4, 2, 5);
    DROP(view, turned);
}

TEST(strides_of_either_sign)
{
    mv_view *view = numbered("i", MV_DIMS(4, 6), 'C'), *part = sliced(view, "::-2, 1::3");
    CHECK_WALK(part, 'C', 2, 19, 22, 7, 10);
    CHECK_WALK(part, 'F', 2, 19, 7, 22, 10);
    DROP(part);
    part = sliced(view, "::-1, ::-1");
    CHECK_INT(mv_view_buffer(part)->ndim, 2);
    int numbers[24], runs, found = walked(mv_view_buffer(part), 'C', numbers, &runs);
    CHECK_INT(found, 24);
    CHECK_INT(runs, 1); /* backwards, but in one run */
    CHECK_INT(numbers[0] * 100 + numbers[23], 2300);
    DROP(part, view);
}

TEST(tables_of_pointers)
{
    mv_view *view = table_view(2, 3, 4), *part = sliced(view, "::-1, 1:3"), *single = table_view(1, 3, 1);
    mv_walk walk;
    CHECK_WALK(view, 'C', 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    CHECK_WALK(part, 'C', 3, 9, 10, 5, 6, 1, 2);
    CHECK_WALK(single, 'C', 3, 0, 1, 2);
    CHECK_STATUS(mv_walk_begin(&walk, mv_view_buffer(view), 'F', &error), MV_E_UNSUPPORTED);
    CHECK_INT(error.dim, 0);
    DROP(view, part, single);
}

TEST(no_dimensions_and_no_items)
{
    mv_view *view = numbered("i", NULL, 0, 'C'), *none = numbered("i", MV_DIMS(3, 0), 'C');
    int numbers[1], runs;
    CHECK_WALK(view, 'C', 1, 0);
    CHECK_INT(walked(mv_view_buffer(none), 'C', numbers, &runs), 0);
    CHECK_INT(runs, 0);
    DROP(view, none);
}

TEST(buffers_without_arrays)
{
    mv_object *object = bytes_of("\1\2\3", 3);
    mv_buffer buffer;
    int numbers[3], runs;
    CHECK_OK(mv_buffer_acquire(object, MV_SIMPLE, &buffer, &error));
    CHECK_INT(walked(&buffer, 'C', numbers, &runs), 3);
    CHECK_INT(runs, 1);
    CHECK_INT(numbers[2], 3);
    mv_buffer_release(&buffer);
    mv_object_unref(object);
}

TEST(walk_refuses)
{
    mv_view *view = numbered("h", MV_DIMS(2), 'C');
    mv_walk walk;
    mv_buffer bad = *mv_view_buffer(view);
    void *item;
    ptrdiff_t count, step;
    CHECK_STATUS(mv_walk_begin(&walk, &bad, 'X', &error), MV_E_VALUE);
    bad.itemsize = 0;
    CHECK_STATUS(mv_walk_begin(&walk, &bad, 'C', &error), MV_E_CALLBACK);
    CHECK_INT(mv_walk_next(NULL, &item, &count, &step), 0);
    CHECK_OK(mv_walk_begin(&walk, mv_view_buffer(view), 'C', &error));
    CHECK_INT(mv_walk_next(&walk, NULL, &count, &step), 0);
    CHECK_INT(mv_walk_next(&walk, &item, &count, &step), 1); /* nothing was lost */
    DROP(view);
}

/* Whatever goes from item to item: the next one after the release is refused. A walk holds off the release itself. */
TEST(acceptance_035_next_after_release)
{
    mv_view *view = numbered("B", MV_DIMS(3, 2), 'F'), *row, *made;
    mv_object *self = mv_view_as_object(view);
    const mv_scalar four = scalar_int(4);
    mv_buffer buffer;
    mv_walk walk;
    void *run;
    ptrdiff_t count, step, at = -2;
    int64_t item = 77;
    CHECK_OK(mv_view_get_i64(view, MV_DIMS(0, 0), &item, &error));
    CHECK_OK(mv_view_index(view, MV_ITEMS(MV_AT(0)), &row, &error));
    CHECK_OK(mv_view_find(view, &four, 0, 2, &at, &error));
    CHECK_INT(at, -1);
    CHECK_OK(mv_buffer_acquire(self, MV_FULL_RO, &buffer, &error));
    CHECK_OK(mv_walk_begin(&walk, &buffer, 'C', &error));
    CHECK_INT(mv_walk_next(&walk, &run, &count, &step), 1);
    CHECK_STATUS(mv_view_release(view, &error), MV_E_EXPORTED);
    CHECK_INT(mv_walk_next(&walk, &run, &count, &step), 1);
    CHECK_INT(*(unsigned char *)run, 2);
    mv_buffer_release(&buffer);
    CHECK_OK(mv_view_release(view, &error));
    CHECK_STATUS(mv_view_get_i64(view, MV_DIMS(0, 1), &item, &error), MV_E_RELEASED);
    CHECK_INT(item, 0);
    CHECK_NOTHING(made, mv_view_index(view, MV_ITEMS(MV_AT(1)), &made, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_view_find(view, &four, 2, 6, &at, &error), MV_E_RELEASED);
    CHECK_STATUS(mv_walk_begin(&walk, mv_view_buffer(view), 'C', &error), MV_E_NULL);
    CHECK_ITEMS(row, 0, 1); /* what came before stays */
    DROP(view, row);
}

/* Random slices of random arrays against the header's rule. */
TEST(walks_of_random_views)
{
    static int expected[4096], got[4096];
    for (int round = 0; round < 2000; round++) {
        const ptrdiff_t shape[] = {random_between(1, 5), random_between(1, 5), random_between(1, 5),
                                   random_between(0, 5)};
        mv_view *view = numbered("h", shape, 4, random_percent(50) ? 'C' : 'F'), *part, *moved;
        char text[64];
        snprintf(text, sizeof text, "::%d, %d:, ::%d", random_percent(50) ? 1 : -1, random_below(3),
                 random_percent(50) ? 2 : -2);
        part = sliced(view, text);
        const int axes[] = {2, 0, 3, 1};
        const int shuffle = random_percent(50);
        CHECK_OK(mv_view_transpose(part, shuffle ? axes : NULL, shuffle ? 4 : 0, &moved, &error));
        const mv_buffer *b = mv_view_buffer(moved);
        ptrdiff_t index[64] = {0};
        int items = 0, runs;
        if (b->len != 0) do
                expected[items++] = (int)load_integer(b->format, item_address(b, index));
            while (next_index(b, index));
        CHECK_INT(walked(b, 'C', got, &runs), items);
        CHECK_BYTES(got, expected, sizeof(int) * (size_t)items);
        DROP(view, part, moved);
    }
}
