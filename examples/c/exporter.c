/*
 * An exporter of one's own: a struct that begins with an mv_object. It needs nothing but the header; consumers
 * slice it, read it and hold it as they do every other object.
 */
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>

#include "memview.h"

enum { CHANNELS = 3, SAMPLES = 8 };

/* A recorder of three channels, its samples interleaved as they come. */
typedef struct recorder {
    mv_object object; /* first, so that a recorder is an object */
    atomic_size_t exports;
    double samples[SAMPLES][CHANNELS];
} recorder;

/* Channel by time, though it is stored time by channel: the strides say so. */
static const ptrdiff_t shape[] = {CHANNELS, SAMPLES};
static const ptrdiff_t strides[] = {sizeof(double), CHANNELS * sizeof(double)};

static mv_status recorder_acquire(mv_object *self, const mv_request *request, mv_buffer *out, mv_error *error)
{
    recorder *recorder = (struct recorder *)self;
    if (request->flags & MV_WRITABLE) return mv_fail(error, MV_E_BUFFER, "a recording is not overwritten");
    out->buf = recorder->samples;
    out->itemsize = sizeof(double);
    out->readonly = 1;
    out->ndim = 2;
    out->format = "d";
    out->shape = shape;
    out->strides = strides;
    atomic_fetch_add(&recorder->exports, 1);
    return MV_OK;
}

static void recorder_release(mv_object *self, mv_buffer *buffer)
{
    (void)buffer;
    atomic_fetch_sub(&((recorder *)self)->exports, 1);
}

static size_t recorder_exports(const mv_object *self)
{
    return atomic_load(&((const recorder *)self)->exports);
}

/* No ref and unref: the recorder is static and outlives whoever uses it. */
static const mv_type recorder_type = {
    MV_TYPE_INIT,
    "recorder",
    .acquire = recorder_acquire,
    .release = recorder_release,
    .exports = recorder_exports,
};

/* Starts anew, unless somebody still looks at the samples. With threads about, this would need a lock. */
static int recorder_clear(recorder *recorder)
{
    if (atomic_load(&recorder->exports) != 0) return 0;
    for (int i = 0; i < SAMPLES; i++)
        for (int j = 0; j < CHANNELS; j++) recorder->samples[i][j] = 0;
    return 1;
}

/* A consumer: it knows mv_object and nothing of recorders. */
static mv_status print_channel(mv_object *object, const char *index, mv_error *error)
{
    mv_view *view, *channel;
    double value = 0;
    MV_TRY(mv_view_new(object, MV_FULL_RO, &view, error));
    mv_status status = mv_view_slice(view, index, &channel, error);
    mv_view_unref(view);
    MV_TRY(status);
    printf("%s[%s]:", mv_object_type_name(object), index);
    for (ptrdiff_t i = 0; i < mv_view_buffer(channel)->shape[0] && status == MV_OK; i++) {
        status = mv_view_get_f64(channel, MV_DIMS(i), &value, error);
        if (status == MV_OK) printf(" %g", value);
    }
    printf("\n");
    mv_view_unref(channel);
    return status;
}

static mv_status run(recorder *recorder, mv_error *error)
{
    mv_buffer held;
    MV_TRY(print_channel(&recorder->object, "1, ::2", error));
    MV_TRY(print_channel(&recorder->object, "-1, ::-1", error));

    const mv_status refused = mv_buffer_acquire(&recorder->object, MV_FULL, &held, error);
    if (refused != MV_E_BUFFER) return mv_fail(error, MV_E_VALUE, "a writable buffer was not refused");
    printf("writable: %s\n", error->message);

    MV_TRY(mv_buffer_acquire(&recorder->object, MV_RECORDS_RO, &held, error));
    printf("held: %zu export, clear %s\n", mv_object_exports(&recorder->object),
           recorder_clear(recorder) ? "granted" : "refused");
    mv_buffer_release(&held);
    printf("released: %zu exports, clear %s\n", mv_object_exports(&recorder->object),
           recorder_clear(recorder) ? "granted" : "refused");
    return MV_OK;
}

int main(void)
{
    static recorder recorder = {.object = {&recorder_type}};
    mv_error error;
    for (int i = 0; i < SAMPLES; i++)
        for (int j = 0; j < CHANNELS; j++) recorder.samples[i][j] = 10 * j + i;
    if (run(&recorder, &error) == MV_OK) return 0;
    fprintf(stderr, "exporter: %s\n", error.message);
    return 1;
}
