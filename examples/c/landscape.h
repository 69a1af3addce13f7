/* The picture that the contact sheet draws when it is given none: a bay at sunset. */
#ifndef LANDSCAPE_H
#define LANDSCAPE_H

#include "memview.h"

/* Draws into an image of format "B" and shape height x width x 3. */
void landscape_draw(const mv_buffer *image);

#endif
