/*
 * Exporters that misbehave, and count what is done to them.
 *
 * An `adversary` exports the 64 bytes inside itself, in one of two ways: `adversary_custom` boxes it with
 * mv_custom_new, `adversary_object` is its mv_object with a function table of its own, as an exporter that
 * links nothing has it. What acquire answers and returns is in `answer` and `status`, and may be changed
 * at any time; the hooks are called from inside the callbacks and may do to the library what they like.
 */
#ifndef ADVERSARY_H
#define ADVERSARY_H

#include <pthread.h>
#include <stdatomic.h>
#include "harness.h"

typedef struct adversary adversary;
typedef void (*adversary_hook)(adversary *self);

struct adversary {
    mv_object object;
    mv_buffer answer;                    /* copied to `out` by every acquire, also by one that fails */
    mv_status status;                    /* what acquire returns */
    void (*fill_error)(mv_error *error); /* what it does to the error; NULL: nothing */
    adversary_hook on_acquire, on_release, on_free;
    mv_object *own, *other_object; /* for the hooks; not counted */
    mv_view *other_view;
    mv_status seen;                            /* what a hook was answered */
    atomic_int flags;                          /* of the last request */
    atomic_int calls, grants, releases, frees; /* calls of acquire; those that returned MV_OK; the rest */
    atomic_int references;                     /* of `object`; begins with the caller's one */
    _Atomic(void *) released_internal;         /* `internal` as the last release was given it */
    ptrdiff_t shape[4], strides[4], suboffsets[4];
    _Alignas(64) unsigned char bytes[64];
};

static inline mv_status adversary_answer(adversary *self, const mv_request *request, mv_buffer *out,
                                         mv_error *to)
{
    static const mv_buffer zero;
    COUNT(CALLED, self->calls);
    self->flags = request->flags;
    CHECK_BYTES(out, &zero, sizeof zero);
    if (self->on_acquire != NULL) self->on_acquire(self);
    *out = self->answer;
    if (self->fill_error != NULL && to != NULL) self->fill_error(to);
    if (self->status == MV_OK) COUNT(self->object.type->release != NULL ? GRANTED : CALLED, self->grants);
    return self->status;
}

static inline void adversary_let_go(adversary *self, mv_buffer *buffer)
{
    COUNT(RELEASED, self->releases);
    self->released_internal = buffer->internal;
    if (self->on_release != NULL) self->on_release(self);
}

static inline mv_status adversary_custom_acquire(void *self, const mv_request *request, mv_buffer *out,
                                                 mv_error *to)
{
    return adversary_answer((adversary *)self, request, out, to);
}

static inline void adversary_custom_release(void *self, mv_buffer *buffer)
{
    adversary_let_go((adversary *)self, buffer);
}

static inline void adversary_custom_free(void *self)
{
    adversary *a = (adversary *)self;
    COUNT(FREED, a->frees);
    if (a->on_free != NULL) a->on_free(a);
}

static inline void adversary_ref(mv_object *self)
{
    ((adversary *)self)->references++;
}

static inline void adversary_unref(mv_object *self)
{
    adversary *a = (adversary *)self;
    if (--a->references == 0) adversary_custom_free(a);
}

static inline mv_status adversary_type_acquire(mv_object *self, const mv_request *request, mv_buffer *out,
                                               mv_error *to)
{
    return adversary_answer((adversary *)self, request, out, to);
}

static inline void adversary_type_release(mv_object *self, mv_buffer *buffer)
{
    adversary_let_go((adversary *)self, buffer);
}

static inline size_t adversary_exports(const mv_object *self)
{
    const adversary *a = (const adversary *)self;
    return (size_t)(a->grants - a->releases);
}

static const mv_exporter adversary_callbacks = {
    sizeof(mv_exporter),      "adversary",           adversary_custom_acquire,
    adversary_custom_release, adversary_custom_free,
};

static const mv_type adversary_type = {
    sizeof(mv_type),
    MV_ABI,
    "adversary",
    adversary_ref,
    adversary_unref,
    adversary_type_acquire,
    adversary_type_release,
    adversary_exports,
    0,
};

