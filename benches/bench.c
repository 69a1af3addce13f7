/*
 * Runs the workloads, checks every contender's result, and prints a table.
 *
 *     bench [--check] [--json FILE] [NAME ...]
 *
 * NAME: only these workloads. --check: every contender once, and no times. BENCH_ROUNDS sets the rounds (7).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "python.h"

#define EVERYBODY                                                  \
    {                                                              \
        OURS, PLAIN, LIMIT, CPYTHON, NUMPY, OPENCV, PYBIND11, OURS \
    }
#define THREADS                                         \
    {                                                   \
        OURS, ONE_THREAD, LIMIT, LIMIT_ONE_THREAD, OURS \
    }

static const section sections[] = {
    {"Calls: nanoseconds, less is better",
     {acquire_workloads, view_workloads, item_workloads, format_workloads, NULL},
     EVERYBODY,
     0},
    {"Bulk: GB/s, more is better",
     {copy_workloads, compare_workloads, search_workloads, convert_workloads, NULL},
     EVERYBODY,
     0},
    {"Two threads, wall clock: one copy in two parts", {split_workloads, NULL}, THREADS, 1},
    {"Two threads at once: the time of each call", {share_workloads, NULL}, THREADS, 0},
};

enum { SECTIONS = sizeof sections / sizeof *sections, MOST_RESULTS = 200 };

typedef struct options {
    int is_check, rounds, name_count;
    char **names;
    const char *json;
} options;

static options options_of(int count, char **arguments)
{
    const char *given = getenv("BENCH_ROUNDS");
    options found = {0, given != NULL ? atoi(given) : 7, 0, NULL, NULL};
    int at = 1;
    for (; at < count && strncmp(arguments[at], "--", 2) == 0; at++)
        if (strcmp(arguments[at], "--check") == 0)
            found.is_check = 1;
        else if (strcmp(arguments[at], "--json") == 0 && at + 1 < count)
            found.json = arguments[++at];
        else
            bench_fail("the arguments are [--check] [--json FILE] [NAME ...]");
    if (found.rounds < 1 || found.rounds > MOST_ROUNDS) bench_fail("BENCH_ROUNDS is 1 to 99");
    found.names = arguments + at;
    found.name_count = count - at;
    return found;
}

static int is_wanted(const char *name, const options *given)
{
    for (int i = 0; i < given->name_count; i++)
        if (strcmp(given->names[i], name) == 0) return 1;
    return given->name_count == 0;
}

static int is_limit(int who)
{
    return who == LIMIT || who == LIMIT_ONE_THREAD;
}

/* One run of a contender, against what the portable loop wrote. The limit has another result. */
static void check(const workload *work, int who, const contender *one)
{
    if (!is_limit(who)) {
        memset(area_to, 0xa5, bench.span);
        bench.number = -1;
    }
    one->run(work->check_times > 0 ? work->check_times : 1);
    if (is_limit(who)) return;
    if (one->collect != NULL) one->collect();
    if (bench.span == 0 && bench.expected_number == -1) bench_fail("a workload does not say what comes out");
    if (memcmp(area_to, area_expected, bench.span) == 0 && bench.number == bench.expected_number) return;
    fprintf(stderr, "%s: the result of %s is wrong\n", work->name, contender_names[who]);
    exit(1);
}

static void begin(const workload *work, contender *contenders)
{
    const bench_state none = {.items = 1, .number = -1, .expected_number = -1};
    bench = none;
    work->begin(work);
    contenders[OURS].run = work->ours;
    contenders[OURS].collect = work->collect;
    contenders[PLAIN].run = work->plain;
    contenders[LIMIT].run = work->limit;
    contenders[ONE_THREAD].run = work->one_thread;
    contenders[LIMIT_ONE_THREAD].run = work->limit_one_thread;
    python_contenders(work, contenders);
}

/* Returns how many results were checked. */
static int run_workload(const options *given, result *out)
{
    contender contenders[CONTENDERS] = {{NULL, NULL}};
    int checked = 0;
    begin(out->work, contenders);
    for (int who = 0; who < CONTENDERS; who++) {
        if (contenders[who].run == NULL) continue;
        check(out->work, who, &contenders[who]);
        checked += !is_limit(who);
    }
    out->bytes = bench.bytes;
    out->items = bench.items;
    if (!given->is_check) measure_all(contenders, out->part->is_wall, given->rounds, out->measures);
    python_end();
    out->work->end();
    return checked;
}

int main(int count, char **arguments)
{
    static result results[MOST_RESULTS];
    static peer peers[CONTENDERS];
    const options given = options_of(count, arguments);
    int done = 0, checked = 0;
    bench_take_areas();
    peers[HPTT].absent = "no package registry has it";
    python_begin(peers);
    printf("memview %s\n", mv_version_string());
    report_peers(peers);
    if (!given.is_check)
        printf("%d rounds, everybody in turn, medians; ~: the rounds differ by more than 15 %%\n",
               given.rounds);
    for (int number = 0; number < SECTIONS; number++) {
        const section *part = &sections[number];
        int is_headed = 0;
        for (int table = 0; part->tables[table] != NULL; table++)
            for (const workload *work = part->tables[table]; work->name != NULL; work++) {
                if (!is_wanted(work->name, &given)) continue;
                if (done == MOST_RESULTS) bench_fail("there are more workloads than it has room for");
                results[done].part = part;
                results[done].work = work;
                checked += run_workload(&given, &results[done]);
                if (!given.is_check) {
                    if (!is_headed) report_head(part, peers);
                    report_line(&results[done], peers);
                    is_headed = 1;
                }
                done++;
            }
    }
    if (done < given.name_count || done == 0) bench_fail("there is no workload of such a name");
    if (given.is_check)
        printf("%d workloads, %d results as the portable loop has them\n", done, checked);
    else
        report_goals(results, done);
    if (given.json != NULL) report_json(given.json, results, done, peers, given.rounds);
    return 0;
}
