/*
 * One image, six views of it, a plugin that draws into it, and a resize that has to wait for both.
 *
 *     contact_sheet PLUGIN OUTPUT [IMAGE]
 *
 * IMAGE is a PNG or a PPM; without one the host draws a picture itself. OUTPUT shows all six views.
 */
#include <stdio.h>

#include "caption.h"
#include "image_file.h"
#include "landscape.h"
#include "memview.h"
#include "plugin.h"

enum { ORIGINAL, FLIPPED, MIRRORED, CHANNEL, TRANSPOSED, HALF, VIEWS };
enum { MARGIN = 28, GAP = 28, UNDER = 10, LINE = UNDER + CAPTION_HEIGHT + GAP };
enum { LEAST = 240, LARGEST = 640 }; /* pixels of a column, and of a view's longer side */

static const struct {
    const char *name, *caption;
} panes[VIEWS] = {
    {"original", "original"},
    {"flipped", "flipped  [::-1]"},
    {"mirrored", "mirrored  [:, ::-1]"},
    {"green channel", "green channel  [:, :, 1:2]"},
    {"transposed", "transposed  (1, 0, 2)"},
    {"half size", "half size  [::2, ::2]"},
};

typedef struct spot {
    ptrdiff_t top, left;
} spot;

typedef struct demo {
    mv_object *image, *sheet;
    mv_view *views[VIEWS]; /* all of one acquisition of the image */
    plugin plugin;
} demo;

static mv_status draw_image(mv_object **out, mv_error *error)
{
    mv_buffer pixels;
    MV_TRY(mv_array_new("B", MV_DIMS(320, 480, 3), 'C', out, error));
    MV_TRY(mv_buffer_acquire(*out, MV_STRIDED, &pixels, error));
    landscape_draw(&pixels);
    mv_buffer_release(&pixels);
    return MV_OK;
}

static mv_status make_views(mv_object *image, mv_view **views, mv_error *error)
{
    const mv_request request = {sizeof request, MV_FULL_RO, 3, "B", "contact sheet"};
    MV_TRY(mv_view_new_for(image, &request, &views[ORIGINAL], error));
    const ptrdiff_t *shape = mv_view_buffer(views[ORIGINAL])->shape;
    MV_TRY(mv_view_slice(views[ORIGINAL], "::-1", &views[FLIPPED], error));
    MV_TRY(mv_view_slice(views[ORIGINAL], ":, ::-1", &views[MIRRORED], error));
    MV_TRY(mv_view_slice(views[ORIGINAL], "::2, ::2", &views[HALF], error));
    MV_TRY(mv_view_transpose(views[ORIGINAL], (const int[]){1, 0, 2}, 3, &views[TRANSPOSED], error));

    mv_view *green;
    MV_TRY(mv_view_slice(views[ORIGINAL], ":, :, 1:2", &green, error));
    const mv_status status = mv_view_broadcast(green, MV_DIMS(shape[0], shape[1], 3), &views[CHANNEL], error);
    mv_view_unref(green);
    return status;
}

/* The bytes of a view's items that do not lie in the image's own memory, but in a copy. */
static mv_status copied_bytes(const mv_view *view, const mv_buffer *image, ptrdiff_t *out, mv_error *error)
{
    const void *low;
    size_t size;
    MV_TRY(mv_buffer_extent(mv_view_buffer(view), &low, &size, error));
    const uintptr_t first = (uintptr_t)low, begin = (uintptr_t)image->buf;
    const int inside = first >= begin && first + size <= begin + (uintptr_t)image->len;
    *out = inside ? 0 : mv_view_buffer(view)->len;
    return MV_OK;
}

static mv_status print_views(mv_object *image, mv_view **views, mv_error *error)
{
    mv_buffer memory;
    ptrdiff_t copied, total = 0;
    MV_TRY(mv_buffer_acquire(image, MV_CONTIG_RO, &memory, error));
    printf("%-14s %-18s %-18s %s\n", "view", "shape", "strides", "first item at byte");
    for (int i = 0; i < VIEWS; i++) {
        const mv_buffer *b = mv_view_buffer(views[i]);
        char shape[80], strides[80];
        snprintf(shape, sizeof shape, "%td x %td x %td", b->shape[0], b->shape[1], b->shape[2]);
        snprintf(strides, sizeof strides, "%td, %td, %td", b->strides[0], b->strides[1], b->strides[2]);
        printf("%-14s %-18s %-18s %td\n", panes[i].name, shape, strides, (char *)b->buf - (char *)memory.buf);
        const mv_status status = copied_bytes(views[i], &memory, &copied, error);
        if (status != MV_OK) return mv_buffer_release(&memory), status;
        total += copied;
    }
    printf("%td bytes of pixels, %td bytes copied to make %d views of them\n\n", memory.len, total, VIEWS);
    mv_buffer_release(&memory);
    return MV_OK;
}

/* Copies a view into the sheet, every `step`-th pixel of it, and writes its caption below. */
static mv_status place(mv_view *sheet, const mv_view *view, const char *caption, ptrdiff_t step, spot at,
                       mv_error *error)
{
    const unsigned char light[3] = {222, 218, 210};
    const ptrdiff_t top = at.top, left = at.left;
    mv_view *shown = NULL, *slot = NULL;
    mv_status status = mv_view_index(view, MV_ITEMS(MV_EVERY(step), MV_EVERY(step)), &shown, error);
    if (status == MV_OK) {
        const ptrdiff_t bottom = top + mv_view_buffer(shown)->shape[0];
        const ptrdiff_t right = left + mv_view_buffer(shown)->shape[1];
        caption_draw(mv_view_buffer(sheet), bottom + UNDER, left, caption, light);
        status = mv_view_index(sheet, MV_ITEMS(MV_SLICE(top, bottom), MV_SLICE(left, right)), &slot, error);
    }
    if (status == MV_OK) status = mv_view_copy(slot, shown, error);
    mv_view_unref(shown);
    mv_view_unref(slot);
    return status;
}

