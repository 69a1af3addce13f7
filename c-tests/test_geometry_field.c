/* Geometry: a part of every item. */
#include "fixtures.h"

struct pixel {
    unsigned char tag;
    short position[2];
    struct {
        float gain;
        int count;
    } inner[2];
};

static const char pixel_format[] = "T{B:tag:(2)h:position:(2)T{f:gain:i:count:}:inner:}";

/* Three items, numbered by hand. */
static mv_view *pixels(struct pixel *data)
{
    mv_view *view = NULL;
    for (int i = 0; i < 3; i++) {
        memset(&data[i], 0, sizeof data[i]);
        data[i].tag = (unsigned char)(10 + i);
        for (int j = 0; j < 2; j++) {
            data[i].position[j] = (short)(100 * i + j);
            data[i].inner[j].gain = (float)i + 0.5f * (float)j;
            data[i].inner[j].count = 1000 * i + j;
        }
    }
    CHECK_OK(mv_view_wrap(data, pixel_format, MV_DIMS(3), 0, &view, &error));
    CHECK_INT(mv_view_buffer(view)->itemsize, sizeof(struct pixel));
    return view;
}

static mv_view *field_of(const mv_view *view, const char *path)
{
    mv_view *made = NULL;
    CHECK_OK(mv_view_field(view, path, &made, &error));
    return made;
}

TEST(field_of_a_struct)
{
    struct pixel data[3];
    mv_view *view = pixels(data), *tag = field_of(view, "tag"), *back = sliced(tag, "::-1");
    CHECK_STR(mv_view_buffer(tag)->format, "B");
    CHECK_STRIDES(tag, sizeof(struct pixel));
    CHECK_ITEMS(tag, 10, 11, 12);
    CHECK_ITEMS(back, 12, 11, 10);
    CHECK_OK(mv_view_set_i64(back, MV_DIMS(0), 77, &error));
    CHECK_INT(data[2].tag, 77);
    DROP(view, tag, back);
}

TEST(field_that_is_a_sub_array)
{
    struct pixel data[3];
    mv_view *view = pixels(data), *position = field_of(view, "position"),
            *second = field_of(view, "position[1]");
    CHECK_SHAPE(position, 3, 2);
    CHECK_STRIDES(position, sizeof(struct pixel), 2);
    CHECK_ITEMS(position, 0, 1, 100, 101, 200, 201);
    CHECK_ITEMS(second, 1, 101, 201);
    DROP(view, position, second);
}

TEST(field_of_a_field)
{
    struct pixel data[3];
    mv_view *view = pixels(data), *inner = field_of(view, "inner"), *counts = field_of(inner, "count");
    mv_view *direct = field_of(view, "inner[1].gain");
    double gain = 0;
    CHECK_SHAPE(inner, 3, 2);
    CHECK_INT(mv_view_buffer(inner)->itemsize, sizeof data[0].inner[0]);
    CHECK_ITEMS(counts, 0, 1, 1000, 1001, 2000, 2001);
    CHECK_OK(mv_view_get_f64(direct, MV_DIMS(2), &gain, &error));
    CHECK_DOUBLE(gain, 2.5);
    DROP(view, inner); /* the format of what is left lives on */
    CHECK_STR(mv_view_buffer(counts)->format, "i");
    CHECK_ITEMS(counts, 0, 1, 1000, 1001, 2000, 2001);
    DROP(counts, direct);
}

TEST(field_of_values_without_names)
{
    int data[] = {1, 2, 3, 4};
    mv_view *view, *second;
    CHECK_OK(mv_view_wrap(data, "ii", MV_DIMS(2), 0, &view, &error));
    second = field_of(view, "[1]");
    CHECK_ITEMS(second, 2, 4);
    DROP(view, second);
}

TEST(field_in_another_byte_order)
{
    unsigned char data[] = {0, 0, 1, 2, 9, 0, 0, 3, 4, 9};
    mv_view *view, *number, *child;
    int64_t value = 0;
    CHECK_OK(mv_view_wrap(data, "T{>I:number:B:rest:}", MV_DIMS(2), 0, &view, &error));
    number = field_of(view, "number");
    child = sliced(number, "1:");
    CHECK_STR(mv_view_buffer(child)->format, ">I");
    DROP(view, number);
    CHECK_OK(mv_view_get_i64(child, MV_DIMS(0), &value, &error));
    CHECK_INT(value, 0x304);
    CHECK_OK(mv_view_set_i64(child, MV_DIMS(0), 0x01020304, &error));
    CHECK_BYTES(data + 5, "\1\2\3\4", 4);
    DROP(child);
}

