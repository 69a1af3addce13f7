/* A plugin: it knows memview.h and nothing else of its host, and links nothing. It draws into a crop. */
#include <stdio.h>
#include <string.h>

#include "memview.h"

static mv_view *crop; /* kept until the host asks to let go */

mv_status stripes_draw(mv_object *image, mv_error *error)
{
    const mv_request request = {sizeof request, MV_FULL, 3, "B", "stripes plugin"};
    mv_view *whole;
    MV_TRY(mv_view_new_for(image, &request, &whole, error));
    const ptrdiff_t height = mv_view_buffer(whole)->shape[0], width = mv_view_buffer(whole)->shape[1];
    const ptrdiff_t edge = height / 12, stripe = 2 + (height + width) / 100;
    char index[100];
    snprintf(index, sizeof index, "%td:%td, %td:%td", edge, edge + height / 6, edge, edge + width / 3);
    const mv_status status = mv_view_slice(whole, index, &crop, error);
    mv_view_unref(whole); /* the crop keeps the acquisition */
    MV_TRY(status);
    const mv_buffer *pixels = mv_view_buffer(crop);
    for (ptrdiff_t y = 0; y < pixels->shape[0]; y++)
        for (ptrdiff_t x = 0; x < pixels->shape[1]; x++)
            if ((x + y) / stripe % 2 == 0) memcpy(mv_item(pixels, y, x), "\xff\xd2\x3c", 3);
    return MV_OK;
}

void stripes_let_go(void)
{
    mv_view_unref(crop);
    crop = NULL;
}
