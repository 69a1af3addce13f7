/*
 * What a header can do alone, for exporters and consumers that link nothing. memview.h includes it; nothing in
 * it calls the library.
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

/** Leaves the function with the status of a call that fails. */
#define MV_TRY(call)                                      \
    do {                                                  \
        const mv_status mv_try_status = (call);           \
        if (mv_try_status != MV_OK) return mv_try_status; \
    } while (0)

#if !defined(__cplusplus) && defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
/** The format of a C type, from C11: `MV_FORMAT_OF(float)` is "f". A type without one does not compile. */
#define MV_FORMAT_OF(type) \
    _Generic((type){0}, _Bool: "?", char: "c", signed char: "b", unsigned char: "B", short: "h",           \
        unsigned short: "H", int: "i", unsigned: "I", long: "l", unsigned long: "L", long long: "q",       \
        unsigned long long: "Q", float: "f", double: "d", void *: "P")
#endif

#endif
