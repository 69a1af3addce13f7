/* Objects of somebody else's memory: plain, described, and behind callbacks. */
#include "fixtures.h"

/* How often, and with what, a free callback was called. */
struct freed {
    int times;
    void *data;
};

static void note_free(void *context, void *data)
{
    struct freed *freed = context;
    COUNT(FREED, freed->times);
    freed->data = data;
}

TEST(memory_is_shared_and_freed_once)
{
    unsigned char data[] = {1, 2, 3};
    struct freed freed = {0, NULL};
    mv_object *memory;
    CHECK_OK(mv_memory_new(data, 3, 0, note_free, &freed, &memory, &error));
    mv_view *view = view_of(memory), *slice = sliced(view, "1:");
    CHECK_PTR(mv_view_buffer(view)->buf, data);
    CHECK_STR(mv_view_buffer(view)->format, "B");
    CHECK_ITEMS(view, 1, 2, 3);
    CHECK_OK(mv_view_set_i64(slice, MV_DIMS(0), 7, &error));
    CHECK_INT(data[1], 7);
    mv_object_unref(memory);
    DROP(view);
    CHECK_INT(freed.times, 0);
    DROP(slice);
    CHECK_INT(freed.times, 1);
    CHECK_PTR(freed.data, data);
}

TEST(memory_is_freed_with_the_last_reference)
{
    unsigned char data[3] = {0};
    struct freed freed = {0, NULL};
    mv_object *memory;
    CHECK_OK(mv_memory_new(data, 3, 0, note_free, &freed, &memory, &error));
    mv_object_ref(memory);
    mv_object_unref(memory);
    DROP(view_of(memory));
    CHECK_INT(freed.times, 0);
    mv_object_unref(memory);
    CHECK_INT(freed.times, 1);
}

TEST(memory_without_bytes_or_free)
{
    mv_object *memory;
    CHECK_OK(mv_memory_new(NULL, 0, 0, NULL, NULL, &memory, &error));
    mv_view *view = view_taking(memory);
    CHECK_SHAPE(view, 0);
    DROP(view);
}

TEST(memory_may_be_read_only)
{
    unsigned char data[3] = {0};
    mv_object *memory;
    mv_buffer b;
    CHECK_OK(mv_memory_new(data, 3, 1, NULL, NULL, &memory, &error));
    CHECK_NO_BUFFER(b, mv_buffer_acquire(memory, MV_WRITABLE, &b, &error), MV_E_BUFFER);
    CHECK_OK(mv_buffer_acquire(memory, MV_SIMPLE, &b, &error));
    CHECK_INT(b.readonly, 1);
    mv_buffer_release(&b);
    mv_object_unref(memory);
}