TEST(real_and_imaginary_part)
{
    double data[] = {1, 2, 3, 4};
    mv_view *view, *real, *imaginary, *odd;
    double value = 0;
    CHECK_OK(mv_view_wrap(data, "Zd", MV_DIMS(2), 0, &view, &error));
    real = field_of(view, "real");
    imaginary = field_of(view, "imag");
    CHECK_STR(mv_view_buffer(real)->format, "d");
    CHECK_STRIDES(imaginary, 16);
    CHECK_OK(mv_view_get_f64(real, MV_DIMS(1), &value, &error));
    CHECK_DOUBLE(value, 3);
    CHECK_OK(mv_view_set_f64(imaginary, MV_DIMS(0), -5, &error));
    CHECK_DOUBLE(data[1], -5);
    DROP(view, real, imaginary);
    CHECK_OK(mv_view_wrap(data, "T{Zd:wave:Zd:real:}", MV_DIMS(1), 0, &view, &error));
    imaginary = field_of(view, "wave.imag");
    CHECK_OK(mv_view_get_f64(imaginary, MV_DIMS(0), &value, &error));
    CHECK_DOUBLE(value, -5);
    odd = field_of(view, "real"); /* a field of that name comes first */
    CHECK_STR(mv_view_buffer(odd)->format, "Zd");
    DROP(view, imaginary, odd);
}

TEST(field_behind_pointers)
{
    struct pixel row[3], *rows[] = {row, row};
    DROP(pixels(row));
    const ptrdiff_t shape[] = {2, 3}, strides[] = {sizeof rows[0], sizeof row[0]}, suboffsets[] = {0, -1};
    const mv_buffer description = {.buf = rows,
                                   .itemsize = sizeof row[0],
                                   .ndim = 2,
                                   .format = pixel_format,
                                   .shape = shape,
                                   .strides = strides,
                                   .suboffsets = suboffsets};
    mv_view *view, *position;
    CHECK_OK(mv_view_from_buffer(&description, &view, &error));
    position = field_of(view, "position");
    CHECK_SHAPE(position, 2, 3, 2);
    CHECK_SUBOFFSETS(position, offsetof(struct pixel, position), -1, -1);
    CHECK_ITEMS(position, 0, 1, 100, 101, 200, 201, 0, 1, 100, 101, 200, 201);
    DROP(view, position);
}

TEST(field_refuses)
{
    struct pixel data[3];
    mv_view *view = pixels(data), *made, *plain = numbered("i", MV_DIMS(2), 'C'), *opaque;
    CHECK_NOTHING(made, mv_view_field(view, "tga", &made, &error), MV_E_NOT_FOUND);
    CHECK_INT(error.position, 0);
    CHECK_NOTHING(made, mv_view_field(view, "inner[2]", &made, &error), MV_E_NOT_FOUND);
    CHECK_INT(error.position, 5);
    CHECK_NOTHING(made, mv_view_field(view, "inner[0].x", &made, &error), MV_E_NOT_FOUND);
    CHECK_INT(error.position, 9);
    CHECK_NOTHING(made, mv_view_field(view, "tag.real", &made, &error), MV_E_NOT_FOUND);
    CHECK_NOTHING(made, mv_view_field(plain, "real", &made, &error), MV_E_NOT_FOUND);
    CHECK_NOTHING(made, mv_view_field(plain, "[0]", &made, &error), MV_E_NOT_FOUND);
    const mv_buffer description = {.buf = data, .itemsize = 4, .format = "T{<i:a:<i:b:}"};
    CHECK_OK(mv_view_from_buffer(&description, &opaque, &error));
    CHECK_NOTHING(made, mv_view_field(opaque, "a", &made, &error), MV_E_NOT_FOUND);
    DROP(view, plain, opaque);
    view = released_view();
    CHECK_NOTHING(made, mv_view_field(view, "a", &made, &error), MV_E_RELEASED);
    DROP(view);
}
