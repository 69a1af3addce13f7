/* Described memory: strides, suboffsets and addresses that lead outside of it, or nearly. */
#include "adversary.h"

#define MAX PTRDIFF_MAX
#define MIN PTRDIFF_MIN

static mv_object *object;
static mv_view *view;
static atomic_int freed;
static unsigned char memory[64];

/* One memory, described: 64 bytes, the first item at `start`. */
static mv_status describe(ptrdiff_t start, ptrdiff_t itemsize, const char *format, const ptrdiff_t *shape,
                          int ndim, const ptrdiff_t *strides)
{
    const mv_buffer description = {memory + start, NULL,  0,       itemsize, 0,   ndim,
                                   format,         shape, strides, NULL,     NULL};
    const mv_status status =
        mv_memory_describe(&description, memory, sizeof memory, count_free, &freed, &object, &error);
    if (status != MV_OK) CHECK(object == NULL);
    return status;
}

/* The same, through to the object and back. */
static void check_described(ptrdiff_t start, const ptrdiff_t *shape, int ndim, const ptrdiff_t *strides)
{
    const int before = freed;
    CHECK_OK(describe(start, 1, "B", shape, ndim, strides));
    view = view_of(object);
    CHECK_PTR(mv_view_buffer(view)->buf, memory + start);
    mv_view_unref(view);
    mv_object_unref(object);
    CHECK_INT_OF(freed, before + 1);
}

TEST(fault_017_stride_of_ptrdiff_min)
{
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(2), (const ptrdiff_t[]){MIN}), MV_E_OVERFLOW);
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(3), (const ptrdiff_t[]){MIN}), MV_E_OVERFLOW);
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(1, 2), (const ptrdiff_t[]){0, MIN}), MV_E_OVERFLOW);
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(2, 2), (const ptrdiff_t[]){MIN, MIN}), MV_E_OVERFLOW);
    CHECK_INT_OF(freed, 0);
}

/* A stride that is never taken may be anything, and may not come out as a fault later. */
TEST(fault_017_stride_of_ptrdiff_min_that_is_not_used)
{
    static const ptrdiff_t strides[] = {MIN, MIN};
    mv_view *part = NULL;
    check_described(0, MV_DIMS(1), strides);
    check_described(63, MV_DIMS(1, 1), strides);
    check_described(0, MV_DIMS(0), strides);
    CHECK_OK(describe(5, 1, "B", MV_DIMS(1), strides));
    view = view_of(object);
    CHECK_OK(mv_view_slice(view, "::-1", &part, &error));
    CHECK_PTR(mv_view_buffer(part)->buf, memory + 5);
    mv_view_unref(part);
    CHECK_OK(mv_view_slice(view, "::2", &part, &error));
    CHECK_OK(mv_view_set_i64(part, (const ptrdiff_t[]){-1}, 1, 77, &error));
    CHECK_INT(memory[5], 77);
    CHECK(mv_buffer_alignment(mv_view_buffer(part)) >= 1);
    mv_view_unref(part);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(fault_018_last_index_times_stride)
{
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(3), (const ptrdiff_t[]){MAX / 2 + 1}), MV_E_OVERFLOW);
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(4), (const ptrdiff_t[]){MAX}), MV_E_OVERFLOW);
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(4), (const ptrdiff_t[]){-MAX}), MV_E_OVERFLOW);
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(2, 2), (const ptrdiff_t[]){MAX, MAX}), MV_E_OVERFLOW);
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(2, 2), (const ptrdiff_t[]){-MAX, -MAX}), MV_E_OVERFLOW);
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(2, 2), (const ptrdiff_t[]){MAX, 1}), MV_E_OVERFLOW);
    CHECK_INT_OF(freed, 0);
}

/* Two overflows that cancel out are two overflows, or at the least a description that reaches outside. */
TEST(fault_018_strides_that_cancel_out)
{
    const mv_status status = describe(0, 1, "B", MV_DIMS(2, 2), (const ptrdiff_t[]){MAX, -MAX});
    CHECK(status == MV_E_OVERFLOW || status == MV_E_SHAPE);
    CHECK_INT_OF(freed, 0);
}

/* The blocks behind pointers are taken on trust, but no arithmetic on the way to them wraps. */
TEST(cpython_107595_giant_strides_and_suboffsets)
{
    unsigned char block[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    void *table[2] = {block, block};
    const ptrdiff_t shape[] = {2, 2}, strides[] = {sizeof(void *), 1}, giant[] = {MAX, -1};
    const ptrdiff_t giant_strides[] = {sizeof(void *), MAX}, suboffsets[] = {1, -1};
    mv_buffer description = {table, NULL, 0, 1, 0, 2, "B", shape, strides, giant, NULL};
    mv_view *part;
    for (int i = 0; i < 2; i++) {
        if (i == 1) description.strides = giant_strides, description.suboffsets = suboffsets;
        const mv_status status =
            mv_memory_describe(&description, table, sizeof table, count_free, &freed, &object, &error);
        if (status != MV_OK) {
            CHECK(object == NULL && (status == MV_E_OVERFLOW || status == MV_E_SHAPE));
            continue;
        }
        view = view_of(object);
        const mv_status sliced =
            mv_view_slice(view, ":, 1:", &part, &error); /* the suboffset would be MAX + 1 */
        CHECK(part == NULL && (sliced == MV_E_OVERFLOW || sliced == MV_E_UNSUPPORTED));
        mv_view_unref(view);
        mv_object_unref(object);
    }
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(2, 2, 2), (const ptrdiff_t[]){MAX, MAX, MAX}), MV_E_OVERFLOW);
}

