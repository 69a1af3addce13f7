/*
 * The values that are filled in, for all who take part.
 */
#ifndef BENCH_CONVERT_H
#define BENCH_CONVERT_H

#define FILL_BYTE 7
#define FILL_NUMBER 0.1f
#define FILL_PIXEL   \
    {                \
        255, 210, 60 \
    }

#endif
