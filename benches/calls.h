/*
 * What the workloads of single calls work on, for all who take part.
 */
#ifndef BENCH_CALLS_H
#define BENCH_CALLS_H

#include <stddef.h>
#include <stdint.h>

/* Bytes, and 4 x 5 x 6 doubles. */
enum { CALL_BYTES = 1024 };
static const ptrdiff_t call_flat[] = {CALL_BYTES}, call_cube[] = {4, 5, 6};

/* Items that are read and written by index: number `i` of area_from is `i` as a byte, or `i / 2` as a double. */
enum { ITEMS = 1024, ROWS = 32, COLUMNS = 32 };

/* Records that are taken apart into their four values, 24 bytes each. */
typedef struct record {
    int32_t id;
    float x, y;
    double time;
} record;
enum { RECORDS = 1024, RECORD_VALUES = 4 };
#define RECORD_FORMAT "iffd"
#define RECORD_STRUCT "T{i:id:f:x:f:y:d:time:}"

/* Formats whose size is asked for, and one that is parsed. */
#define SIZE_SIMPLE "d"
#define SIZE_RECORD "<i2xf3d10s"

#endif
