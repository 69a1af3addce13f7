/*
 * A slow and obvious model of a view: its shape, and the addresses of its items listed in C order. What an
 * operation on a view should give is worked out on the list, without a thought of strides. Include it after
 * harness.h.
 */
#ifndef MODEL_H
#define MODEL_H

#include "harness.h"

enum { MODEL_NDIM = 12, MODEL_ITEMS = 640 };

typedef struct model {
    int ndim;
    ptrdiff_t shape[MODEL_NDIM];
    ptrdiff_t itemsize, count;
    const char *format;
    int readonly, indirect; /* indirect: the number of dereferences that the description began with */
    unsigned char *items[MODEL_ITEMS];
} model;

/* What a call must answer: one of the statuses of `wrong`; where that is empty, MV_OK or one of `perhaps`. */
typedef struct verdict {
    uint32_t wrong, perhaps;
} verdict;
#define CAUSE(status) (1u << (status))

/* Where the last index that was out of bounds went wrong. */
static struct {
    int faults, dim;
    ptrdiff_t value, limit;
} model_fault;

static inline ptrdiff_t model_product(const ptrdiff_t *shape, int ndim)
{
    ptrdiff_t product = 1;
    for (int dim = 0; dim < ndim; dim++) product *= shape[dim];
    return product;
}

/* The index of item number `flat` where the last dimension moves fastest ('C') or the first ('F'). */
static inline void model_unravel(const ptrdiff_t *shape, int ndim, int order, ptrdiff_t flat,
                                 ptrdiff_t *index)
{
    for (int passed = 0; passed < ndim; passed++) {
        const int dim = order == 'F' ? passed : ndim - 1 - passed;
        index[dim] = flat % shape[dim];
        flat /= shape[dim];
    }
}

/* The number of an index in C order. */
static inline ptrdiff_t model_number(const ptrdiff_t *shape, int ndim, const ptrdiff_t *index)
{
    ptrdiff_t flat = 0;
    for (int dim = 0; dim < ndim; dim++) flat = flat * shape[dim] + index[dim];
    return flat;
}

/* The number in C order of the item that comes `place`-th in `order`. */
static inline ptrdiff_t model_place(const ptrdiff_t *shape, int ndim, int order, ptrdiff_t place)
{
    ptrdiff_t index[MODEL_NDIM];
    model_unravel(shape, ndim, order, place, index);
    return model_number(shape, ndim, index);
}

/* The address of an item by the definition of the protocol. */
static inline unsigned char *model_address(const mv_buffer *buffer, const ptrdiff_t *index)
{
    char *at = (char *)buffer->buf;
    for (int dim = 0; dim < buffer->ndim; dim++) {
        at += buffer->strides[dim] * index[dim];
        if (buffer->suboffsets != NULL && buffer->suboffsets[dim] >= 0)
            at = *(char **)(void *)at + buffer->suboffsets[dim];
    }
    return (unsigned char *)at;
}

/* Begins a model with a description in full. */
static inline void model_begin(model *to, const mv_buffer *buffer)
{
    ptrdiff_t index[MODEL_NDIM];
    to->ndim = buffer->ndim;
    to->itemsize = buffer->itemsize;
    to->format = buffer->format;
    to->readonly = buffer->readonly;
    to->indirect = 0;
    for (int dim = 0; dim < buffer->ndim; dim++) {
        to->shape[dim] = buffer->shape[dim];
        to->indirect += buffer->suboffsets != NULL && buffer->suboffsets[dim] >= 0;
    }
    to->count = model_product(to->shape, to->ndim);
    for (ptrdiff_t flat = 0; flat < to->count; flat++) {
        model_unravel(to->shape, to->ndim, 'C', flat, index);
        to->items[flat] = model_address(buffer, index);
    }
}

/* All but the shape and the items. */
static inline void model_inherit(const model *from, model *to)
{
    to->itemsize = from->itemsize;
    to->format = from->format;
    to->readonly = from->readonly;
    to->indirect = from->indirect;
}

