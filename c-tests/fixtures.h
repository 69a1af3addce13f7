/*
 * What the C tests share: views with known items, exporters written in C, and checks of geometry and items.
 * The addressing rule and the order of items are written down here a second time, so that no function of the
 * library vouches for itself.
 */
#ifndef FIXTURES_H
#define FIXTURES_H

#include "harness.h"

#include <stddef.h>

#define POINTER ((ptrdiff_t)sizeof(void *))
#define LONGS(...) \
    (const long long[]){__VA_ARGS__}, (int)(sizeof((const long long[]){__VA_ARGS__}) / sizeof(long long))

/* A call that is given `&out` and `&error`, fails with this status, and leaves NULL in out. */
#define CHECK_NOTHING(out, call, expected) \
    do {                                   \
        (out) = (void *)fixture_junk;      \
        CHECK_STATUS(call, expected);      \
        CHECK_PTR(out, NULL);              \
    } while (0)

/* A call that is given the address of this mv_buffer, fails with this status, and leaves it all zero. */
#define CHECK_NO_BUFFER(buffer, call, expected)                   \
    do {                                                          \
        memset(&(buffer), 0x55, sizeof(mv_buffer));               \
        CHECK_STATUS(call, expected);                             \
        CHECK_BYTES(&(buffer), fixture_zeros, sizeof(mv_buffer)); \
    } while (0)

/* The numbers of the error that the last call left in `error`. */
#define CHECK_ERROR(dimension, place, fault, bound) \
    do {                                            \
        CHECK_INT(error.dim, dimension);            \
        CHECK_INT(error.position, place);           \
        CHECK_INT(error.value, fault);              \
        CHECK_INT(error.limit, bound);              \
    } while (0)

#define CHECK_SHAPE(view, ...) fixture_array(__FILE__, __LINE__, view, 0, LONGS(__VA_ARGS__))
#define CHECK_STRIDES(view, ...) fixture_array(__FILE__, __LINE__, view, 1, LONGS(__VA_ARGS__))
#define CHECK_SUBOFFSETS(view, ...) fixture_array(__FILE__, __LINE__, view, 2, LONGS(__VA_ARGS__))
/* The items of an integer format in C order, in memory and as the library reads them. */
#define CHECK_ITEMS(view, ...) fixture_items(__FILE__, __LINE__, view, LONGS(__VA_ARGS__))
#define CHECK_CONTIGUOUS(view, c, f)                                               \
    do {                                                                           \
        CHECK_INT(mv_buffer_is_contiguous(mv_view_buffer(view), 'C'), c);          \
        CHECK_INT(mv_buffer_is_contiguous(mv_view_buffer(view), 'F'), f);          \
        CHECK_INT(mv_buffer_is_contiguous(mv_view_buffer(view), 'A'), (c) || (f)); \
    } while (0)

#define DROP(...) \
    fixture_drop((mv_view *[]){__VA_ARGS__}, sizeof((mv_view *[]){__VA_ARGS__}) / sizeof(mv_view *))

__attribute__((unused)) static char fixture_junk[8];
static const unsigned char fixture_zeros[sizeof(mv_buffer)];

static inline void fixture_drop(mv_view **views, size_t count)
{
    for (size_t i = 0; i < count; i++) mv_view_unref(views[i]);
}

/* The header's rule, with strides. */
static inline char *item_address(const mv_buffer *b, const ptrdiff_t *index)
{
    char *at = b->buf;
    for (int i = 0; i < b->ndim; i++) {
        at += b->strides[i] * index[i];
        if (b->suboffsets != NULL && b->suboffsets[i] >= 0) {
            const void *const pointer = at;
            memcpy(&at, pointer, sizeof at);
            at += b->suboffsets[i];
        }
    }
    return at;
}

/* To the next index in C order; 0 after the last. */
static inline int next_index(const mv_buffer *b, ptrdiff_t *index)
{
    for (int i = b->ndim - 1; i >= 0; i--) {
        if (++index[i] < b->shape[i]) return 1;
        index[i] = 0;
    }
    return 0;
}

/* clang-format off */
#define FIXTURE_INTEGERS(CASE)                                                                             \
    CASE('c', unsigned char) CASE('b', signed char) CASE('B', unsigned char) CASE('?', unsigned char)      \
    CASE('h', short) CASE('H', unsigned short) CASE('i', int) CASE('I', unsigned)                          \
    CASE('l', long) CASE('L', unsigned long) CASE('q', long long) CASE('Q', unsigned long long)            \
    CASE('n', ptrdiff_t) CASE('N', size_t)
/* clang-format on */

static inline char format_code(const char *format)
{
    return format == NULL ? 'B' : format[0] == '@' ? format[1] : format[0];
}

static inline long long load_integer(const char *format, const void *from)
{
#define LOAD(code, type)                    \
    case code: {                            \
        type value;                         \
        memcpy(&value, from, sizeof value); \
        return (long long)value;            \
    }
    switch (format_code(format)) {
        FIXTURE_INTEGERS(LOAD)
    default: FAIL("'%s' is no integer format", format);
    }
#undef LOAD
}