TEST(fault_019_reach_below_the_start)
{
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(2), (const ptrdiff_t[]){-1}), MV_E_SHAPE);
    CHECK_STATUS(describe(62, 1, "B", MV_DIMS(64), (const ptrdiff_t[]){-1}), MV_E_SHAPE);
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(2, 2), (const ptrdiff_t[]){2, -1}), MV_E_SHAPE);
    CHECK_STATUS(describe(10, 1, "B", MV_DIMS(2, 2), (const ptrdiff_t[]){-10, -1}), MV_E_SHAPE);
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(2), (const ptrdiff_t[]){-MAX / 2}), MV_E_SHAPE);
    CHECK_INT_OF(freed, 0);
    check_described(63, MV_DIMS(64), (const ptrdiff_t[]){-1});
    check_described(11, MV_DIMS(2, 2), (const ptrdiff_t[]){-10, -1});
}

TEST(fault_019_first_item_below_the_start)
{
    const ptrdiff_t shape[] = {4};
    const mv_buffer description = {memory, NULL, 0, 1, 0, 1, "B", shape, NULL, NULL, NULL};
    CHECK_REFUSED(mv_memory_describe(&description, memory + 1, 63, count_free, &freed, &object, &error),
                  object, MV_E_SHAPE);
    CHECK_REFUSED(mv_memory_describe(&description, memory + 32, 32, count_free, &freed, &object, &error),
                  object, MV_E_SHAPE);
    CHECK_INT_OF(freed, 0);
}

TEST(fault_020_reach_past_the_end_by_1)
{
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(65), NULL), MV_E_SHAPE);
    CHECK_STATUS(describe(1, 1, "B", MV_DIMS(64), NULL), MV_E_SHAPE);
    CHECK_STATUS(describe(64, 1, "B", MV_DIMS(1), NULL), MV_E_SHAPE);
    CHECK_STATUS(describe(57, 8, "d", NULL, 0, NULL), MV_E_SHAPE);
    CHECK_STATUS(describe(0, 8, "d", MV_DIMS(2), (const ptrdiff_t[]){57}), MV_E_SHAPE);
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(9, 8), (const ptrdiff_t[]){7, 1}), MV_OK);
    mv_object_unref(object);
    CHECK_STATUS(describe(1, 1, "B", MV_DIMS(9, 8), (const ptrdiff_t[]){7, 1}), MV_E_SHAPE);
    CHECK_STATUS(describe(0, 1, "B", MV_DIMS(2), (const ptrdiff_t[]){MAX - 64}), MV_E_SHAPE);
    CHECK_INT_OF(freed, 1);
    check_described(0, MV_DIMS(64), NULL);
    check_described(63, MV_DIMS(1), NULL);
    check_described(0, MV_DIMS(2), (const ptrdiff_t[]){63});
}

/* Nothing is reached where there are no items, from an address inside or at the very end. */
TEST(fault_020_no_items_reach_nothing)
{
    check_described(64, MV_DIMS(0), NULL);
    check_described(0, MV_DIMS(1000, 0), (const ptrdiff_t[]){MAX, MAX});
}

TEST(fault_020_pointer_table_past_the_end)
{
    unsigned char block[4] = {0};
    void *table[2] = {block, block};
    const ptrdiff_t shape[] = {2, 4}, more[] = {3, 4}, strides[] = {sizeof(void *), 1},
                    suboffsets[] = {0, -1};
    mv_buffer description = {table, NULL, 0, 1, 0, 2, "B", shape, strides, suboffsets, NULL};
    CHECK_REFUSED(
        mv_memory_describe(&description, table, sizeof table - 1, count_free, &freed, &object, &error),
        object, MV_E_SHAPE);
    description.shape = more;
    CHECK_REFUSED(mv_memory_describe(&description, table, sizeof table, count_free, &freed, &object, &error),
                  object, MV_E_SHAPE);
    description.shape = shape;
    CHECK_OK(mv_memory_describe(&description, table, sizeof table, count_free, &freed, &object, &error));
    mv_object_unref(object);
    CHECK_INT_OF(freed, 1);
}

TEST(fault_021_stride_0_on_described_memory)
{
    int64_t value = 0;
    memory[3] = 7;
    CHECK_OK(describe(3, 1, "B", MV_DIMS(4), (const ptrdiff_t[]){0}));
    view = view_of(object);
    CHECK_INT(mv_view_buffer(view)->readonly, 0);
    CHECK_ITEMS(view, "\7\7\7\7", 4);
    CHECK_OK(mv_view_set_i64(view, (const ptrdiff_t[]){2}, 1, 9, &error));
    CHECK_OK(mv_view_get_i64(view, (const ptrdiff_t[]){0}, 1, &value, &error));
    CHECK_INT(value, 9);
    CHECK_OK(mv_view_write(view, NULL, 'C', "\1\2\3\4", 4, &error));
    CHECK_INT(memory[3], 4);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(fault_027_stride_that_is_no_multiple_of_the_itemsize)
{
    uint32_t value = 0x04030201;
    for (unsigned i = 0; i < 64; i++) memory[i] = (unsigned char)i;
    CHECK_OK(describe(1, 4, "I", MV_DIMS(3), (const ptrdiff_t[]){7}));
    view = view_of(object);
    for (unsigned i = 0; i < 3; i++) {
        uint64_t read = 0;
        memcpy(&value, memory + 1 + 7 * i, sizeof value);
        CHECK_OK(mv_view_get_u64(view, (const ptrdiff_t[]){(ptrdiff_t)i}, 1, &read, &error));
        CHECK_INT(read, value);
    }
    CHECK_INT(mv_buffer_is_contiguous(mv_view_buffer(view), 'A'), 0);
    CHECK_SIZE(mv_buffer_alignment(mv_view_buffer(view)), 1);
    mv_view_unref(view);
    mv_object_unref(object);
}