/* The positions that a slice takes of a dimension, by Python's rules. */
static inline ptrdiff_t model_slice(const mv_index *item, ptrdiff_t length, ptrdiff_t *positions)
{
    const ptrdiff_t step = (item->given & 4) != 0 ? item->step : 1;
    const ptrdiff_t low = step < 0 ? -1 : 0, high = step < 0 ? length - 1 : length;
    ptrdiff_t bounds[2] = {item->start, item->stop}, count = 0;
    for (int i = 0; i < 2; i++) {
        if (bounds[i] < 0) bounds[i] += length;
        if (bounds[i] < low) bounds[i] = low;
        if (bounds[i] > high) bounds[i] = high;
    }
    const ptrdiff_t start = (item->given & 1) != 0 ? bounds[0] : step < 0 ? high : low;
    const ptrdiff_t stop = (item->given & 2) != 0 ? bounds[1] : step < 0 ? low : high;
    if (step > 0)
        for (ptrdiff_t p = start; p < stop; p++)
            if ((p - start) % step == 0) positions[count++] = p;
    if (step < 0)
        for (ptrdiff_t p = start; p > stop; p--)
            if ((start - p) % step == 0) positions[count++] = p;
    return count;
}

/* The positions that each dimension keeps, and the shape; what is wrong with the index. */
static inline uint32_t model_choose(const model *from, const mv_index *items, int count, model *to,
                                    ptrdiff_t chosen[][MODEL_ITEMS], ptrdiff_t *lengths)
{
    uint32_t wrong = 0;
    int used = 0, ellipses = 0, dim = 0;
    for (int i = 0; i < count; i++) {
        used += items[i].kind == MV_INDEX_AT || items[i].kind == MV_INDEX_SLICE;
        ellipses += items[i].kind == MV_INDEX_ELLIPSIS;
        if (items[i].kind < MV_INDEX_AT || items[i].kind > MV_INDEX_NEWAXIS) wrong |= CAUSE(MV_E_VALUE);
    }
    if (ellipses > 1) wrong |= CAUSE(MV_E_VALUE);
    if (used > from->ndim) wrong |= CAUSE(MV_E_TYPE);
    to->ndim = 0;
    for (int i = 0; i <= count; i++) { /* one more: an ellipsis at the end is implied */
        static const mv_index whole = MV_ALL;
        const int rest = i == count || items[i].kind == MV_INDEX_ELLIPSIS;
        int times = !rest ? 1 : i == count ? from->ndim - dim : from->ndim - used;
        for (; times > 0; times--) {
            const mv_index *item = rest ? &whole : &items[i];
            if (item->kind == MV_INDEX_NEWAXIS) {
                to->shape[to->ndim++] = 1;
                continue;
            }
            if (dim >= from->ndim) return wrong;
            const ptrdiff_t length = from->shape[dim];
            if (item->kind == MV_INDEX_AT) {
                lengths[dim] = 1;
                chosen[dim][0] = item->start < 0 ? item->start + length : item->start;
                if (chosen[dim][0] < 0 || chosen[dim][0] >= length) {
                    wrong |= CAUSE(MV_E_INDEX);
                    model_fault.faults++;
                    model_fault.dim = dim;
                    model_fault.value = item->start;
                    model_fault.limit = length;
                }
            } else {
                if ((item->given & 4) != 0 && item->step == 0)
                    wrong |= CAUSE(MV_E_VALUE);
                else
                    to->shape[to->ndim++] = lengths[dim] = model_slice(item, length, chosen[dim]);
            }
            dim++;
        }
    }
    return wrong;
}

static inline verdict model_index(const model *from, const mv_index *items, int count, model *to)
{
    static ptrdiff_t chosen[MODEL_NDIM][MODEL_ITEMS];
    ptrdiff_t lengths[MODEL_NDIM], index[MODEL_NDIM];
    model_fault.faults = 0;
    model_inherit(from, to);
    const verdict answer = {model_choose(from, items, count, to, chosen, lengths), 0};
    if (answer.wrong != 0) return answer;
    to->count = model_product(to->shape, to->ndim);
    for (ptrdiff_t flat = 0; flat < to->count; flat++) {
        model_unravel(lengths, from->ndim, 'C', flat, index);
        for (int dim = 0; dim < from->ndim; dim++) index[dim] = chosen[dim][index[dim]];
        to->items[flat] = from->items[model_number(from->shape, from->ndim, index)];
    }
    return answer;
}