static inline void store_integer(const char *format, void *to, long long number)
{
#define STORE(code, type)                 \
    case code: {                          \
        const type value = (type)number;  \
        memcpy(to, &value, sizeof value); \
        return;                           \
    }
    switch (format_code(format)) {
        FIXTURE_INTEGERS(STORE)
    default: FAIL("'%s' is no integer format", format);
    }
#undef STORE
}

static inline void fixture_array(const char *file, int line, const mv_view *view, int which,
                                 const long long *expected, int count)
{
    static const char *const names[] = {"shape", "strides", "suboffsets"};
    const mv_buffer *b = mv_view_buffer(view);
    if (b == NULL) harness_fail(file, line, "mv_view_buffer is NULL");
    if (b->ndim != count) harness_fail(file, line, "ndim is %d, expected %d", b->ndim, count);
    const ptrdiff_t *actual = which == 0 ? b->shape : which == 1 ? b->strides : b->suboffsets;
    if (actual == NULL) harness_fail(file, line, "%s is NULL", names[which]);
    for (int i = 0; i < count; i++) {
        const long long a = actual[i];
        /* Every negative suboffset means the same. */
        if (a == expected[i] || (which == 2 && a < 0 && expected[i] < 0)) continue;
        harness_fail(file, line, "%s[%d] is %lld, expected %lld", names[which], i, a, expected[i]);
    }
}

static inline void fixture_items(const char *file, int line, const mv_view *view, const long long *expected,
                                 int count)
{
    const mv_buffer *b = mv_view_buffer(view);
    if (b == NULL) harness_fail(file, line, "mv_view_buffer is NULL");
    if (b->len != count * b->itemsize)
        harness_fail(file, line, "len is %td, expected %d items of %td bytes", b->len, count, b->itemsize);
    ptrdiff_t index[64] = {0};
    for (int i = 0; i < count; i++) {
        const long long there = load_integer(b->format, item_address(b, index));
        if (there != expected[i])
            harness_fail(file, line, "item %d is %lld in memory, expected %lld", i, there, expected[i]);
        int64_t read = 0;
        if (format_code(b->format) != 'c') {
            CHECK_OK(mv_view_get_i64(view, index, b->ndim, &read, &error));
            if (read != there) harness_fail(file, line, "item %d is read as %lld", i, (long long)read);
        }
        if (next_index(b, index) != (i + 1 < count)) harness_fail(file, line, "the shape has other items");
    }
}

static inline mv_object *bytes_of(const void *data, size_t length)
{
    mv_object *object = NULL;
    CHECK_OK(mv_bytes_new(data, length, &object, &error));
    return object;
}

static inline mv_object *bytearray_of(const void *data, size_t length)
{
    mv_object *object = NULL;
    CHECK_OK(mv_bytearray_new(data, length, &object, &error));
    return object;
}

static inline mv_view *view_of(mv_object *object)
{
    mv_view *view = NULL;
    CHECK_OK(mv_view_new(object, MV_FULL_RO, &view, &error));
    return view;
}

/* A view of an object that only the view keeps alive. */
static inline mv_view *view_taking(mv_object *object)
{
    mv_view *view = view_of(object);
    mv_object_unref(object);
    return view;
}

/* A view of an array of its own, items 0, 1, 2 ... in C order of the indices, laid out in `order`. */
static inline mv_view *numbered(const char *format, const ptrdiff_t *shape, int ndim, int order)
{
    mv_object *object = NULL;
    CHECK_OK(mv_array_new(format, shape, ndim, order, &object, &error));
    mv_view *view = view_taking(object);
    const mv_buffer *b = mv_view_buffer(view);
    CHECK(b != NULL);
    ptrdiff_t index[64] = {0};
    long long number = 0;
    if (b->len == 0) return view;
    do store_integer(b->format, item_address(b, index), number++);
    while (next_index(b, index));
    return view;
}

/* A writable view of a bytearray with this text. */
static inline mv_view *text_view(const char *text)
{
    return view_taking(bytearray_of(text, strlen(text)));
}

static inline mv_view *sliced(const mv_view *view, const char *text)
{
    mv_view *result = NULL;
    CHECK_OK(mv_view_slice(view, text, &result, &error));
    return result;
}

/* A released view; its exporter lives as long. */
static inline mv_view *released_view(void)
{
    mv_view *view = numbered("B", MV_DIMS(2, 3), 'C');
    CHECK_OK(mv_view_release(view, &error));
    return view;
}

/* Something that looks like a handle, but is no view. */
static inline mv_view *no_view(mv_object *object)
{
    return (mv_view *)(void *)object;
}

#define SCALAR(name, code, member, type)     \
    static inline mv_scalar name(type value) \
    {                                        \
        mv_scalar scalar;                    \
        memset(&scalar, 0, sizeof scalar);   \
        scalar.kind = code;                  \
        scalar.as.member = value;            \
        return scalar;                       \
    }
