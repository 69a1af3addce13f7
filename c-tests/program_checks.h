/*
 * Holds a view and what it reads and writes against the model. Include it after ground.h.
 */
#ifndef PROGRAM_CHECKS_H
#define PROGRAM_CHECKS_H

#include <math.h>

#include "ground.h"

static char native_code(const char *format)
{
    const char *code = format[0] == '@' ? format + 1 : format;
    return code[0] != '\0' && code[1] == '\0' ? code[0] : '\0';
}

static double half_value(uint16_t bits)
{
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    const double size = exponent == 31  ? (fraction != 0 ? (double)NAN : (double)INFINITY)
                        : exponent == 0 ? ldexp(fraction, -24)
                                        : ldexp(1024 + fraction, exponent - 25);
    return bits >> 15 ? -size : size;
}

#define READ_AS(type, at) (*(type *)memcpy(&(type){0}, (at), sizeof(type)))

/* The item at an address, as the format says. */
static mv_scalar item_value(char code, unsigned char *at, ptrdiff_t itemsize)
{
    mv_scalar value;
    memset(&value, 0, sizeof value);
    value.kind = strchr("bhilqn", code) && code   ? MV_INT
                 : strchr("BHILQN", code) && code ? MV_UINT
                                                  : MV_FLOAT;
    switch (code) {
    case '?': value.kind = MV_BOOL, value.as.i = *at != 0; break;
    case 'b': value.as.i = READ_AS(signed char, at); break;
    case 'B': value.as.u = *at; break;
    case 'h': value.as.i = READ_AS(short, at); break;
    case 'H': value.as.u = READ_AS(unsigned short, at); break;
    case 'i': value.as.i = READ_AS(int, at); break;
    case 'I': value.as.u = READ_AS(unsigned, at); break;
    case 'l': value.as.i = READ_AS(long, at); break;
    case 'L': value.as.u = READ_AS(unsigned long, at); break;
    case 'q': value.as.i = READ_AS(long long, at); break;
    case 'Q': value.as.u = READ_AS(unsigned long long, at); break;
    case 'n': value.as.i = READ_AS(ptrdiff_t, at); break;
    case 'N': value.as.u = READ_AS(size_t, at); break;
    case 'e': value.as.f = half_value(READ_AS(uint16_t, at)); break;
    case 'f': value.as.f = (double)READ_AS(float, at); break;
    case 'd': value.as.f = READ_AS(double, at); break;
    case 'P': value.kind = MV_POINTER, value.as.u = READ_AS(uintptr_t, at); break;
    default:
        value.kind = code == 'c' ? MV_BYTES : MV_RECORD;
        value.as.bytes.data = at;
        value.as.bytes.length = (size_t)itemsize;
    }
    return value;
}

static void check_item(const mv_view *view, const model *m, const ptrdiff_t *index, unsigned char *at)
{
    const char code = native_code(m->format);
    const mv_scalar expected = item_value(code, at, m->itemsize);
    mv_scalar got;
    void *pointer = NULL;
    CHECK_OK(mv_buffer_pointer(mv_view_buffer(view), index, m->ndim, &pointer, &error));
    CHECK_PTR(pointer, at);
    CHECK_OK(mv_view_get(view, index, m->ndim, &got, &error));
    CHECK_INT(got.kind, expected.kind);
    CHECK_INT(got.reserved, 0);
    CHECK_INT(got.format != NULL, got.kind == MV_RECORD);
    if (got.kind == MV_FLOAT)
        CHECK_DOUBLE(got.as.f, expected.as.f);
    else if (got.kind == MV_BYTES || got.kind == MV_RECORD) {
        CHECK_PTR(got.as.bytes.data, at);
        CHECK_SIZE(got.as.bytes.length, expected.as.bytes.length);
    } else
        CHECK_INT(got.as.i, expected.as.i);
}

