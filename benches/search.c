/*
 * Looking for bytes, counting them, and their hexadecimal digits. What is found stands at the very end. The limit
 * is memchr of as many bytes; of hex it is memcpy.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "search.h"

static mv_view *view;
static const mv_scalar absent = {.kind = MV_UINT, .as = {.u = SEARCH_ABSENT}},
                       counted = {.kind = MV_UINT, .as = {.u = SEARCH_COUNTED}};

static void end(void)
{
    mv_view_unref(view);
    view = NULL;
}

static void begin(ptrdiff_t count, ptrdiff_t step)
{
    fill_random(area_from, (size_t)(count * step));
    for (ptrdiff_t i = 0; i < count * step; i++)
        if (area_from[i] == SEARCH_ABSENT) area_from[i] = 0;
    bench.source = array_strided(area_from, "B", 1, 1, &count, &step);
    bench.bytes = (size_t)count;
    view = array_view(&bench.source);
}

static void begin_find(const workload *work)
{
    (void)work;
    begin(16 * MIB, 1);
    bench.expected_number = 16 * MIB - 1;
    area_from[bench.expected_number] = SEARCH_ABSENT;
}

static void begin_find_sub(const workload *work)
{
    (void)work;
    begin(16 * MIB, 1);
    bench.expected_number = 16 * MIB - (ptrdiff_t)(sizeof SEARCH_NEEDLE - 1);
    memcpy(area_from + bench.expected_number, SEARCH_NEEDLE, sizeof SEARCH_NEEDLE - 1);
}

/* The portable count. */
static int64_t count_plainly(void)
{
    const unsigned char *from = area_from;
    const ptrdiff_t step = bench.source.strides[0];
    int64_t count = 0;
    for (size_t left = bench.bytes; left > 0; left--, from += step) count += *from == SEARCH_COUNTED;
    return count;
}

static void begin_count(const workload *work)
{
    (void)work;
    begin(16 * MIB, 1);
    bench.expected_number = count_plainly();
}

static void begin_count_step2(const workload *work)
{
    (void)work;
    begin(16 * MIB, 2);
    bench.expected_number = count_plainly();
}

static void find(long times)
{
    ptrdiff_t at = -2;
    for (; times > 0; times--)
        bench_require(mv_view_find(view, &absent, 0, PTRDIFF_MAX, &at, NULL), "mv_view_find");
    bench.number = at;
}

static void find_sub(long times)
{
    ptrdiff_t at = -2;
    for (; times > 0; times--)
        bench_require(mv_view_find_bytes(view, SEARCH_NEEDLE, sizeof SEARCH_NEEDLE - 1, 0, &at, NULL),
                      "mv_view_find_bytes");
    bench.number = at;
}

static void count(long times)
{
    size_t found = 0;
    for (; times > 0; times--) bench_require(mv_view_count(view, &counted, &found, NULL), "mv_view_count");
    bench.number = (int64_t)found;
}

static void plain_find(long times)
{
    for (; times > 0; times--) {
        ptrdiff_t at = 0;
        while (area_from[at] != SEARCH_ABSENT) at++;
        bench.number = at;
        BARRIER();
    }
}

static void plain_find_sub(long times)
{
    const size_t length = sizeof SEARCH_NEEDLE - 1;
    for (; times > 0; times--) {
        const unsigned char *at = area_from, *stop = area_from + bench.bytes - length;
        while (at <= stop && memcmp(at, SEARCH_NEEDLE, length) != 0) at++;
        bench.number = at - area_from;
        BARRIER();
    }
}

static void plain_count(long times)
{
    for (; times > 0; times--) {
        bench.number = count_plainly();
        BARRIER();
    }
}

static void limit_memchr(long times)
{
    /* In the same memory: some pages are nearer than others. */
    for (; times > 0; times--) {
        void *volatile found = memchr(area_from, SEARCH_ABSENT, bench.bytes);
        (void)found;
    }
}

/* ---- hex ---- */

static void hex_plainly(unsigned char *to, char separator)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bench.bytes; i++) {
        if (separator != '\0' && i > 0) *to++ = (unsigned char)separator;
        *to++ = (unsigned char)digits[area_from[i] >> 4];
        *to++ = (unsigned char)digits[area_from[i] & 15];
    }
}

static void begin_hex(const workload *work)
{
    (void)work;
    begin(MIB, 1);
    bench.span = 2 * MIB;
    hex_plainly(area_expected, '\0');
}

static void begin_hex_separated(const workload *work)
{
    (void)work;
    begin(MIB, 1);
    bench.span = 3 * MIB - 1;
    hex_plainly(area_expected, ':');
}

static void hex(long times)
{
    for (; times > 0; times--)
        bench_require(mv_view_hex(view, NULL, 0, (char *)area_to, AREA, NULL, NULL), "mv_view_hex");
}

static void hex_separated(long times)
{
    for (; times > 0; times--)
        bench_require(mv_view_hex(view, ":", 1, (char *)area_to, AREA, NULL, NULL), "mv_view_hex");
}

static void plain_hex(long times)
{
    for (; times > 0; times--) {
        hex_plainly(area_to, '\0');
        BARRIER();
    }
}

static void plain_hex_separated(long times)
{
    for (; times > 0; times--) {
        hex_plainly(area_to, ':');
        BARRIER();
    }
}

static void limit_memcpy(long times)
{
    for (; times > 0; times--) {
        memcpy(area_to, area_from, bench.bytes);
        BARRIER();
    }
}

const workload search_workloads[] = {
    {.name = "hex_1M",
     .goals = {{CPYTHON, 18}, {LIMIT, 0.5}},
     .begin = begin_hex,
     .ours = hex,
     .plain = plain_hex,
     .limit = limit_memcpy,
     .end = end},
    {.name = "hex_sep_1M",
     .goals = {{CPYTHON, 10}, {LIMIT, 0.12}},
     .begin = begin_hex_separated,
     .ours = hex_separated,
     .plain = plain_hex_separated,
     .limit = limit_memcpy,
     .end = end},
    {.name = "find_byte_16M",
     .goals = {{CPYTHON, 1.8}, {LIMIT, 0.9}},
     .begin = begin_find,
     .ours = find,
     .plain = plain_find,
     .limit = limit_memchr,
     .end = end},
    {.name = "find_sub_16M",
     .goals = {{CPYTHON, 12}, {LIMIT, 0.5}},
     .begin = begin_find_sub,
     .ours = find_sub,
     .plain = plain_find_sub,
     .limit = limit_memchr,
     .end = end},
    {.name = "count_byte_16M",
     .family = "count",
     .goals = {{CPYTHON, 15}, {LIMIT, 0.85}},
     .begin = begin_count,
     .ours = count,
     .plain = plain_count,
     .limit = limit_memchr,
     .end = end},
    {.name = "count_byte_step2_u8",
     .family = "count",
     .begin = begin_count_step2,
     .ours = count,
     .plain = plain_count,
     .limit = limit_memchr,
     .end = end},
    {.name = NULL},
};
