/*
 * The values that are filled in, for all who take part; in Python they are texts.
 */
#ifndef BENCH_CONVERT_H
#define BENCH_CONVERT_H

#define FILL_BYTE 7
#define FILL_NUMBER 0.1f
#define FILL_NUMBER_TEXT "0.1"
#define FILL_PIXEL   \
    {                \
        255, 210, 60 \
    }
#define FILL_PIXEL_TEXT "[255, 210, 60]"

#endif
