/*
 * The ground of the NULL sweep: valid arguments for every function, made before each case and anew after each
 * call, and the outputs, whose every byte is watched. The cases are made by tools/null_sweep.py.
 */
#ifndef NULL_SWEEP_H
#define NULL_SWEEP_H

#include "harness.h"

struct outputs {
    mv_object *object;
    mv_view *view;
    mv_format *format;
    mv_buffer buffer;
    mv_scalar scalar;
    mv_field field;
    ptrdiff_t bytes;
    mv_run runs[2];
    int64_t i64;
    uint64_t u64;
    double f64;
    void *pointer;
    const void *low;
    size_t size;
    ptrdiff_t strides[1];
    mv_index items[4];
    char text[64];
    int count;
};

static struct {
    mv_object plain;
    mv_object *object;
    mv_object *array;
    mv_object *bytearray;
    mv_object *lonely_array;
    mv_view *view;
    mv_view *doubles;
    mv_view *square;
    mv_view *records;
    mv_view *frozen;
    mv_walk walk;
    mv_format *format;
    mv_format *grid;
    mv_buffer buffer;
    mv_buffer second_buffer;
    mv_buffer description;
    mv_request request;
    mv_exporter exporter;
    mv_scalar scalar;
    mv_scalar record;
    mv_member member;
    mv_index items[1];
    ptrdiff_t shape[1];
    ptrdiff_t index[1];
    ptrdiff_t strides[1];
    ptrdiff_t length;
    int axes[1];
    unsigned char bytes[8];
    struct outputs out;
} ground;

/* What the outputs must be after a failure: as they were, but for what the case sets. */
static struct outputs expected;

static inline void keep(void *context, void *data)
{
    (void)context;
    (void)data;
}

static inline mv_status refuse(void *self, const mv_request *request, mv_buffer *out, mv_error *cause)
{
    (void)self;
    (void)request;
    (void)out;
    return mv_fail(cause, MV_E_BUFFER, "this exporter refuses");
}

static inline mv_status plain_acquire(mv_object *self, const mv_request *request, mv_buffer *out,
                                      mv_error *cause)
{
    return refuse(self, request, out, cause);
}

/* A kind without references and without a release. */
static const mv_type plain_type = {MV_TYPE_INIT, "plain", NULL, NULL, plain_acquire, NULL, NULL, 0};

static inline void lay(void)
{
    const ptrdiff_t four[] = {4};
    const mv_request request = MV_REQUEST_INIT;
    memset(&ground, 0, sizeof ground);
    ground.plain.type = &plain_type;
    ground.request = request;
    ground.exporter.size = sizeof ground.exporter;
    ground.exporter.acquire = refuse;
    ground.scalar.kind = MV_INT;
    ground.scalar.as.i = 1;
    ground.items[0].kind = MV_INDEX_SLICE;
    ground.shape[0] = 4;
    ground.length = 4;
    ground.strides[0] = 1;
    ground.description.buf = ground.bytes;
    ground.description.len = 4;
    ground.description.itemsize = 1;
    ground.description.ndim = 1;
    ground.description.shape = ground.shape;
    CHECK_OK(mv_bytearray_new("abcd", 4, &ground.object, &error));
    CHECK_OK(mv_bytearray_new("abcd", 4, &ground.bytearray, &error));
    CHECK_OK(mv_array_new("B", four, 1, 'C', &ground.array, &error));
    CHECK_OK(mv_array_new("d", four, 1, 'C', &ground.lonely_array, &error));
    CHECK_OK(mv_view_new(ground.lonely_array, MV_FULL, &ground.doubles, &error));
    mv_object_unref(ground.lonely_array);
    CHECK_OK(mv_array_new("d", four, 1, 'C', &ground.lonely_array, &error));
    CHECK_OK(mv_view_new(ground.array, MV_FULL, &ground.view, &error));
    CHECK_OK(mv_view_wrap(ground.bytes, "B", MV_DIMS(2, 2), 0, &ground.square, &error));
    CHECK_OK(mv_view_wrap(ground.bytes, "T{i:a:}", MV_DIMS(1), 0, &ground.records, &error));
    CHECK_OK(mv_view_wrap(ground.bytes, "B", MV_DIMS(4), 1, &ground.frozen, &error));
    CHECK_OK(mv_walk_begin(&ground.walk, mv_view_buffer(ground.view), 'C', &error));
    CHECK_OK(mv_format_parse("T{i:a:}", MV_RULES_STRUCT, &ground.format, &error));
    CHECK_OK(mv_format_parse("(2,3)h", MV_RULES_STRUCT, &ground.grid, &error));
    ground.member.size = 4;
    ground.record.kind = MV_RECORD;
    ground.record.as.bytes.data = ground.bytes;
    ground.record.as.bytes.length = sizeof(int);
    ground.record.format = ground.format;
    CHECK_OK(mv_buffer_acquire(ground.object, MV_FULL, &ground.buffer, &error));
    CHECK_OK(mv_buffer_acquire(ground.object, MV_FULL, &ground.second_buffer, &error));
    memset(&ground.out, 0x55, sizeof ground.out);
    memset(&expected, 0x55, sizeof expected);
}

/* Drops the ground, and what a call that succeeded has handed out. */
static inline void lay_down(void)
{
    struct outputs untouched;
    memset(&untouched, 0x55, sizeof untouched);
    if (memcmp(&ground.out.object, &untouched.object, sizeof(void *)) != 0)
        mv_object_unref(ground.out.object);
    if (memcmp(&ground.out.view, &untouched.view, sizeof(void *)) != 0) mv_view_unref(ground.out.view);
    if (memcmp(&ground.out.format, &untouched.format, sizeof(void *)) != 0)
        mv_format_unref(ground.out.format);
    if (memcmp(&ground.out.buffer, &untouched.buffer, sizeof(mv_buffer)) != 0)
        mv_buffer_release(&ground.out.buffer);
    mv_buffer_release(&ground.buffer);
    mv_buffer_release(&ground.second_buffer);
    mv_view_unref(ground.view);
    mv_view_unref(ground.doubles);
    mv_view_unref(ground.square);
    mv_view_unref(ground.records);
    mv_view_unref(ground.frozen);
    mv_format_unref(ground.format);
    mv_format_unref(ground.grid);
    mv_object_unref(ground.lonely_array);
    mv_object_unref(ground.array);
    mv_object_unref(ground.bytearray);
    mv_object_unref(ground.object);
}

static inline void renew(void)
{
    lay_down();
    lay();
}

static inline void names_argument(int number, const char *name)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "'%s'", name);
    CHECK_INT(error.dim, number);
    if (strstr(error.message, quoted) == NULL)
        FAIL("the message \"%.200s\" does not name the argument %s", error.message, quoted);
}

static inline void outputs_are_as_expected(void)
{
    CHECK_BYTES(&ground.out, &expected, sizeof expected);
}

#endif