/* Every order that a copy can have, by the view and by its buffer. */
static void check_reads(const mv_view *view, const model *m)
{
    static unsigned char expected[MODEL_ITEMS * 8], got[MODEL_ITEMS * 8 + 1];
    const size_t length = (size_t)(m->count * m->itemsize);
    const int indirect = mv_view_buffer(view)->suboffsets != NULL;
    for (int i = 0; i < 3; i++) {
        const int order = "CFA"[i], meant = model_order(m, order, indirect);
        for (ptrdiff_t place = 0; place < m->count; place++)
            memcpy(expected + place * m->itemsize, m->items[model_place(m->shape, m->ndim, meant, place)],
                   (size_t)m->itemsize);
        got[length] = 0x5a;
        memset(got, 0xa5, length);
        CHECK_OK(mv_view_read(view, NULL, order, got, length, &error));
        CHECK_BYTES(got, expected, length);
        memset(got, 0xa5, length);
        CHECK_OK(mv_buffer_to_contiguous(mv_view_buffer(view), got, length, order, &error));
        CHECK_BYTES(got, expected, length);
        CHECK_INT(got[length], 0x5a);
    }
    CHECK_STATUS(mv_view_read(view, NULL, 'C', got, length + 1, &error), MV_E_SHAPE);
}

static void check_attributes(const mv_view *view, const model *m)
{
    const mv_buffer *buffer = mv_view_buffer(view);
    CHECK_INT(buffer->ndim, m->ndim);
    for (int dim = 0; dim < m->ndim; dim++) CHECK_INT(buffer->shape[dim], m->shape[dim]);
    CHECK((buffer->shape == NULL) == (m->ndim == 0));
    CHECK((buffer->strides == NULL) == (m->ndim == 0));
    CHECK_INT(buffer->itemsize, m->itemsize);
    CHECK_INT(buffer->len, m->count * m->itemsize);
    CHECK_INT(buffer->readonly, m->readonly);
    CHECK_STR(buffer->format, m->format);
    CHECK_PTR(buffer->obj, ground.object);
    CHECK_PTR(mv_view_exporter(view), ground.object);
    const int indirect = buffer->suboffsets != NULL;
    if (m->indirect == 0) CHECK(!indirect);
    for (int i = 0; i < 2; i++)
        CHECK_INT(mv_buffer_is_contiguous(buffer, "CF"[i]), !indirect && model_is_packed(m, "CF"[i]));
    CHECK_INT(mv_buffer_is_contiguous(buffer, 'A'),
              !indirect && (model_is_packed(m, 'C') || model_is_packed(m, 'F')));
}

/* The extent holds all items of a direct view, and not a byte more. */
static void check_extent(const mv_view *view, const model *m)
{
    const void *low = NULL;
    size_t size = 1;
    CHECK_OK(mv_buffer_extent(mv_view_buffer(view), &low, &size, &error));
    if (mv_view_buffer(view)->suboffsets != NULL) return;
    if (m->count == 0) CHECK_SIZE(size, 0);
    const unsigned char *lowest = m->items[0], *highest = m->items[0];
    uintptr_t bits = 0;
    for (ptrdiff_t i = 0; i < m->count; i++) {
        if (m->items[i] < lowest) lowest = m->items[i];
        if (m->items[i] > highest) highest = m->items[i];
        bits |= (uintptr_t)m->items[i];
    }
    if (m->count == 0) return;
    CHECK_PTR(low, lowest);
    CHECK_SIZE(size, (size_t)(highest - lowest + m->itemsize));
    CHECK_SIZE(mv_buffer_alignment(mv_view_buffer(view)) & (size_t)-1, (size_t)(bits & (~bits + 1)));
}

