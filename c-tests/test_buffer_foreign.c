/* Buffers: exporters written in C, what memview makes of their answers, and when it calls them. */
#include "fixtures.h"

static const ptrdiff_t shape[] = {2, 3}, strides[] = {3, 1};

static struct foreign foreign_image(void *data)
{
    struct foreign foreign = foreign_bytes(data);
    foreign.answer.ndim = 2;
    foreign.answer.shape = shape;
    foreign.answer.strides = strides;
    return foreign;
}

TEST(full_answer_is_narrowed_to_the_request)
{
    char data[6] = "abcde";
    struct foreign foreign = foreign_image(data);
    foreign.answer.internal = data + 3;
    mv_buffer b;
    CHECK_OK(mv_buffer_acquire(&foreign.object, MV_SIMPLE, &b, &error));
    CHECK_INT(foreign.asked.flags, MV_SIMPLE);
    CHECK_PTR(b.obj, &foreign.object);
    CHECK_PTR(b.buf, data);
    CHECK_INT(b.len, 6); /* which the exporter left to memview */
    CHECK_INT(b.ndim, 1);
    CHECK_PTR(b.shape, NULL);
    CHECK_PTR(b.strides, NULL);
    CHECK_PTR(b.format, NULL);
    mv_buffer_release(&b);
    CHECK_INT(foreign.released, 1);
    CHECK_PTR(foreign.released_internal, data + 3);
    CHECK_OK(mv_buffer_acquire(&foreign.object, MV_FULL_RO, &b, &error));
    CHECK_BYTES(b.shape, shape, sizeof shape);
    CHECK_BYTES(b.strides, strides, sizeof strides);
    CHECK_STR(b.format, "B");
    mv_buffer_release(&b);
    CHECK_INT(foreign.acquired, 2);
    CHECK_INT(foreign.released, 2);
}

TEST(refusal_after_the_answer_releases_once)
{
    char data[6] = "abcde";
    struct foreign foreign = foreign_image(data);
    mv_buffer b;
    CHECK_NO_BUFFER(b, mv_buffer_acquire(&foreign.object, MV_F_CONTIGUOUS, &b, &error), MV_E_BUFFER);
    CHECK_INT(foreign.released, 1);
    foreign.answer.readonly = 1;
    CHECK_NO_BUFFER(b, mv_buffer_acquire(&foreign.object, MV_WRITABLE, &b, &error), MV_E_BUFFER);
    CHECK_INT(foreign.released, 2);
    mv_request request = MV_REQUEST_INIT;
    request.format = "d";
    CHECK_NO_BUFFER(b, mv_buffer_acquire_for(&foreign.object, &request, &b, &error), MV_E_BUFFER);
    CHECK_INT(foreign.released, 3);
}

TEST(refusal_of_the_exporter_passes_through)
{
    char data[6] = "abcde";
    struct foreign foreign = foreign_image(data);
    mv_buffer b;
    mv_view *view;
    const mv_status refusals[] = {MV_E_BUFFER, MV_E_BUSY, MV_E_NO_MEMORY, MV_E_SYSTEM, (mv_status)4711};
    for (int i = 0; i < 5; i++) {
        foreign.status = refusals[i];
        CHECK_NO_BUFFER(b, mv_buffer_acquire(&foreign.object, MV_FULL_RO, &b, &error), refusals[i]);
        CHECK_STR(error.message, "the foreign exporter refuses");
        CHECK_NOTHING(view, mv_view_new(&foreign.object, MV_FULL_RO, &view, &error), refusals[i]);
        CHECK_INT(mv_buffer_acquire(&foreign.object, MV_FULL_RO, &b, NULL), refusals[i]);
    }
    CHECK_INT(foreign.released, 0); /* though the struct was filled */
}

static mv_status sulk(mv_object *self, const mv_request *request, mv_buffer *out, mv_error *failure)
{
    (void)self;
    (void)request;
    (void)out;
    (void)failure;
    return MV_E_BUSY;
}

TEST(refusal_without_words_is_given_some)
{
    static const mv_type type = {MV_TYPE_INIT, "sulker", NULL, NULL, sulk, NULL, NULL, 0};
    mv_object sulker = {&type};
    mv_buffer b;
    CHECK_NO_BUFFER(b, mv_buffer_acquire(&sulker, MV_FULL_RO, &b, &error), MV_E_BUSY);
}

TEST(type_of_an_unknown_version)
{
    mv_type type = foreign_type;
    char data[6] = "abcde";
    struct foreign foreign = foreign_image(data);
    mv_buffer b;
    foreign.object.type = &type;
    type.abi = MV_ABI + 1;
    CHECK_NO_BUFFER(b, mv_buffer_acquire(&foreign.object, MV_FULL_RO, &b, &error), MV_E_VERSION);
    type = foreign_type;
    type.size -= 1;
    CHECK_NO_BUFFER(b, mv_buffer_acquire(&foreign.object, MV_FULL_RO, &b, &error), MV_E_VERSION);
    type = foreign_type;
    type.size += 64;
    CHECK_OK(mv_buffer_acquire(&foreign.object, MV_FULL_RO, &b, &error));
    mv_buffer_release(&b);
    type.acquire = NULL;
    CHECK_NO_BUFFER(b, mv_buffer_acquire(&foreign.object, MV_FULL_RO, &b, &error), MV_E_NULL);
    CHECK_INT(foreign.acquired, 1);
}