/* `axes` NULL reverses. */
static inline verdict model_transpose(const model *from, const int *axes, int count, model *to)
{
    ptrdiff_t index[MODEL_NDIM], source[MODEL_NDIM];
    int order[MODEL_NDIM], seen[MODEL_NDIM] = {0};
    verdict answer = {axes != NULL && count != from->ndim ? CAUSE(MV_E_VALUE) : 0, 0};
    for (int i = 0; i < from->ndim && answer.wrong == 0; i++) {
        order[i] = axes == NULL ? from->ndim - 1 - i : axes[i] < 0 ? axes[i] + from->ndim : axes[i];
        if (order[i] < 0 || order[i] >= from->ndim || seen[order[i]]++ != 0) answer.wrong = CAUSE(MV_E_VALUE);
    }
    if (answer.wrong != 0) return answer;
    model_inherit(from, to);
    to->ndim = from->ndim;
    to->count = from->count;
    for (int i = 0; i < to->ndim; i++) to->shape[i] = from->shape[order[i]];
    for (ptrdiff_t flat = 0; flat < to->count; flat++) {
        model_unravel(to->shape, to->ndim, 'C', flat, index);
        for (int i = 0; i < to->ndim; i++) source[order[i]] = index[i];
        to->items[flat] = from->items[model_number(from->shape, from->ndim, source)];
    }
    return answer;
}

/* Whether some strides lead to all items. */
static inline int model_has_strides(const model *m)
{
    ptrdiff_t strides[MODEL_NDIM], index[MODEL_NDIM] = {0};
    if (m->count == 0) return 1;
    for (int dim = 0; dim < m->ndim; dim++) {
        index[dim] = m->shape[dim] > 1;
        strides[dim] = m->items[model_number(m->shape, m->ndim, index)] - m->items[0];
        index[dim] = 0;
    }
    for (ptrdiff_t flat = 0; flat < m->count; flat++) {
        unsigned char *at = m->items[0];
        model_unravel(m->shape, m->ndim, 'C', flat, index);
        for (int dim = 0; dim < m->ndim; dim++) at += strides[dim] * index[dim];
        if (at != m->items[flat]) return 0;
    }
    return 1;
}

/* Whether the items follow each other without gaps in the order 'C' or 'F'. Of a direct view. */
static inline int model_is_packed(const model *m, int order)
{
    for (ptrdiff_t place = 0; place < m->count; place++)
        if (m->items[model_place(m->shape, m->ndim, order, place)] != m->items[0] + place * m->itemsize)
            return 0;
    return 1;
}

/* The order that 'A' stands for. */
static inline int model_order(const model *m, int order, int is_indirect)
{
    if (order != 'A') return order;
    return !is_indirect && model_is_packed(m, 'F') && !model_is_packed(m, 'C') ? 'F' : 'C';
}

/* One extent may be -1. `is_indirect`: the view has suboffsets now. */
static inline verdict model_reshape(const model *from, const ptrdiff_t *shape, int ndim, int order,
                                    int is_indirect, model *to)
{
    verdict answer = {0, is_indirect ? CAUSE(MV_E_UNSUPPORTED) : 0};
    ptrdiff_t known = 1;
    int open = -1;
    if (order != 'C' && order != 'F' && order != 'A') answer.wrong |= CAUSE(MV_E_VALUE);
    for (int dim = 0; dim < ndim; dim++) {
        if (shape[dim] < -1 || (shape[dim] == -1 && open >= 0)) answer.wrong |= CAUSE(MV_E_SHAPE);
        if (shape[dim] == -1)
            open = dim;
        else
            known *= shape[dim];
        to->shape[dim] = shape[dim];
    }
    if (open < 0 ? known != from->count : known == 0 || from->count % known != 0)
        answer.wrong |= CAUSE(MV_E_SHAPE);
    if (answer.wrong != 0) return answer;
    if (open >= 0) to->shape[open] = from->count / known;
    model_inherit(from, to);
    to->ndim = ndim;
    to->count = from->count;
    order = model_order(from, order, is_indirect);
    for (ptrdiff_t place = 0; place < to->count; place++)
        to->items[model_place(to->shape, ndim, order, place)] =
            from->items[model_place(from->shape, from->ndim, order, place)];
    if (!is_indirect && !model_has_strides(to)) answer.wrong = CAUSE(MV_E_UNSUPPORTED);
    return answer;
}