/* Well behaved to begin with: 16 writable bytes, 0 to 15. */
static inline void adversary_init(adversary *a)
{
    memset((void *)a, 0, sizeof *a);
    for (size_t i = 0; i < sizeof a->bytes; i++) a->bytes[i] = (unsigned char)i;
    a->object.type = &adversary_type;
    a->references = 1;
    a->shape[0] = 16;
    a->strides[0] = 1;
    a->answer.buf = a->bytes;
    a->answer.itemsize = 1;
    a->answer.ndim = 1;
    a->answer.format = "B";
    a->answer.shape = a->shape;
    a->answer.strides = a->strides;
    a->answer.internal = a;
}

/* An object around it; one reference, the caller's. */
static inline mv_object *adversary_custom(adversary *a)
{
    adversary_init(a);
    CHECK_OK(mv_custom_new(&adversary_callbacks, a, &a->own, &error));
    return a->own;
}

/* Itself as an object; one reference, the caller's. */
static inline mv_object *adversary_object(adversary *a)
{
    adversary_init(a);
    a->own = &a->object;
    return a->own;
}

/* So many grants were made and given back, and it was freed so often. */
#define CHECK_ADVERSARY(a, granted, released, freed)                            \
    (CHECK_INT_OF((a)->grants, granted), CHECK_INT_OF((a)->releases, released), \
     CHECK_INT_OF((a)->frees, freed))
#define CHECK_INT_OF(actual, expected) \
    ((actual) == (expected) ? (void)0  \
                            : FAIL("%s is %d, expected %d", #actual, (int)(actual), (int)(expected)))

/* A buffer that a failure left behind: all zero, and releasing it is a no-op. */
static inline void check_empty_buffer(mv_buffer *buffer, const char *file, int line)
{
    static const mv_buffer zero;
    harness_bytes(file, line, "the buffer after a failure", buffer, &zero, sizeof zero);
    mv_buffer_release(buffer);
    harness_bytes(file, line, "the buffer after its release", buffer, &zero, sizeof zero);
}

/* Acquires from an object, given the whole expectation: the status, and an empty buffer after a failure. */
#define CHECK_ACQUIRE(object, flags, expected)                                             \
    do {                                                                                   \
        mv_buffer refused_;                                                                \
        memset(&refused_, 0x5a, sizeof refused_);                                          \
        CHECK_STATUS(mv_buffer_acquire((object), (flags), &refused_, &error), (expected)); \
        if ((expected) == MV_OK) mv_buffer_release(&refused_);                             \
        check_empty_buffer(&refused_, __FILE__, __LINE__);                                 \
    } while (0)

/* A call that makes a view or object into `*&out` fails so, and leaves NULL there; `out` is a variable. */
#define CHECK_REFUSED(call, out, expected) \
    do {                                   \
        memset(&(out), 0x5a, sizeof(out)); \
        CHECK_STATUS(call, expected);      \
        CHECK((out) == NULL);              \
    } while (0)

/* The whole view in C order. */
static inline void check_items(const mv_view *view, const void *expected, size_t length, const char *file,
                               int line)
{
    unsigned char read[512];
    if (length > sizeof read) harness_fail(file, line, "%zu bytes are too many to compare", length);
    const mv_status status = mv_view_read(view, NULL, 'C', read, length, NULL);
    if (status != MV_OK) harness_fail(file, line, "reading the view: %s", mv_status_name((int)status));
    harness_bytes(file, line, "the view", read, expected, length);
}
#define CHECK_ITEMS(view, expected, length) check_items((view), (expected), (length), __FILE__, __LINE__)

/* A bytearray of the bytes 0, 1, 2 ... */
static inline mv_object *counting_bytearray(size_t length)
{
    unsigned char bytes[256];
    mv_object *object = NULL;
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)i;
    CHECK(length <= sizeof bytes);
    CHECK_OK(mv_bytearray_new(bytes, length, &object, &error));
    return object;
}

/* A view of borrowed bytes. */
static inline mv_view *wrapped(void *data, const char *format, const ptrdiff_t *shape, int ndim)
{
    mv_view *view = NULL;
    CHECK_OK(mv_view_wrap(data, format, shape, ndim, 0, &view, &error));
    return view;
}

static inline mv_view *view_of(mv_object *object)
{
    mv_view *view = NULL;
    CHECK_OK(mv_view_new(object, MV_FULL_RO, &view, &error));
    return view;
}

/* A free callback that counts: `context` is an atomic_int. */
static inline void count_free(void *context, void *data)
{
    (void)data;
    COUNT(FREED, *(atomic_int *)context);
}

#endif
