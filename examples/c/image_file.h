/* Pictures in files: PNG through libpng where the program is built WITH_PNG, and PPM (P6) always. */
#ifndef IMAGE_FILE_H
#define IMAGE_FILE_H

#include "memview.h"

/* Reads a picture into a new array of format "B" and shape height x width x 3. */
mv_status image_read(const char *path, mv_object **out, mv_error *error);

/* Writes an image of that kind with rows without gaps: as PPM where the path ends in ".ppm", else as PNG. */
mv_status image_write(const char *path, const mv_buffer *image, mv_error *error);

#endif