TEST(memory_new_refuses)
{
    unsigned char data[3] = {0};
    struct freed freed = {0, NULL};
    mv_object *out;
    CHECK_STATUS(mv_memory_new(data, 3, 0, note_free, &freed, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 6);
    CHECK_NOTHING(out, mv_memory_new(NULL, 3, 0, note_free, &freed, &out, &error), MV_E_VALUE);
    CHECK_INT(error.value, 3);
    CHECK_NOTHING(out, mv_memory_new(data, (size_t)PTRDIFF_MAX + 1, 0, note_free, &freed, &out, &error),
                  MV_E_OVERFLOW);
    CHECK_INT(freed.times, 0);
}

static const ptrdiff_t two_by_three[] = {2, 3};

TEST(description_of_strided_memory)
{
    unsigned short data[12];
    for (int i = 0; i < 12; i++) data[i] = (unsigned short)i;
    /* Rows from the last to the first, every other column. */
    const ptrdiff_t strides[] = {-12, 4};
    struct freed freed = {0, NULL};
    mv_object *memory;
    const mv_buffer description = {
        .buf = data + 6, .itemsize = 2, .ndim = 2, .format = "H", .shape = two_by_three, .strides = strides};
    CHECK_OK(mv_memory_describe(&description, data, sizeof data, note_free, &freed, &memory, &error));
    mv_view *view = view_taking(memory);
    CHECK_SHAPE(view, 2, 3);
    CHECK_STRIDES(view, -12, 4);
    CHECK_INT(mv_view_buffer(view)->len, 12);
    CHECK_ITEMS(view, 6, 8, 10, 0, 2, 4);
    DROP(view);
    CHECK_INT(freed.times, 1);
    CHECK_PTR(freed.data, data);
}

TEST(description_is_copied_and_its_gaps_are_filled)
{
    unsigned char data[6] = {0, 1, 2, 3, 4, 5};
    char format[] = "B";
    ptrdiff_t shape[] = {2, 3};
    mv_object *memory;
    mv_buffer description = {
        .buf = data, .len = 6, .itemsize = 1, .ndim = 2, .format = format, .shape = shape};
    CHECK_OK(mv_memory_describe(&description, data, 6, NULL, NULL, &memory, &error));
    memset(&description, 0x55, sizeof description);
    format[0] = 'd';
    shape[0] = 1000;
    mv_view *view = view_taking(memory);
    CHECK_STR(mv_view_buffer(view)->format, "B");
    CHECK_STRIDES(view, 3, 1);
    CHECK_ITEMS(view, 0, 1, 2, 3, 4, 5);
    DROP(view);

    description = (mv_buffer){.buf = data, .len = 6, .itemsize = 1, .ndim = 1, .readonly = 1};
    CHECK_OK(mv_memory_describe(&description, data, 6, NULL, NULL, &memory, &error));
    view = view_taking(memory);
    CHECK_STR(mv_view_buffer(view)->format, "B");
    CHECK_INT(mv_view_buffer(view)->readonly, 1);
    CHECK_SHAPE(view, 6);
    DROP(view);

    description = (mv_buffer){.buf = data + 5, .itemsize = 1, .ndim = 0, .format = "B"};
    CHECK_OK(mv_memory_describe(&description, data, 6, NULL, NULL, &memory, &error));
    view = view_taking(memory);
    CHECK_INT(mv_view_buffer(view)->ndim, 0);
    CHECK_ITEMS(view, 5);
    DROP(view);
}

TEST(description_of_a_pointer_table)
{
    unsigned char rows[2][5] = {{9, 0, 1, 2, 9}, {9, 3, 4, 5, 9}};
    void *table[2] = {rows[0], rows[1]};
    const ptrdiff_t strides[] = {POINTER, 1}, suboffsets[] = {1, -1};
    mv_object *memory;
    mv_buffer description = {.buf = table,
                             .itemsize = 1,
                             .ndim = 2,
                             .format = "B",
                             .shape = two_by_three,
                             .strides = strides,
                             .suboffsets = suboffsets};
    CHECK_OK(mv_memory_describe(&description, table, sizeof table, NULL, NULL, &memory, &error));
    mv_view *view = view_taking(memory);
    CHECK_SUBOFFSETS(view, 1, -1);
    CHECK_ITEMS(view, 0, 1, 2, 3, 4, 5);
    DROP(view);
    const size_t less = sizeof table - 1;
    CHECK_NOTHING(memory, mv_memory_describe(&description, table, less, NULL, NULL, &memory, &error),
                  MV_E_SHAPE);
}

/* One extent, one stride: what lies in the 16 bytes from base, first item at `first`. */
static mv_status describe(ptrdiff_t first, ptrdiff_t extent, ptrdiff_t stride, mv_object **out)
{
    static unsigned char data[48];
    unsigned char *at = data + 16 + first;
    const mv_buffer description = {
        .buf = at, .itemsize = 2, .ndim = 1, .format = "H", .shape = &extent, .strides = &stride};
    return mv_memory_describe(&description, data + 16, 16, NULL, NULL, out, &error);
}

TEST(description_stays_in_its_extent)
{
    const ptrdiff_t inside[][3] = {{0, 8, 2},    {14, 8, -2}, {14, 1, 1000}, {0, 1, -1000}, {0, 2, 14},
                                   {14, 2, -14}, {3, 100, 0}, {16, 0, 2},    {0, 0, 1000}};
    const ptrdiff_t outside[][3] = {{1, 8, 2},  {15, 1, 0}, {-1, 1, 0}, {0, 9, 2},  {13, 8, -2},
                                    {0, 2, 15}, {0, 2, -1}, {14, 2, 1}, {14, 9, -2}};
    mv_object *memory;
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
        CHECK_OK(describe(inside[i][0], inside[i][1], inside[i][2], &memory));
        mv_object_unref(memory);
    }
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++)
        CHECK_NOTHING(memory, describe(outside[i][0], outside[i][1], outside[i][2], &memory), MV_E_SHAPE);
    CHECK_NOTHING(memory, describe(0, 9, 2, &memory), MV_E_SHAPE);
    CHECK_INT(error.limit, 16);
    CHECK_NOTHING(memory, describe(0, 3, PTRDIFF_MIN, &memory), MV_E_OVERFLOW);
    CHECK_NOTHING(memory, describe(0, 3, PTRDIFF_MAX, &memory), MV_E_OVERFLOW);
    CHECK_INT(error.dim, 0);
}