static ptrdiff_t greater(ptrdiff_t a, ptrdiff_t b)
{
    return a > b ? a : b;
}

/* Three columns: original over mirrored, flipped over the channel, transposed over half size. */
static mv_status lay_out(demo *demo, mv_error *error)
{
    const ptrdiff_t *shape = mv_view_buffer(demo->views[ORIGINAL])->shape;
    const ptrdiff_t step = 1 + (greater(shape[0], shape[1]) - 1) / LARGEST;
    const ptrdiff_t height = (shape[0] - 1) / step + 1, width = (shape[1] - 1) / step + 1;
    const ptrdiff_t column = greater(width, LEAST), narrow = greater(greater(height, (width + 1) / 2), LEAST);
    const ptrdiff_t lefts[] = {MARGIN, MARGIN + column + GAP, MARGIN + 2 * (column + GAP)};
    const ptrdiff_t second = MARGIN + height + LINE, last = MARGIN + width + LINE;
    const ptrdiff_t bottom = greater(second + height, last + (height + 1) / 2) + UNDER + CAPTION_HEIGHT;

    MV_TRY(
        mv_array_new("B", MV_DIMS(bottom + MARGIN, lefts[2] + narrow + MARGIN, 3), 'C', &demo->sheet, error));
    mv_view *sheet;
    MV_TRY(mv_view_new(demo->sheet, MV_FULL, &sheet, error));
    const spot at[VIEWS] = {{MARGIN, lefts[0]}, {MARGIN, lefts[1]}, {second, lefts[0]},
                            {second, lefts[1]}, {MARGIN, lefts[2]}, {last, lefts[2]}};
    const mv_scalar dark = {.kind = MV_UINT, .as.u = 26};
    mv_status status = mv_view_fill(sheet, &dark, error);
    for (int i = 0; i < VIEWS && status == MV_OK; i++)
        status = place(sheet, demo->views[i], panes[i].caption, step, at[i], error);
    mv_view_unref(sheet);
    return status;
}

static mv_status write_sheet(mv_object *sheet, const char *path, mv_error *error)
{
    mv_buffer pixels;
    MV_TRY(mv_buffer_acquire(sheet, MV_STRIDED_RO, &pixels, error));
    const mv_status status = image_write(path, &pixels, error);
    mv_buffer_release(&pixels);
    return status;
}

static void let_go(demo *demo)
{
    if (demo->plugin.let_go) demo->plugin.let_go();
    for (int i = 0; i < VIEWS; i++) {
        mv_view_unref(demo->views[i]);
        demo->views[i] = NULL;
    }
}

/* Asks for a greater image: in vain while somebody holds it, then with success. */
static mv_status grow(demo *demo, mv_error *error)
{
    const ptrdiff_t *shape = mv_view_buffer(demo->views[ORIGINAL])->shape;
    const ptrdiff_t height = shape[0] + (shape[0] + 4) / 5, width = shape[1];
    printf("the image is to grow from %td to %td rows\n", shape[0], height);

    char holders[200];
    const mv_status status = mv_array_resize(demo->image, MV_DIMS(height, width, 3), error);
    if (status == MV_OK) return mv_fail(error, MV_E_EXPORTED, "the image moved away under its views");
    if (status != MV_E_EXPORTED) return status;
    MV_TRY(mv_object_holders(demo->image, holders, sizeof holders, NULL, NULL));
    printf("refused: %lld exports, held by %s\n", (long long)error->value, holders);

    let_go(demo);
    printf("both let go\n");
    MV_TRY(mv_array_resize(demo->image, MV_DIMS(height, width, 3), error));
    mv_buffer grown;
    MV_TRY(mv_buffer_acquire(demo->image, MV_CONTIG_RO, &grown, error));
    printf("granted: the image is %td x %td x %td\n\n", grown.shape[0], grown.shape[1], grown.shape[2]);
    mv_buffer_release(&grown);
    return MV_OK;
}

static mv_status run(demo *demo, const char *module, const char *output, const char *input, mv_error *error)
{
    MV_TRY(plugin_load(module, &demo->plugin, error));
    MV_TRY(input ? image_read(input, &demo->image, error) : draw_image(&demo->image, error));
    MV_TRY(make_views(demo->image, demo->views, error));
    MV_TRY(print_views(demo->image, demo->views, error));
    MV_TRY(demo->plugin.draw(demo->image, error));
    printf("the plugin drew its stripes, once\n");
    MV_TRY(lay_out(demo, error));
    MV_TRY(grow(demo, error));
    return write_sheet(demo->sheet, output, error);
}

int main(int count, char **arguments)
{
    if (count < 3 || count > 4) return fprintf(stderr, "usage: contact_sheet PLUGIN OUTPUT [IMAGE]\n"), 2;
    demo demo = {0};
    mv_error error;
    const mv_status status = run(&demo, arguments[1], arguments[2], count == 4 ? arguments[3] : NULL, &error);
    if (status == MV_OK)
        printf("picture: %s\n", arguments[2]);
    else
        fprintf(stderr, "contact_sheet: %s (%s)\n", error.message, mv_status_name(status));
    let_go(&demo);
    mv_object_unref(demo.image);
    mv_object_unref(demo.sheet);
    plugin_unload(&demo.plugin);
    return status == MV_OK ? 0 : 1;
}