static const ptrdiff_t negative[] = {2, -3}, overflowing[] = {PTRDIFF_MAX, 2}, wild[] = {PTRDIFF_MAX, 1};

TEST(answers_without_sense_are_refused_and_released)
{
    char data[6] = "abcde";
    const struct foreign good = foreign_image(data);
    int tried = 0;
#define WRONG(member, wrong)                                                                       \
    do {                                                                                           \
        struct foreign bad = good;                                                                 \
        mv_buffer b;                                                                               \
        mv_view *view;                                                                             \
        bad.answer.member = (wrong);                                                               \
        CHECK_NO_BUFFER(b, mv_buffer_acquire(&bad.object, MV_FULL_RO, &b, &error), MV_E_CALLBACK); \
        CHECK(strstr(error.message, #member) != NULL);                                             \
        CHECK_INT(bad.released, 1);                                                                \
        CHECK_NOTHING(view, mv_view_new(&bad.object, MV_FULL_RO, &view, &error), MV_E_CALLBACK);   \
        CHECK_INT(bad.acquired, 2);                                                                \
        CHECK_INT(bad.released, 2);                                                                \
        tried++;                                                                                   \
    } while (0)
    WRONG(buf, NULL);
    WRONG(itemsize, 0);
    WRONG(itemsize, -1);
    WRONG(format, "d");
    WRONG(ndim, -1);
    WRONG(shape, NULL);
    WRONG(shape, negative);
    WRONG(shape, overflowing);
    WRONG(strides, wild);
    WRONG(len, 5);
    CHECK_INT(tried, 10);
#undef WRONG
}

TEST(answer_of_too_many_dimensions)
{
    char data[6] = "abcde";
    ptrdiff_t ones[65];
    for (int i = 0; i < 65; i++) ones[i] = 1;
    struct foreign foreign = foreign_image(data);
    foreign.answer.shape = foreign.answer.strides = ones;
    foreign.answer.ndim = 65;
    mv_buffer b;
    CHECK_NO_BUFFER(b, mv_buffer_acquire(&foreign.object, MV_FULL_RO, &b, &error), MV_E_CALLBACK);
    CHECK_INT(error.value, 65);
    CHECK_INT(foreign.released, 1);
    foreign.answer.ndim = 64;
    CHECK_OK(mv_buffer_acquire(&foreign.object, MV_FULL_RO, &b, &error));
    CHECK_INT(b.ndim, 64);
    mv_buffer_release(&b);
}

TEST(leases_are_not_asked_of_types_without_them)
{
    char data[6] = "abcde";
    struct foreign foreign = foreign_image(data);
    mv_buffer b;
    CHECK_NO_BUFFER(b, mv_buffer_acquire(&foreign.object, MV_EXCLUSIVE, &b, &error), MV_E_BUFFER);
    CHECK_NO_BUFFER(b, mv_buffer_acquire(&foreign.object, MV_IMMUTABLE, &b, &error), MV_E_BUFFER);
    CHECK_INT(foreign.acquired, 0);
}

TEST(view_keeps_copies_of_the_arrays)
{
    char data[6] = "abcde";
    ptrdiff_t extents[] = {2, 3}, steps[] = {3, 1};
    struct foreign foreign = foreign_image(data);
    foreign.answer.shape = extents;
    foreign.answer.strides = steps;
    mv_view *view = view_of(&foreign.object);
    extents[0] = 1000;
    steps[1] = 1000;
    CHECK_SHAPE(view, 2, 3);
    CHECK_STRIDES(view, 3, 1);
    CHECK_ITEMS(view, 'a', 'b', 'c', 'd', 'e', 0);
    CHECK_PTR(mv_view_exporter(view), &foreign.object);
    DROP(view);
    CHECK_INT(foreign.released, 1);
}

TEST(reference_of_the_exporter_is_taken_and_dropped)
{
    mv_object *object = table_new(2, 3, 4);
    struct table *table = (struct table *)(void *)object;
    mv_buffer b;
    CHECK_OK(mv_buffer_acquire(object, MV_FULL_RO, &b, &error));
    mv_view *view = view_of(object), *slice = sliced(view, "1:");
    CHECK(table->references >= 3);
    CHECK_INT(table->exports, 2);
    mv_object_unref(object);
    mv_buffer_release(&b);
    DROP(view);
    CHECK_INT(tables_alive, 1);
    CHECK_ITEMS(slice, 4, 5, 6, 7, 8, 9, 10, 11);
    DROP(slice);
    CHECK_INT(tables_alive, 0);
}
