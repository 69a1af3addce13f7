/* The codecs work on the array's own memory: nothing is staged. */
#include "image_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#ifdef WITH_PNG
#include <png.h>
#endif

static const long most_pixels = 100 * 1000 * 1000;

static mv_status fail(mv_error *error, mv_status status, const char *path, const char *reason)
{
    char message[400];
    snprintf(message, sizeof message, "%s: %s", path, reason);
    return mv_fail(error, status, message);
}

/* A new array, and its memory to write to: the caller releases it. */
static mv_status new_image(const char *path, long width, long height, mv_object **out, mv_buffer *memory,
                           mv_error *error)
{
    if (width < 1 || height < 1) return fail(error, MV_E_SHAPE, path, "the picture is empty");
    if (width > most_pixels / height)
        return fail(error, MV_E_LIMIT, path, "the picture has more than 100 million pixels");
    MV_TRY(mv_array_new("B", MV_DIMS(height, width, 3), 'C', out, error));
    return mv_buffer_acquire(*out, MV_CONTIG, memory, error);
}

/* A decimal number of the header, after white space and comments; -1 where there is none. */
static long header_number(FILE *file)
{
    int c = fgetc(file);
    while (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '#') {
        while (c == '#' && (c = fgetc(file)) != EOF && c != '\n') c = '#';
        c = fgetc(file);
    }
    long number = c >= '0' && c <= '9' ? 0 : -1;
    for (; c >= '0' && c <= '9'; c = fgetc(file))
        if (number <= most_pixels) number = number * 10 + (c - '0');
    return number; /* and the one character of white space after it is gone */
}

static mv_status read_ppm(FILE *file, const char *path, mv_object **out, mv_error *error)
{
    const long width = header_number(file), height = header_number(file), most = header_number(file);
    if (width < 0 || height < 0 || most < 0) return fail(error, MV_E_VALUE, path, "the PPM header is broken");
    if (most != 255) return fail(error, MV_E_UNSUPPORTED, path, "the PPM's greatest value is not 255");
    mv_buffer memory;
    MV_TRY(new_image(path, width, height, out, &memory, error));
    const size_t got = fread(memory.buf, 1, (size_t)memory.len, file), wanted = (size_t)memory.len;
    mv_buffer_release(&memory);
    if (got == wanted) return MV_OK;
    char reason[100];
    snprintf(reason, sizeof reason, "the pixels end after %zu of %zu bytes", got, wanted);
    return fail(error, MV_E_VALUE, path, reason);
}

static mv_status write_ppm(const char *path, const mv_buffer *image, mv_error *error)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL) return fail(error, MV_E_SYSTEM, path, strerror(errno));
    fprintf(file, "P6\n%td %td\n255\n", image->shape[1], image->shape[0]);
    for (ptrdiff_t y = 0; y < image->shape[0]; y++)
        fwrite(mv_row(image, y), 3, (size_t)image->shape[1], file);
    const int broken = ferror(file);
    return fclose(file) != 0 || broken ? fail(error, MV_E_SYSTEM, path, strerror(errno)) : MV_OK;
}

#ifdef WITH_PNG
static mv_status read_png(FILE *file, const char *path, mv_object **out, mv_error *error)
{
    const png_color white = {255, 255, 255};
    png_image png;
    memset(&png, 0, sizeof png);
    png.version = PNG_IMAGE_VERSION;
    rewind(file);
    if (!png_image_begin_read_from_stdio(&png, file)) return fail(error, MV_E_VALUE, path, png.message);
    png.format = PNG_FORMAT_RGB;
    mv_buffer memory = {0};
    mv_status status = new_image(path, (long)png.width, (long)png.height, out, &memory, error);
    const png_int_32 row = (png_int_32)(png.width * 3);
    if (status == MV_OK && !png_image_finish_read(&png, &white, memory.buf, row, NULL))
        status = fail(error, MV_E_VALUE, path, png.message);
    mv_buffer_release(&memory);
    png_image_free(&png);
    return status;
}

static mv_status write_png(const char *path, const mv_buffer *image, mv_error *error)
{
    png_image png;
    memset(&png, 0, sizeof png);
    png.version = PNG_IMAGE_VERSION;
    png.height = (png_uint_32)image->shape[0];
    png.width = (png_uint_32)image->shape[1];
    png.format = PNG_FORMAT_RGB;
    if (png_image_write_to_file(&png, path, 0, image->buf, (png_int_32)image->strides[0], NULL)) return MV_OK;
    return fail(error, MV_E_SYSTEM, path, png.message);
}
#else
static mv_status read_png(FILE *file, const char *path, mv_object **out, mv_error *error)
{
    (void)file, (void)out;
    return fail(error, MV_E_UNSUPPORTED, path, "this program was built without libpng, and reads PPM alone");
}

static mv_status write_png(const char *path, const mv_buffer *image, mv_error *error)
{
    (void)image;
    return fail(error, MV_E_UNSUPPORTED, path, "this program was built without libpng, and writes PPM alone");
}
#endif

mv_status image_read(const char *path, mv_object **out, mv_error *error)
{
    *out = NULL;
    FILE *file = fopen(path, "rb");
    if (file == NULL) return fail(error, MV_E_SYSTEM, path, strerror(errno));
    unsigned char start[8] = {0};
    const size_t got = fread(start, 1, 2, file);
    mv_status status;
    if (got == 2 && memcmp(start, "P6", 2) == 0)
        status = read_ppm(file, path, out, error);
    else if (got == 2 && memcmp(start, "\x89P", 2) == 0)
        status = read_png(file, path, out, error);
    else
        status = fail(error, MV_E_VALUE, path, "neither a PNG nor a PPM (P6)");
    fclose(file);
    if (status == MV_OK) return MV_OK;
    mv_object_unref(*out);
    *out = NULL;
    return status;
}

mv_status image_write(const char *path, const mv_buffer *image, mv_error *error)
{
    const size_t length = strlen(path);
    if (length > 4 && strcmp(path + length - 4, ".ppm") == 0) return write_ppm(path, image, error);
    return write_png(path, image, error);
}
