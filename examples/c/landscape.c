/*
 * A bay at sunset: sky, sun, mountains and their reflection, a sailing boat, a house under pines.
 *
 * The scene is a function from a point to a colour; a pixel is the mean of 9 points. The unit is the
 * picture's height, y points down, and the picture is meant to be 1.5 wide.
 */
#include "landscape.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    double r, g, b;
} colour;
typedef struct {
    double x, y;
} point;

static const int samples = 3;
static const double horizon = 0.60;
static const point sun = {0.43, 0.475};
static const colour night = {0.055, 0.06, 0.13};

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static double smooth(double from, double to, double value)
{
    const double t = clamp((value - from) / (to - from), 0, 1);
    return t * t * (3 - 2 * t);
}

static colour mix(colour a, colour b, double t)
{
    return (colour){a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

static colour glow(colour below, colour light, double strength)
{
    return (colour){below.r + light.r * strength, below.g + light.g * strength, below.b + light.b * strength};
}

/* A number from 0 to 1 for each point of the integer grid. */
static double hash(int32_t x, int32_t y)
{
    uint32_t h = (uint32_t)x * 374761393u + (uint32_t)y * 668265263u;
    h = (h ^ (h >> 13)) * 1274126177u;
    return (double)((h ^ (h >> 16)) & 0xffff) / 65535.0;
}

static double noise(double x, double y)
{
    const double left = floor(x), top = floor(y);
    const double u = smooth(0, 1, x - left), v = smooth(0, 1, y - top);
    const int32_t i = (int32_t)left, j = (int32_t)top;
    const double above = hash(i, j) + (hash(i + 1, j) - hash(i, j)) * u;
    const double below = hash(i, j + 1) + (hash(i + 1, j + 1) - hash(i, j + 1)) * u;
    return above + (below - above) * v;
}

/* Noise with detail, from 0 to 1. */
static double cloudy(double x, double y)
{
    double sum = 0, weight = 0.5;
    for (int octave = 0; octave < 5; octave++, weight /= 2, x *= 2.03, y *= 2.03) sum += noise(x, y) * weight;
    return sum;
}

static int inside(const point *corners, int count, point p)
{
    int in = 0;
    for (int i = 0, j = count - 1; i < count; j = i++) {
        const point a = corners[i], b = corners[j];
        if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) in = !in;
    }
    return in;
}

static colour sky(point p)
{
    static const struct {
        double at;
        colour is;
    } stops[] = {{0.00, {0.10, 0.13, 0.32}},
                 {0.30, {0.29, 0.22, 0.46}},
                 {0.55, {0.66, 0.32, 0.48}},
                 {0.78, {0.94, 0.50, 0.38}},
                 {1.00, {1.00, 0.80, 0.50}}};
    const double height = clamp(p.y / horizon, 0, 0.9999);
    size_t i = 0;
    while (height >= stops[i + 1].at) i++;
    colour c = mix(stops[i].is, stops[i + 1].is, (height - stops[i].at) / (stops[i + 1].at - stops[i].at));

    const double far = hypot(p.x - sun.x, p.y - sun.y);
    const double streak = smooth(0.50, 0.72, cloudy(p.x * 1.7 + 3.1, p.y * 8 + p.x * 0.9));
    const double lit = exp(-far * far * 3.5);
    const colour cloud = mix((colour){0.45, 0.27, 0.45}, (colour){1.0, 0.66, 0.46}, lit);
    c = mix(c, cloud, streak * 0.75 * smooth(0, 0.2, p.y));
    c = glow(c, (colour){0.9, 0.5, 0.2}, 0.55 * exp(-far * far * 22));

    const int32_t column = (int32_t)(p.x * 26), row = (int32_t)(p.y * 26);
    const double right = 0.2 + 0.6 * hash(column, row), down = 0.2 + 0.6 * hash(row, column + 9);
    const point star = {(column + right) / 26, (row + down) / 26};
    const double size = 0.0030 * (hash(column + 5, row) - 0.45) * (1 - smooth(0.05, 0.30, p.y));
    if (hypot(p.x - star.x, p.y - star.y) < size) c = (colour){1, 0.97, 0.9};
    return c;
}

/* A mountain with its top at `top`, lit from the left by the low sun. */
static int mountain(point p, point top, double slope, colour light, colour shade, colour *out)
{
    const double rough = 0.055 * (cloudy(p.x * 7 + top.x * 31, 4.2) - 0.5);
    const double ridge = top.y + fabs(p.x - top.x) * slope + rough;
    if (p.y < ridge) return 0;
    const double fold = 0.16 * (cloudy(p.x * 9 + top.x * 7, p.y * 9) - 0.5);
    const double side = smooth(-0.012, 0.012, p.x - top.x - fold - (p.y - top.y) * 0.22);
    colour c = mix(light, shade, side);
    const double snow = top.y + 0.085 + 0.09 * (cloudy(p.x * 16, p.y * 5 + 8) - 0.5);
    if (top.y < 0.3 && p.y < snow) c = mix((colour){1.0, 0.80, 0.68}, (colour){0.50, 0.42, 0.62}, side);
    *out = mix(c, (colour){0.98, 0.62, 0.44}, 0.42 * smooth(horizon - 0.22, horizon, p.y));
    return 1;
}

static void mountains(point p, colour *out)
{
    mountain(p, (point){0.10, 0.455}, 0.38, (colour){0.72, 0.42, 0.50}, (colour){0.58, 0.34, 0.49}, out);
    mountain(p, (point){0.80, 0.415}, 0.50, (colour){0.76, 0.42, 0.45}, (colour){0.47, 0.29, 0.47}, out);
    mountain(p, (point){1.14, 0.215}, 0.72, (colour){0.80, 0.41, 0.38}, (colour){0.29, 0.21, 0.40}, out);
    mountain(p, (point){1.52, 0.395}, 0.58, (colour){0.58, 0.30, 0.38}, (colour){0.21, 0.16, 0.33}, out);
}

static int boat(point p, colour *out)
{
    static const point hull[] = {{0.635, 0.722}, {0.835, 0.716}, {0.808, 0.750}, {0.662, 0.750}};
    static const point stripe[] = {{0.635, 0.722}, {0.835, 0.716}, {0.829, 0.724}, {0.641, 0.730}};
    static const point mainsail[] = {{0.737, 0.455}, {0.742, 0.700}, {0.642, 0.704}, {0.690, 0.590}};
    static const point jib[] = {{0.748, 0.490}, {0.824, 0.702}, {0.750, 0.694}};
    static const point mast[] = {{0.737, 0.440}, {0.743, 0.440}, {0.746, 0.725}, {0.740, 0.725}};
    static const point flag[] = {{0.742, 0.440}, {0.782, 0.449}, {0.742, 0.460}};
    const double low = smooth(0.72, 0.75, p.y);
    const double right = smooth(0.66, 0.745, p.x), shade = smooth(0.75, 0.82, p.x);
    if (inside(stripe, 4, p))
        *out = (colour){0.97, 0.90, 0.80};
    else if (inside(hull, 4, p))
        *out = mix((colour){0.72, 0.12, 0.12}, (colour){0.36, 0.06, 0.12}, low);
    else if (inside(flag, 3, p))
        *out = (colour){0.88, 0.16, 0.16};
    else if (inside(mast, 4, p))
        *out = (colour){0.25, 0.13, 0.12};
    else if (inside(mainsail, 4, p))
        *out = mix((colour){1.0, 0.95, 0.84}, (colour){0.95, 0.70, 0.55}, right);
    else if (inside(jib, 3, p))
        *out = mix((colour){0.93, 0.72, 0.60}, (colour){0.70, 0.46, 0.52}, shade);
    else
        return 0;
    return 1;
}

static colour water(point p)
{
    const double depth = p.y - horizon;
    const double wave = noise(p.x * (16 - 10 * depth), p.y * 150 / (1 + 4 * depth));
    const double ripple = (wave - 0.5) * (0.014 + 0.10 * depth);
    const point above = {p.x + ripple, horizon - depth * 1.25 + ripple * 0.4};
    colour c = sky(above);
    mountains(above, &c);
    c = mix((colour){c.r * 0.86, c.g * 0.80, c.b * 0.86}, (colour){0.10, 0.12, 0.30}, 0.16 + 1.1 * depth);

    const double path = fabs(p.x - sun.x) / (0.035 + 0.30 * depth);
    const double glitter = smooth(0.55, 0.75, wave + 0.22 * exp(-path * path * 2) - 0.16 * path);
    c = glow(c, (colour){1.0, 0.66, 0.34}, 0.75 * glitter * exp(-path * path * 1.4) * (1 - 0.9 * depth));

    colour mirrored;
    const double below = p.y - 0.748;
    if (below > 0 && boat((point){p.x + ripple * 0.9, 0.748 - below * 1.1}, &mirrored))
        c = mix(c, (colour){mirrored.r * 0.7, mirrored.g * 0.62, mirrored.b * 0.75}, 0.62 - 1.4 * below);
    return c;
}

static int pine(point p, double x, double foot, double height)
{
    const double up = (foot - p.y) / height, off = fabs(p.x - x) / height;
    if (up < -0.1 || up > 1) return 0;
    if (up < 0.12) return off < 0.025;
    const double tier = fmod((up - 0.12) * 5.5, 1.0);
    return off < (1 - up) * 0.20 + (1 - tier) * 0.065 * (1 - up * 0.6) - 0.01;
}

static int house(point p, colour *out)
{
    static const point roof[] = {{1.150, 0.815}, {1.182, 0.752}, {1.283, 0.752}, {1.315, 0.815}};
    static const point chimney[] = {{1.252, 0.725}, {1.272, 0.725}, {1.272, 0.770}, {1.252, 0.770}};
    const colour lamp = {1.0, 0.83, 0.42};
    const double pane = fmod(p.x - 1.180, 0.044);
    if (inside(roof, 4, p))
        *out = (colour){0.33, 0.13, 0.17};
    else if (inside(chimney, 4, p))
        *out = (colour){0.24, 0.11, 0.16};
    else if (p.x < 1.168 || p.x > 1.298 || p.y < 0.81 || p.y > 0.90)
        return 0;
    else if (p.x > 1.180 && p.x < 1.254 && pane < 0.026 && p.y > 0.833 && p.y < 0.864)
        *out = lamp;
    else if (p.x > 1.268 && p.x < 1.288 && p.y > 0.838)
        *out = (colour){0.20, 0.09, 0.12};
    else
        *out = (colour){0.52, 0.36, 0.40};
    return 1;
}

/* The near shore, rising to the right. */
static int shore(point p, colour *out)
{
    const double ground = 1.025 - 0.165 * smooth(0.50, 1.42, p.x) - 0.012 * cloudy(p.x * 9, 2);
    const double grass = 0.012 * noise(p.x * 190, 7) * smooth(0.6, 0.8, p.x);
    const int tall = pine(p, 1.375, 0.885, 0.40), middle = pine(p, 1.452, 0.885, 0.28);
    if (tall || middle || pine(p, 1.105, 0.900, 0.19))
        *out = night;
    else if (p.y < ground - grass)
        return house(p, out);
    else
        *out = mix((colour){0.13, 0.12, 0.19}, night, smooth(ground, ground + 0.09, p.y));
    return 1;
}

static int bird(point p, double x, double y, double span)
{
    const double off = fabs(p.x - x) / span;
    return off < 1 && fabs(p.y - y - span * (0.55 * off * off - 0.75 * off)) < span * 0.13 * (1.08 - off);
}

static colour scene(point p)
{
    colour c;
    if (shore(p, &c) || boat(p, &c)) return c;
    if (p.y > horizon) return water(p);
    if (hypot(p.x - sun.x, p.y - sun.y) < 0.058)
        c = (colour){1.0, 0.95, 0.76};
    else
        c = sky(p);
    mountains(p, &c);
    if (bird(p, 0.81, 0.200, 0.026) || bird(p, 0.88, 0.165, 0.022) || bird(p, 0.875, 0.235, 0.018)) c = night;
    return c;
}

static unsigned char level(double value)
{
    return (unsigned char)(clamp(value, 0, 1) * 255 + 0.5);
}

void landscape_draw(const mv_buffer *image)
{
    const double scale = 1.0 / (double)image->shape[0] / samples, weight = 1.0 / samples / samples;
    for (ptrdiff_t y = 0; y < image->shape[0]; y++) {
        for (ptrdiff_t x = 0; x < image->shape[1]; x++) {
            colour sum = {0, 0, 0};
            for (int i = 0; i < samples * samples; i++) {
                const double right = (double)(x * samples + i % samples) + 0.5;
                const double down = (double)(y * samples + i / samples) + 0.5;
                const colour c = scene((point){right * scale, down * scale});
                sum = glow(sum, (colour){clamp(c.r, 0, 1), clamp(c.g, 0, 1), clamp(c.b, 0, 1)}, weight);
            }
            unsigned char *pixel = mv_item(image, y, x, 0);
            pixel[0] = level(sum.r);
            pixel[1] = level(sum.g);
            pixel[2] = level(sum.b);
        }
    }
}