TEST(memory_describe_refuses)
{
    unsigned char data[12] = {0};
    struct freed freed = {0, NULL};
    mv_object *out;
    const mv_buffer good = {.buf = data, .itemsize = 1, .ndim = 2, .format = "B", .shape = two_by_three};
    CHECK_NOTHING(out, mv_memory_describe(NULL, data, 12, note_free, &freed, &out, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_memory_describe(&good, data, 12, note_free, &freed, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 6);
#define REFUSED(member, wrong, expected)                                                                   \
    do {                                                                                                   \
        mv_buffer bad = good;                                                                              \
        bad.member = (wrong);                                                                              \
        CHECK_NOTHING(out, mv_memory_describe(&bad, data, 12, note_free, &freed, &out, &error), expected); \
    } while (0)
    const ptrdiff_t negative[] = {2, -3}, huge[] = {PTRDIFF_MAX, 2};
    REFUSED(shape, NULL, MV_E_NULL);
    REFUSED(ndim, -1, MV_E_VALUE);
    REFUSED(ndim, 65, MV_E_LIMIT);
    REFUSED(buf, NULL, MV_E_VALUE);
    REFUSED(itemsize, 0, MV_E_FORMAT);
    REFUSED(itemsize, -1, MV_E_FORMAT);
    REFUSED(format, "d", MV_E_FORMAT);
    REFUSED(shape, negative, MV_E_SHAPE);
    REFUSED(shape, huge, MV_E_OVERFLOW);
    REFUSED(len, 7, MV_E_SHAPE);
    CHECK_NOTHING(out, mv_memory_describe(&good, NULL, 12, note_free, &freed, &out, &error), MV_E_VALUE);
    CHECK_NOTHING(out, mv_memory_describe(&good, data, 5, note_free, &freed, &out, &error), MV_E_SHAPE);
    CHECK_INT(freed.times, 0);
#undef REFUSED
}

/* What the callbacks of a custom exporter saw. */
struct custom {
    unsigned char data[4];
    int acquired, released, freed;
    int is_never_released;
    mv_status refusal;
};

static const ptrdiff_t four[] = {4}, one[] = {1};

static mv_status custom_acquire(void *self, const mv_request *request, mv_buffer *out, mv_error *failure)
{
    struct custom *custom = self;
    (void)request;
    if (custom->refusal != MV_OK) return mv_fail(failure, custom->refusal, "not today");
    COUNT(custom->is_never_released ? CALLED : GRANTED, custom->acquired);
    out->buf = custom->data;
    out->itemsize = 1;
    out->ndim = 1;
    out->format = "B";
    out->shape = four;
    out->strides = one;
    out->internal = &custom->released;
    return MV_OK;
}

static void custom_release(void *self, mv_buffer *buffer)
{
    CHECK_PTR(buffer->internal, &((struct custom *)self)->released);
    COUNT(RELEASED, *(int *)buffer->internal);
}

static void custom_free(void *self)
{
    COUNT(FREED, ((struct custom *)self)->freed);
}

TEST(custom_exporter_is_boxed_and_counted)
{
    struct custom custom = {.data = {1, 2, 3, 4}};
    mv_exporter callbacks = {sizeof callbacks, "camera", custom_acquire, custom_release, custom_free};
    mv_object *object;
    CHECK_OK(mv_custom_new(&callbacks, &custom, &object, &error));
    memset(&callbacks, 0, sizeof callbacks); /* the table was copied */
    CHECK_STR(mv_object_type_name(object), "camera");
    mv_view *view = view_of(object), *slice = sliced(view, "::2");
    mv_buffer b;
    CHECK_OK(mv_buffer_acquire(object, MV_SIMPLE, &b, &error));
    CHECK_SIZE(mv_object_exports(object), 2);
    CHECK_INT(custom.acquired, 2);
    CHECK_ITEMS(slice, 1, 3);
    mv_object_unref(object);
    mv_buffer_release(&b);
    CHECK_INT(custom.released, 1);
    DROP(view);
    CHECK_INT(custom.released, 1);
    CHECK_INT(custom.freed, 0);
    DROP(slice);
    CHECK_INT(custom.released, 2);
    CHECK_INT(custom.freed, 1);
}

TEST(custom_exporter_of_the_least)
{
    struct custom custom = {.data = {1, 2, 3, 4}, .is_never_released = 1};
    const mv_exporter callbacks = {.size = sizeof callbacks, .acquire = custom_acquire};
    mv_object *object;
    CHECK_OK(mv_custom_new(&callbacks, &custom, &object, &error));
    CHECK_STR(mv_object_type_name(object), "custom");
    mv_view *view = view_taking(object);
    CHECK_ITEMS(view, 1, 2, 3, 4);
    DROP(view);
}

TEST(custom_exporter_refuses_in_its_own_words)
{
    struct custom custom = {.refusal = MV_E_BUSY};
    const mv_exporter callbacks = {sizeof callbacks, "camera", custom_acquire, custom_release, custom_free};
    mv_object *object;
    mv_view *view;
    mv_buffer b;
    CHECK_OK(mv_custom_new(&callbacks, &custom, &object, &error));
    CHECK_NO_BUFFER(b, mv_buffer_acquire(object, MV_SIMPLE, &b, &error), MV_E_BUSY);
    CHECK_STR(error.message, "not today");
    CHECK_NOTHING(view, mv_view_new(object, MV_FULL_RO, &view, &error), MV_E_BUSY);
    CHECK_SIZE(mv_object_exports(object), 0);
    mv_object_unref(object);
    CHECK_INT(custom.released, 0);
    CHECK_INT(custom.freed, 1);
}

TEST(custom_new_refuses)
{
    struct custom custom = {.freed = 0};
    mv_exporter callbacks = {sizeof callbacks, "camera", custom_acquire, custom_release, custom_free};
    mv_object *out;
    CHECK_NOTHING(out, mv_custom_new(NULL, &custom, &out, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_custom_new(&callbacks, &custom, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 3);
    callbacks.size = sizeof callbacks - 1;
    CHECK_NOTHING(out, mv_custom_new(&callbacks, &custom, &out, &error), MV_E_VERSION);
    CHECK_INT(error.value, sizeof callbacks - 1);
    CHECK_INT(error.limit, sizeof callbacks);
    callbacks.size = sizeof callbacks;
    callbacks.acquire = NULL;
    CHECK_NOTHING(out, mv_custom_new(&callbacks, &custom, &out, &error), MV_E_NULL);
    CHECK_INT(custom.freed, 0);
}

TEST(custom_table_of_a_newer_caller_is_read_as_far_as_it_is_known)
{
    struct custom custom = {.data = {1, 2, 3, 4}};
    struct {
        mv_exporter known;
        void *unknown[4];
    } newer = {{sizeof newer, "newer", custom_acquire, custom_release, custom_free}, {&newer}};
    mv_object *object;
    CHECK_OK(mv_custom_new(&newer.known, &custom, &object, &error));
    mv_view *view = view_taking(object);
    CHECK_ITEMS(view, 1, 2, 3, 4);
    DROP(view);
    CHECK_INT(custom.freed, 1);
}
