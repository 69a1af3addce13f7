/*
 * What a header can do alone, for exporters and consumers that link nothing. memview.h includes it; nothing in
 * it calls the library, but for mv_get, mv_set and mv_buffer_pointer_inline where they are used.
 */
#ifndef MEMVIEW_INLINE_H
#define MEMVIEW_INLINE_H

#include "memview.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Fills `error`, which may be NULL, and returns `status`: how a callback fails.
 *
 *     if (!file) return mv_fail(error, MV_E_BUFFER, "the file is closed");
 *
 * A message of more than 479 bytes is cut at the boundary of a character; NULL is the empty one.
 */
static inline mv_status mv_fail(mv_error *error, mv_status status, const char *message)
{
    if (error) {
        size_t length = 0;
        while (message && message[length] && length < sizeof error->message - 1) {
            error->message[length] = message[length];
            length++;
        }
        if (message && message[length])
            while (length > 0 && ((unsigned char)message[length] & 0xc0) == 0x80) length--;
        error->message[length] = '\0';
        error->status = status;
        error->dim = -1;
        error->position = -1;
        error->value = 0;
        error->limit = 0;
    }
    return status;
}

/**
 * The address of the item with the first `count` indices as given and 0 for the rest; suboffsets are followed
 * in the dimensions that have an index. Nothing is checked: not the bounds, and a negative index does not count
 * from the end.
 */
static inline void *mv_item_at(const mv_buffer *buffer, const ptrdiff_t *index, int count)
{
    char *item = (char *)buffer->buf;
    int dim;
    if (!buffer->strides) {
        ptrdiff_t number = 0;
        for (dim = 0; dim < buffer->ndim; dim++) {
            number *= buffer->shape ? buffer->shape[dim] : 1;
            number += dim < count ? index[dim] : 0;
        }
        return item + number * buffer->itemsize;
    }
    for (dim = 0; dim < count; dim++) {
        item += buffer->strides[dim] * index[dim];
        if (buffer->suboffsets && buffer->suboffsets[dim] >= 0)
            item = (char *)*(void **)(void *)item + buffer->suboffsets[dim];
    }
    return item;
}

/** The address of row `y` of a buffer: of its first item with the first index `y`. Unchecked. */
static inline void *mv_row(const mv_buffer *buffer, ptrdiff_t y)
{
    return mv_item_at(buffer, &y, 1);
}

/** `mv_item(&buffer, y, x)`: the address of one item. Unchecked. */
#ifdef __cplusplus
}
template <typename... Index> inline void *mv_item(const mv_buffer *buffer, Index... index)
{
    const ptrdiff_t list[] = {static_cast<ptrdiff_t>(index)..., 0};
    return mv_item_at(buffer, list, static_cast<int>(sizeof...(index)));
}
#else
#define mv_item(buffer, ...) mv_item_at((buffer), MV_DIMS(__VA_ARGS__))
#endif

/**
 * mv_buffer_pointer for loops: finds the item without a call, and leaves to the library whatever fails or takes
 * more than shape and strides. The same arguments, checks, status and error.
 */
static inline mv_status mv_buffer_pointer_inline(const mv_buffer *buffer, const ptrdiff_t *index, int ndim,
                                                 void **out, mv_error *error)
{
#if defined(__GNUC__)
    ptrdiff_t offset = 0;
    int dim = 0;
    if (buffer && index && out && ndim > 0 && ndim <= 64 && ndim == buffer->ndim && buffer->itemsize > 0 &&
        buffer->shape && buffer->strides && !buffer->suboffsets) {
        for (; dim < ndim; dim++) {
            const ptrdiff_t length = buffer->shape[dim];
            const ptrdiff_t at = index[dim] + (index[dim] < 0 && length > 0 ? length : 0);
            ptrdiff_t step;
            if (at < 0 || at >= length || __builtin_mul_overflow(at, buffer->strides[dim], &step) ||
                __builtin_add_overflow(offset, step, &offset))
                break;
        }
        if (dim == ndim) {
            *out = (char *)buffer->buf + offset;
            return MV_OK;
        }
    }
#endif
    return mv_buffer_pointer(buffer, index, ndim, out, error);
}

/** Leaves the function with the status of a call that fails. */
#define MV_TRY(call)                                      \
    do {                                                  \
        const mv_status mv_try_status = (call);           \
        if (mv_try_status != MV_OK) return mv_try_status; \
    } while (0)

/*
 * Items of a C type, from C11 and in C++:
 *
 *     float x;
 *     MV_TRY(mv_get(view, &x, 1, 2));         // view[1, 2], converted: MV_E_RANGE if it does not fit in x
 *     MV_TRY(mv_set(view, x * 2, 1, 2));
 *
 * There is at least one index. Integers must fit; floating-point numbers are rounded. The status alone tells what
 * failed; mv_view_get_f64 and its like fill an mv_error. MV_FORMAT_OF(float) is "f"; a type without a format does not compile.
 * MV_MEMBER_OF(struct point, x) is MV_MEMBER with the format of its type.
 */