static inline verdict model_broadcast(const model *from, const ptrdiff_t *shape, int ndim, int is_indirect,
                                      model *to)
{
    verdict answer = {ndim < from->ndim ? CAUSE(MV_E_SHAPE) : 0, is_indirect ? CAUSE(MV_E_UNSUPPORTED) : 0};
    const int added = ndim - from->ndim;
    ptrdiff_t index[MODEL_NDIM];
    for (int dim = 0; dim < ndim; dim++) {
        if (shape[dim] < 0) answer.wrong |= CAUSE(MV_E_SHAPE);
        if (dim >= added && added >= 0 && from->shape[dim - added] != 1 &&
            from->shape[dim - added] != shape[dim])
            answer.wrong |= CAUSE(MV_E_SHAPE);
        to->shape[dim] = shape[dim];
    }
    if (answer.wrong != 0) return answer;
    model_inherit(from, to);
    to->readonly = 1;
    to->ndim = ndim;
    to->count = model_product(shape, ndim);
    for (ptrdiff_t flat = 0; flat < to->count; flat++) {
        model_unravel(shape, ndim, 'C', flat, index);
        for (int dim = added; dim < ndim; dim++)
            if (from->shape[dim - added] == 1) index[dim] = 0;
        to->items[flat] = from->items[model_number(from->shape, from->ndim, index + added)];
    }
    return answer;
}

/* `format` of items of `itemsize` bytes, 0: an unknown format. `ndim` -1: no shape. */
static inline verdict model_cast(const model *from, const char *format, ptrdiff_t itemsize,
                                 const ptrdiff_t *shape, int ndim, int order, int is_indirect, model *to)
{
    verdict answer = {0, 0};
    const ptrdiff_t nbytes = from->count * from->itemsize;
    const int one = ndim == -1 || ndim == 1;
    ptrdiff_t needed = itemsize;
    if (itemsize == 0) answer.wrong |= CAUSE(MV_E_FORMAT);
    if (order != 'C' && order != 'F') answer.wrong |= CAUSE(MV_E_VALUE);
    if (is_indirect || !(model_is_packed(from, 'C') || (one && model_is_packed(from, 'F'))))
        answer.wrong |= CAUSE(MV_E_TYPE);
    if (from->count == 0 && (ndim != -1 || from->ndim != 1)) answer.wrong |= CAUSE(MV_E_TYPE);
    for (int dim = 0; dim < ndim; dim++) {
        if (shape[dim] <= 0) answer.wrong |= CAUSE(MV_E_SHAPE);
        needed *= shape[dim];
    }
    if (ndim == -1 ? itemsize != 0 && nbytes % itemsize != 0 : needed != nbytes)
        answer.wrong |= CAUSE(MV_E_TYPE);
    if (answer.wrong != 0) return answer;
    model_inherit(from, to);
    to->itemsize = itemsize;
    to->format = format;
    to->ndim = ndim == -1 ? 1 : ndim;
    if (ndim == -1)
        to->shape[0] = nbytes / itemsize;
    else
        memcpy(to->shape, shape, (size_t)ndim * sizeof *shape);
    to->count = nbytes / itemsize;
    if (to->count > MODEL_ITEMS) FAIL("a cast to %td items is more than the model holds", to->count);
    for (ptrdiff_t place = 0; place < to->count; place++)
        to->items[model_place(to->shape, to->ndim, order, place)] = from->items[0] + place * itemsize;
    return answer;
}

#endif
