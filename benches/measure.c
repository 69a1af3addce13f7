/*
 * Time: the contenders take turns, so that what slows the machine down slows all of them, and the median of the
 * rounds counts.
 */
#define _POSIX_C_SOURCE 200809L
#include <limits.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"

static const double ROUND_SECONDS = 0.02;

static double now(int is_wall)
{
    struct timespec time;
    clock_gettime(is_wall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static double seconds_of(bench_run run, long times, int is_wall)
{
    const double begun = now(is_wall);
    run(times);
    return now(is_wall) - begun;
}

/* How often to run for one round to last long enough. */
static long calibrate(bench_run run, int is_wall)
{
    long times = 1;
    double seconds = seconds_of(run, times, is_wall);
    while (seconds < ROUND_SECONDS / 4 && times < LONG_MAX / 64) {
        times *= seconds < ROUND_SECONDS / 64 ? 16 : 4;
        seconds = seconds_of(run, times, is_wall);
    }
    const double wanted = (double)times * ROUND_SECONDS / seconds;
    return wanted < 1 ? 1 : (long)wanted;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void measure_all(const contender *contenders, int is_wall, int rounds, measure *out)
{
    static double seconds[CONTENDERS][MOST_ROUNDS];
    long times[CONTENDERS] = {0};
    for (int who = 0; who < CONTENDERS; who++)
        if (contenders[who].run != NULL) times[who] = calibrate(contenders[who].run, is_wall);
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < CONTENDERS; i++) {
            const int who = (i + round) % CONTENDERS;
            if (contenders[who].run != NULL)
                seconds[who][round] =
                    seconds_of(contenders[who].run, times[who], is_wall) / (double)times[who];
        }
    for (int who = 0; who < CONTENDERS; who++) {
        const measure none = {0, 0};
        out[who] = none;
        if (contenders[who].run == NULL) continue;
        qsort(seconds[who], (size_t)rounds, sizeof **seconds, compare_doubles);
        const double median = seconds[who][rounds / 2];
        const int edge = rounds > 4;
        out[who].seconds = median;
        out[who].is_wide = seconds[who][rounds - 1 - edge] - seconds[who][edge] > 0.15 * median;
    }
}
