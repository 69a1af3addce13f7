/*
 * Format texts, and items whose type is only known at run time: parsed, handed out as values, taken apart.
 */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "calls.h"

enum { LIST_BYTES = 1 << 16 };

static mv_view *view, *fields[RECORD_VALUES];
static mv_scalar *scalars;

static void end(void)
{
    for (int i = 0; i < RECORD_VALUES; i++) {
        mv_view_unref(fields[i]);
        fields[i] = NULL;
    }
    mv_view_unref(view);
    free(scalars);
    view = NULL;
    scalars = NULL;
}

/* ---- texts ---- */

static void begin_simple(const workload *work)
{
    (void)work;
    bench.expected_number = 8;
}

static void begin_record(const workload *work)
{
    (void)work;
    bench.expected_number = 4 + 2 + 4 + 3 * 8 + 10;
}

static void size_of(const char *text, long times)
{
    ptrdiff_t size = -1;
    for (; times > 0; times--) bench_require(mv_format_size(text, &size, NULL), "mv_format_size");
    bench.number = size;
}

static void size_simple(long times)
{
    size_of(SIZE_SIMPLE, times);
}

static void size_record(long times)
{
    size_of(SIZE_RECORD, times);
}

static void parse_record(long times)
{
    for (; times > 0; times--) {
        mv_format *format;
        bench_require(mv_format_parse(SIZE_RECORD, MV_RULES_STRUCT, &format, NULL), "mv_format_parse");
        bench.number = mv_format_itemsize(format);
        mv_format_unref(format);
    }
}

/* ---- all items as values ---- */

/* The result is every value as a double. */
static void begin_list(const char *format, ptrdiff_t itemsize)
{
    const ptrdiff_t shape[] = {LIST_BYTES / itemsize};
    double *expected = (double *)(void *)area_expected;
    if (itemsize == 1)
        fill_random(area_from, LIST_BYTES);
    else
        fill_f64(area_from, LIST_BYTES / sizeof(double));
    bench.source = array_contiguous(area_from, format, itemsize, 1, shape);
    bench.items = (double)shape[0];
    bench.span = (size_t)shape[0] * sizeof(double);
    for (ptrdiff_t i = 0; i < shape[0]; i++)
        expected[i] = itemsize == 1 ? area_from[i] : ((double *)(void *)area_from)[i];
    view = array_view(&bench.source);
    scalars = calloc((size_t)shape[0], sizeof *scalars);
    if (scalars == NULL) bench_fail("there is no memory for it");
}

static void begin_u8(const workload *work)
{
    (void)work;
    begin_list("B", 1);
}

static void begin_f64(const workload *work)
{
    (void)work;
    begin_list("d", 8);
}

static void get_all(long times)
{
    const ptrdiff_t count = bench.source.shape[0];
    for (; times > 0; times--)
        for (ptrdiff_t i = 0; i < count; i++) mv_view_get(view, &i, 1, &scalars[i], NULL);
}

static double number_of(const mv_scalar *value)
{
    switch (value->kind) {
    case MV_INT: return (double)value->as.i;
    case MV_UINT: return (double)value->as.u;
    case MV_FLOAT: return value->as.f;
    default: return -1;
    }
}

static void collect_scalars(void)
{
    for (size_t i = 0; i < bench.span / sizeof(double); i++)
        ((double *)(void *)area_to)[i] = number_of(&scalars[i]);
}

/* ---- records ---- */

/* The result is every value of every record as a double, record by record. */
static void begin_unpack(const workload *work)
{
    static const ptrdiff_t shape[] = {RECORDS};
    static const char *const names[RECORD_VALUES] = {"id", "x", "y", "time"};
    record *records = (record *)(void *)area_from;
    double *expected = (double *)(void *)area_expected;
    (void)work;
    memset(area_from, 0, sizeof *records * RECORDS);
    for (int i = 0; i < RECORDS; i++) {
        const record made = {i, (float)i * 0.25f, (float)-i, i * 0.1};
        records[i] = made;
        *expected++ = made.id;
        *expected++ = (double)made.x;
        *expected++ = (double)made.y;
        *expected++ = made.time;
    }
    bench.source = array_contiguous(area_from, RECORD_STRUCT, sizeof(record), 1, shape);
    bench.items = RECORDS;
    bench.span = RECORDS * RECORD_VALUES * sizeof(double);
    view = array_view(&bench.source);
    for (int i = 0; i < RECORD_VALUES; i++)
        bench_require(mv_view_field(view, names[i], &fields[i], NULL), "mv_view_field");
    scalars = calloc(RECORDS * RECORD_VALUES, sizeof *scalars);
    if (scalars == NULL) bench_fail("there is no memory for it");
}

static void unpack(long times)
{
    for (; times > 0; times--)
        for (ptrdiff_t i = 0; i < RECORDS; i++)
            for (int field = 0; field < RECORD_VALUES; field++)
                mv_view_get(fields[field], &i, 1, &scalars[i * RECORD_VALUES + field], NULL);
}

static void plain_unpack(long times)
{
    for (; times > 0; times--) {
        double *to = (double *)(void *)area_to;
        const record *from = (const record *)(const void *)area_from;
        for (int i = 0; i < RECORDS; i++) {
            *to++ = from[i].id;
            *to++ = (double)from[i].x;
            *to++ = (double)from[i].y;
            *to++ = from[i].time;
        }
        BARRIER();
    }
}

const workload format_workloads[] = {
    {.name = "sizefmt_simple",
     .goals = {{CPYTHON, 0.05}},
     .begin = begin_simple,
     .ours = size_simple,
     .end = end},
    {.name = "sizefmt_rec",
     .goals = {{CPYTHON, 0.05}},
     .begin = begin_record,
     .ours = size_record,
     .end = end},
    {.name = "parse_rec", .goals = {{CPYTHON, 0.3}}, .begin = begin_record, .ours = parse_record, .end = end},
    {.name = "tolist_u8_per_item",
     .family = "tolist",
     .begin = begin_u8,
     .ours = get_all,
     .collect = collect_scalars,
     .end = end},
    {.name = "tolist_f64_per_item",
     .family = "tolist",
     .begin = begin_f64,
     .ours = get_all,
     .collect = collect_scalars,
     .end = end},
    {.name = "unpack_rec_per_rec",
     .begin = begin_unpack,
     .ours = unpack,
     .plain = plain_unpack,
     .collect = collect_scalars,
     .end = end},
    {.name = NULL},
};