#ifdef __cplusplus
#define MV_NUMBERS_BOOL bool
#else
#define MV_NUMBERS_BOOL _Bool
#endif
#define MV_NUMBERS(NUMBER)                                                           \
    NUMBER(truth, "?", MV_NUMBERS_BOOL, i64, int64_t, value == (int64_t)found)       \
    NUMBER(schar, "b", signed char, i64, int64_t, value == (int64_t)found)           \
    NUMBER(uchar, "B", unsigned char, u64, uint64_t, value == (uint64_t)found)       \
    NUMBER(short, "h", short, i64, int64_t, value == (int64_t)found)                 \
    NUMBER(ushort, "H", unsigned short, u64, uint64_t, value == (uint64_t)found)     \
    NUMBER(int, "i", int, i64, int64_t, value == (int64_t)found)                     \
    NUMBER(uint, "I", unsigned, u64, uint64_t, value == (uint64_t)found)             \
    NUMBER(long, "l", long, i64, int64_t, value == (int64_t)found)                   \
    NUMBER(ulong, "L", unsigned long, u64, uint64_t, value == (uint64_t)found)       \
    NUMBER(llong, "q", long long, i64, int64_t, value == (int64_t)found)             \
    NUMBER(ullong, "Q", unsigned long long, u64, uint64_t, value == (uint64_t)found) \
    NUMBER(float, "f", float, f64, double, 1)                                        \
    NUMBER(double, "d", double, f64, double, 1)

#define MV_NUMBER_BODY(type, wide, as, fits)                                          \
    {                                                                                 \
        as value;                                                                     \
        const mv_status status = mv_view_get_##wide(view, index, ndim, &value, NULL); \
        if (status == MV_OK) {                                                        \
            const type found = (type)value;                                           \
            if (!(fits)) return MV_E_RANGE;                                           \
            *out = found;                                                             \
        }                                                                             \
        return status;                                                                \
    }

#ifdef __cplusplus
template <typename Type> struct mv_format_of;
#define MV_NUMBER(name, format, type, wide, as, fits)                                            \
    template <> struct mv_format_of<type> {                                                      \
        static constexpr const char *text()                                                      \
        {                                                                                        \
            return format;                                                                       \
        }                                                                                        \
    };                                                                                           \
    inline mv_status mv_get_at(const mv_view *view, const ptrdiff_t *index, int ndim, type *out) \
        MV_NUMBER_BODY(type, wide, as, fits) inline mv_status                                    \
        mv_set_at(mv_view *view, const ptrdiff_t *index, int ndim, type value)                   \
    {                                                                                            \
        return mv_view_set_##wide(view, index, ndim, value, NULL);                               \
    }
MV_NUMBERS(MV_NUMBER)
#undef MV_NUMBER
template <typename Type, typename... Index> mv_status mv_get(const mv_view *view, Type *out, Index... index)
{
    const ptrdiff_t list[] = {static_cast<ptrdiff_t>(index)..., 0};
    return mv_get_at(view, list, static_cast<int>(sizeof...(index)), out);
}
template <typename Type, typename... Index> mv_status mv_set(mv_view *view, Type value, Index... index)
{
    const ptrdiff_t list[] = {static_cast<ptrdiff_t>(index)..., 0};
    return mv_set_at(view, list, static_cast<int>(sizeof...(index)), value);
}
template <> struct mv_format_of<char> {
    static constexpr const char *text()
    {
        return "c";
    }
};
template <> struct mv_format_of<void *> {
    static constexpr const char *text()
    {
        return "P";
    }
};
#define MV_FORMAT_OF(type) (mv_format_of<type>::text())
#define MV_MEMBER_OF(type, member) MV_MEMBER(type, member, MV_FORMAT_OF(decltype(((type *)0)->member)))
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define MV_NUMBER(name, format, type, wide, as, fits)                                                       \
    static inline mv_status mv_get_##name(const mv_view *view, type *out, const ptrdiff_t *index, int ndim) \
        MV_NUMBER_BODY(type, wide, as, fits)
MV_NUMBERS(MV_NUMBER)
#undef MV_NUMBER
#define MV_FORMAT_CASE(name, format, type, wide, as, fits) \
    type:                                                  \
    format,
#define MV_GET_CASE(name, format, type, wide, as, fits) , type * : mv_get_##name
#define MV_SET_CASE(name, format, type, wide, as, fits) , type : mv_view_set_##wide
#define MV_FORMAT_OF_VALUE(value) _Generic((value), MV_NUMBERS(MV_FORMAT_CASE) char : "c", void * : "P")
#define MV_FORMAT_OF(type) MV_FORMAT_OF_VALUE((type){0})
#define MV_MEMBER_OF(type, member) MV_MEMBER(type, member, MV_FORMAT_OF_VALUE(((type *)0)->member))
#define mv_get(view, out, ...) \
    _Generic((out), mv_error * : mv_get_int MV_NUMBERS(MV_GET_CASE))((view), (out), MV_DIMS(__VA_ARGS__))
#define mv_set(view, value, ...) \
    _Generic((value), void *: mv_view_set_i64 MV_NUMBERS(MV_SET_CASE))((view), MV_DIMS(__VA_ARGS__), (value), NULL)
#endif

#endif