static void check_view(mv_view *view, const model *m)
{
    ptrdiff_t index[MODEL_NDIM];
    mv_scalar unused;
    check_attributes(view, m);
    for (ptrdiff_t flat = 0; flat < m->count; flat++) {
        model_unravel(m->shape, m->ndim, 'C', flat, index);
        for (int dim = 0; dim < m->ndim; dim++) index[dim] -= random_percent(20) ? m->shape[dim] : 0;
        check_item(view, m, index, m->items[flat]);
    }
    check_reads(view, m);
    check_extent(view, m);
    if (m->ndim == 0) return;
    const int dim = random_below(m->ndim);
    memset(index, 0, sizeof index);
    index[dim] = random_percent(50) ? m->shape[dim] : -m->shape[dim] - 1;
    for (int other = 0; other < m->ndim; other++)
        if (m->shape[other] == 0 && other != dim) return; /* then every index is out of bounds */
    CHECK_STATUS(mv_view_get(view, index, m->ndim, &unused, &error), MV_E_INDEX);
    CHECK_INT(error.dim, dim);
    CHECK_INT(error.value, index[dim]);
    CHECK_INT(error.limit, m->shape[dim]);
    CHECK_STATUS(mv_view_get(view, index, m->ndim - 1, &unused, &error), MV_E_TYPE);
    CHECK_STATUS(mv_view_get(view, index, m->ndim + 1, &unused, &error), MV_E_TYPE);
}

/* No two items share a byte. */
static int is_distinct(const model *m)
{
    static unsigned char taken[GROUND_BYTES];
    memset(taken, 0, ground.size);
    for (ptrdiff_t i = 0; i < m->count; i++)
        for (ptrdiff_t byte = 0; byte < m->itemsize; byte++)
            if (taken[m->items[i] - ground.low + byte]++ != 0) return 0;
    return 1;
}

static unsigned char *in_shadow(const unsigned char *item)
{
    return ground_shadow + (item - ground.low);
}

static void check_set(mv_view *view, const model *m)
{
    ptrdiff_t from[MODEL_NDIM], to[MODEL_NDIM];
    const char code = native_code(m->format);
    const int source = random_below((int)m->count), target = random_below((int)m->count);
    mv_scalar value;
    model_unravel(m->shape, m->ndim, 'C', source, from);
    model_unravel(m->shape, m->ndim, 'C', target, to);
    CHECK_OK(mv_view_get(view, from, m->ndim, &value, &error));
    const mv_status expected = m->readonly ? MV_E_READONLY : code == '\0' ? MV_E_FORMAT : MV_OK;
    if (code == '\0') value.kind = MV_INT, value.as.i = 1;          /* the format refuses, not the kind */
    if (value.kind == MV_FLOAT && value.as.f != value.as.f) return; /* its bits need not survive */
    CHECK_STATUS(mv_view_set(view, to, m->ndim, &value, &error), expected);
    if (expected != MV_OK) return;
    memmove(in_shadow(m->items[target]), in_shadow(m->items[source]), (size_t)m->itemsize);
    if (code == '?') *in_shadow(m->items[target]) = value.as.i != 0;
}

/* Writes by the view and by its buffer; the shadow is written by the model. */
static void check_writes(mv_view *view, const model *m)
{
    static unsigned char data[MODEL_ITEMS * 8];
    const size_t length = (size_t)(m->count * m->itemsize);
    const int order = "CFA"[random_below(3)];
    if (m->count > 0) check_set(view, m);
    if (!m->readonly && !is_distinct(m)) return;
    random_fill(data, length);
    const mv_status expected = m->readonly ? MV_E_READONLY : MV_OK;
    if (random_percent(50))
        CHECK_STATUS(mv_view_write(view, random_percent(50) ? NULL : m->format, order, data, length, &error),
                     expected);
    else
        CHECK_STATUS(mv_buffer_from_contiguous(mv_view_buffer(view), data, length, order, &error), expected);
    if (m->readonly) return;
    const int meant = model_order(m, order, mv_view_buffer(view)->suboffsets != NULL);
    for (ptrdiff_t place = 0; place < m->count; place++)
        memcpy(in_shadow(m->items[model_place(m->shape, m->ndim, meant, place)]), data + place * m->itemsize,
               (size_t)m->itemsize);
}

#endif
