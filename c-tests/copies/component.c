/* A component with a copy of memview of its own, or with the shared one: all that its host sees is its
   table. */
#include "copy.h"
#include "module.h"

static mv_status draw(mv_object *image, unsigned char colour, mv_error *error)
{
    mv_buffer pixels;
    MV_TRY(mv_buffer_acquire(image, MV_CONTIG, &pixels, error));
    for (ptrdiff_t i = 0; i < pixels.len; i += 2) ((unsigned char *)pixels.buf)[i] = colour;
    mv_buffer_release(&pixels);
    return MV_OK;
}

MODULE_EXPORT const component *component_table(void);
MODULE_EXPORT const component *component_table(void)
{
    static const component table = {{COPY_FUNCTIONS(COPY_ENTRY)}, draw};
    return &table;
}