SCALAR(scalar_bool, MV_BOOL, i, int64_t)
SCALAR(scalar_int, MV_INT, i, int64_t)
SCALAR(scalar_uint, MV_UINT, u, uint64_t)
SCALAR(scalar_float, MV_FLOAT, f, double)
SCALAR(scalar_pointer, MV_POINTER, u, uint64_t)

static inline mv_scalar scalar_bytes(const void *data, size_t length)
{
    mv_scalar scalar = scalar_int(0);
    scalar.kind = MV_BYTES;
    scalar.as.bytes.data = data;
    scalar.as.bytes.length = length;
    return scalar;
}

/*
 * An exporter in C: a table of pointers to rows, as the Python Imaging Library has it. Of one dimension: each
 * pointer leads to one item. Items are bytes, numbered in C order; each row is a block of its own.
 */
struct table {
    mv_object object;
    int references, exports;
    ptrdiff_t shape[2], strides[2], suboffsets[2];
    int ndim;
    unsigned char *rows[8];
};
static int tables_alive;

static inline void table_ref(mv_object *self)
{
    ((struct table *)(void *)self)->references++;
}

static inline void table_unref(mv_object *self)
{
    struct table *table = (struct table *)(void *)self;
    if (--table->references > 0) return;
    for (int i = 0; i < 8; i++) free(table->rows[i]);
    free(table);
    tables_alive--;
}

static inline mv_status table_acquire(mv_object *self, const mv_request *request, mv_buffer *out,
                                      mv_error *failure)
{
    struct table *table = (struct table *)(void *)self;
    (void)request;
    (void)failure;
    out->buf = table->rows;
    out->itemsize = 1;
    out->ndim = table->ndim;
    out->format = "B";
    out->shape = table->shape;
    out->strides = table->strides;
    out->suboffsets = table->suboffsets;
    table->exports++;
    return MV_OK;
}

static inline void table_release(mv_object *self, mv_buffer *buffer)
{
    (void)buffer;
    ((struct table *)(void *)self)->exports--;
}

static inline size_t table_exports(const mv_object *self)
{
    return (size_t)((const struct table *)(const void *)self)->exports;
}

static inline mv_object *table_new(int ndim, int rows, int columns)
{
    static const mv_type type = {MV_TYPE_INIT,  "table",       table_ref,     table_unref,
                                 table_acquire, table_release, table_exports, 0};
    struct table *table = calloc(1, sizeof *table);
    CHECK(table != NULL);
    *table = (struct table){.object = {&type}, .references = 1, .ndim = ndim};
    const ptrdiff_t shape[] = {rows, columns}, strides[] = {POINTER, 1}, suboffsets[] = {0, -1};
    memcpy(table->shape, shape, sizeof shape);
    memcpy(table->strides, strides, sizeof strides);
    memcpy(table->suboffsets, suboffsets, sizeof suboffsets);
    for (int y = 0; y < rows; y++) {
        table->rows[y] = malloc((size_t)columns);
        CHECK(table->rows[y] != NULL);
        for (int x = 0; x < columns; x++) table->rows[y][x] = (unsigned char)(y * columns + x);
    }
    tables_alive++;
    return &table->object;
}

/* A view of a table that only the view keeps alive. */
static inline mv_view *table_view(int ndim, int rows, int columns)
{
    return view_taking(table_new(ndim, rows, columns));
}

/*
 * An exporter in C that answers whatever the case writes into `answer`, and does what the case wants
 * meanwhile. It lives as long as the case: its type has no reference counts.
 */
struct foreign {
    mv_object object;
    mv_buffer answer;
    mv_status status;
    int acquired, released;
    void *released_internal;
    mv_request asked;
    void (*during_acquire)(struct foreign *self);
    void (*during_release)(struct foreign *self);
    void *context;
};

static inline mv_status foreign_acquire(mv_object *self, const mv_request *request, mv_buffer *out,
                                        mv_error *failure)
{
    struct foreign *foreign = (struct foreign *)(void *)self;
    foreign->asked = *request;
    COUNT(foreign->status == MV_OK ? GRANTED : CALLED, foreign->acquired);
    if (foreign->during_acquire != NULL) foreign->during_acquire(foreign);
    *out = foreign->answer;
    if (foreign->status == MV_OK) return MV_OK;
    return mv_fail(failure, foreign->status, "the foreign exporter refuses");
}

static inline void foreign_release(mv_object *self, mv_buffer *buffer)
{
    struct foreign *foreign = (struct foreign *)(void *)self;
    COUNT(RELEASED, foreign->released);
    foreign->released_internal = buffer->internal;
    if (foreign->during_release != NULL) foreign->during_release(foreign);
}

static const mv_type foreign_type = {MV_TYPE_INIT,    "foreign",       NULL, NULL,
                                     foreign_acquire, foreign_release, NULL, 0};

/* Answers four bytes at `data`, writable. */
static inline struct foreign foreign_bytes(void *data)
{
    static const ptrdiff_t shape[] = {4}, strides[] = {1};
    struct foreign foreign = {.object = {&foreign_type}};
    foreign.answer =
        (mv_buffer){.buf = data, .itemsize = 1, .ndim = 1, .format = "B", .shape = shape, .strides = strides};
    return foreign;
}

#endif
