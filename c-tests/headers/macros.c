/* Every macro and every inline function of the headers, compiled in every standard of C and C++. */
#include "memview_inline.h"

#include "memview.h"

static mv_status refuse(mv_object *self, const mv_request *request, mv_buffer *out, mv_error *error)
{
    (void)self;
    (void)request;
    (void)out;
    return mv_fail(error, MV_E_BUFFER, "never");
}

static const mv_type kind = {MV_TYPE_INIT, "kind", NULL, NULL, refuse, NULL, NULL, MV_TYPE_LEASES};

int use(const mv_view *view, const mv_buffer *buffer, mv_error *error);
mv_status typed(mv_view *view, mv_format **format, mv_error *error);

struct point {
    float x;
    unsigned char tag;
    double weights[3];
};

/* The members of a struct; a macro each. */
static const mv_member members[] = {
    MV_MEMBER(struct point, x, "f"),
    MV_MEMBER(struct point, tag, NULL),
    MV_MEMBER(struct point, weights, "3d"),
};

mv_status typed(mv_view *view, mv_format **format, mv_error *error)
{
#if defined(__cplusplus) || (defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L)
    const mv_member own[] = {MV_MEMBER_OF(struct point, x), MV_MEMBER_OF(struct point, tag)};
    signed char a;
    unsigned short b;
    unsigned long long c;
    float d;
    MV_TRY(mv_get(view, &a, 1));
    MV_TRY(mv_get(view, &b, 1, 2));
    MV_TRY(mv_get(view, &c, 1, 2, 3));
    MV_TRY(mv_get(view, &d, -1));
    MV_TRY(mv_set(view, a, 1));
    MV_TRY(mv_set(view, b, 1, 2));
    MV_TRY(mv_set(view, c, 1, 2, 3));
    MV_TRY(mv_set(view, d, -1));
    MV_TRY(mv_set(view, 1, 0));
    MV_TRY(mv_set(view, 0.5, 0));
    MV_TRY(mv_format_from_members(own, 2, sizeof(struct point), format, error));
#else
    (void)view;
#endif
    return mv_format_from_members(members, 3, sizeof(struct point), format, error);
}

static mv_status tries(const mv_view *view, mv_view **out, mv_error *error)
{
    const mv_index items[] = {MV_AT(0),     MV_SLICE(1, 2), MV_STEP(9, 0, -2), MV_FROM(1), MV_TO(2),
                              MV_EVERY(-1), MV_ALL,         MV_ELLIPSIS,       MV_NEWAXIS};
    MV_TRY(mv_view_index(view, items, 9, out, error));
#ifndef __cplusplus
    MV_TRY(mv_view_index(view, MV_ITEMS(MV_AT(0), MV_ALL), out, error));
    MV_TRY(mv_view_broadcast(view, MV_DIMS(2, 3), out, error));
#endif
    return mv_view_cast(view, "B", MV_NO_SHAPE, 'C', out, error);
}

int use(const mv_view *view, const mv_buffer *buffer, mv_error *error)
{
    mv_request request = MV_REQUEST_INIT;
    mv_view *out = NULL;
    const ptrdiff_t index[] = {1, 2};
    void *item;
    request.ndim = 2;
#if defined(__cplusplus) || (defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L)
    request.format = MV_FORMAT_OF(float);
#endif
    if (kind.acquire(NULL, &request, NULL, error) == MV_OK) return 1;
    MV_TRY(mv_buffer_pointer_inline(buffer, index, 2, &item, error));
    return tries(view, &out, error) != MV_OK || mv_item(buffer, 1, 2) == mv_row(buffer, 1);
}
