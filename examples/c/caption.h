/* Small letters for captions. */
#ifndef CAPTION_H
#define CAPTION_H

#include "memview.h"

enum { CAPTION_HEIGHT = 18 };

/* Writes text into an image of format "B" and shape height x width x 3; what lies outside is left out. */
void caption_draw(const mv_buffer *image, ptrdiff_t top, ptrdiff_t left, const char *text,
                  const unsigned char colour[3]);

#endif
