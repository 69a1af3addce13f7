/*
 * Runs the workloads and prints a table: the contenders of a workload take turns for several rounds, and the
 * median of the thread's CPU time counts. Ratios hold from machine to machine; the figures themselves do not.
 *
 *     bench [NAME ...]      only these workloads; BENCH_ROUNDS sets the rounds (9)
 */
#define _POSIX_C_SOURCE 200809L
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "memview.h"

enum { CONTENDERS = 4, MOST_ROUNDS = 99 };
enum { OURS, PLAIN, LIMIT, CPYTHON };
static const double ROUND_SECONDS = 0.02;

static double thread_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double seconds_of(bench_run run, long times)
{
    const double begun = thread_seconds();
    run(times);
    return thread_seconds() - begun;
}

/* How often to run for one round to last long enough. */
static long calibrate(bench_run run)
{
    long times = 1;
    double seconds = seconds_of(run, times);
    while (seconds < ROUND_SECONDS / 4 && times < LONG_MAX / 64) {
        times *= seconds < ROUND_SECONDS / 64 ? 16 : 4;
        seconds = seconds_of(run, times);
    }
    const double wanted = (double)times * ROUND_SECONDS / seconds;
    return wanted < 1 ? 1 : (long)wanted;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef struct measure {
    double seconds; /* of one run; 0: nobody ran */
    int is_wide;    /* the rounds differ by more than 15 %, the best and the worst left out */
} measure;

static void measure_all(const bench_run *runs, measure *out, int rounds)
{
    static double seconds[CONTENDERS][MOST_ROUNDS];
    long times[CONTENDERS] = {0};
    for (int who = 0; who < CONTENDERS; who++)
        if (runs[who] != NULL) times[who] = calibrate(runs[who]);
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < CONTENDERS; i++) {
            const int who = (i + round) % CONTENDERS;
            if (runs[who] != NULL)
                seconds[who][round] = seconds_of(runs[who], times[who]) / (double)times[who];
        }
    for (int who = 0; who < CONTENDERS; who++) {
        const measure none = {0, 0};
        out[who] = none;
        if (runs[who] == NULL) continue;
        qsort(seconds[who], (size_t)rounds, sizeof **seconds, compare_doubles);
        out[who].seconds = seconds[who][rounds / 2];
        const int edge = rounds > 4;
        out[who].is_wide =
            seconds[who][rounds - 1 - edge] - seconds[who][edge] > 0.15 * seconds[who][rounds / 2];
    }
}

static void print_measure(const workload *work, measure m)
{
    if (m.seconds == 0)
        printf(" %10s", "");
    else if (work->bytes == 0)
        printf(" %9.2f%c", m.seconds * 1e9, m.is_wide ? '~' : ' ');
    else
        printf(" %9.2f%c", (double)work->bytes / m.seconds * 1e-9, m.is_wide ? '~' : ' ');
}

/* Of times for calls, of throughput for the rest. */
static void print_ratio(const workload *work, measure ours, measure other)
{
    if (other.seconds == 0)
        printf(" %8s", "");
    else if (work->bytes == 0)
        printf(" %8.2f", ours.seconds / other.seconds);
    else
        printf(" %8.2f", other.seconds / ours.seconds);
}

static void run_workload(const workload *work, int rounds)
{
    static const char *const names[] = {"memview", "plain C", "the limit", "CPython"};
    bench_run runs[CONTENDERS] = {work->ours, work->plain, work->limit, NULL};
    measure measures[CONTENDERS];
    work->begin();
    runs[CPYTHON] = cpython_contender(work->name);
    for (int who = 0; who < CONTENDERS; who++) {
        if (runs[who] == NULL || who == LIMIT) continue;
        if (bench.to != NULL) memset(bench.to, 0xa5, bench.size);
        runs[who](1);
        if (!work->is_right()) {
            fprintf(stderr, "%s: the result of %s is wrong\n", work->name, names[who]);
            exit(1);
        }
    }
    measure_all(runs, measures, rounds);
    work->end();
    printf("%-16s %-4s", work->name, work->bytes == 0 ? "ns" : "GB/s");
    for (int who = 0; who < CONTENDERS; who++) print_measure(work, measures[who]);
    for (int who = PLAIN; who < CONTENDERS; who++) print_ratio(work, measures[OURS], measures[who]);
    putchar('\n');
    fflush(stdout);
}

static int is_wanted(const char *name, int count, char **arguments)
{
    for (int i = 1; i < count; i++)
        if (strcmp(arguments[i], name) == 0) return 1;
    return count < 2;
}

void bench_fail(const char *what)
{
    fprintf(stderr, "%s failed\n", what);
    exit(1);
}

int main(int count, char **arguments)
{
    const char *given = getenv("BENCH_ROUNDS"), *cpython = cpython_begin();
    int rounds = given != NULL ? atoi(given) : 9, ran = 0;
    if (rounds < 1 || rounds > MOST_ROUNDS) rounds = 9;
    printf("memview %s", mv_version_string());
    if (cpython != NULL)
        printf(", CPython %s\n", cpython);
    else
        printf("\nSKIP: CPython's column: it was not found, or not with its headers\n");
    printf("%d rounds, contenders in turn, medians of thread CPU time; ~: rounds differ by more than 15 %%\n",
           rounds);
    printf("ns: less is better, ratios too. GB/s: more is better, ratios too.\n\n");
    printf("%-16s %-4s %10s %10s %10s %10s   ratio of memview to\n", "", "", "memview", "plain C", "limit",
           "CPython");
    printf("%-16s %-4s %43s %8s %8s %8s\n", "", "", "", "plain C", "limit", "CPython");
    for (int table = 0; table < 2; table++) {
        const workload *work = table == 0 ? call_workloads : bulk_workloads;
        for (; work->name != NULL; work++) {
            if (!is_wanted(work->name, count, arguments)) continue;
            run_workload(work, rounds);
            ran++;
        }
    }
    if (ran == 0) bench_fail("finding a workload of that name");
    printf("\nlimit: for acquisitions two atomic additions, for views malloc and free, for the rest memcpy "
           "or memset.\n");
    return 0;
}
