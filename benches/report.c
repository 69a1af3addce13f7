/*
 * The table, the goals, and the same for programs.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"

const char *const contender_names[CONTENDERS + 1] = {"memview",  "plain C",  "limit",    "CPython",
                                                     "NumPy",    "OpenCV",   "pybind11", "HPTT",
                                                     "1 thread", "limit x1", "ns"};

double figure_of(const result *done, int who)
{
    const double seconds = done->measures[who].seconds;
    if (seconds == 0) return 0;
    return done->bytes == 0 ? seconds / done->items * 1e9 : (double)done->bytes / seconds * 1e-9;
}

double ratio_of(const result *done, int against)
{
    const double ours = done->measures[OURS].seconds;
    if (against == NANOSECONDS) return figure_of(done, OURS);
    const double others = done->measures[against].seconds;
    if (others == 0) return 0;
    return done->bytes == 0 ? ours / others : others / ours;
}

/* How much faster two threads copy memory plainly than one does; 0 where that is not measured. */
static double memory_allows(const result *done)
{
    const double one = done->measures[LIMIT_ONE_THREAD].seconds;
    return one == 0 ? 0 : one / done->measures[LIMIT].seconds;
}

/* The ratio that a goal asks for: two threads need not gain more than the memory allows, if that is anything at all. */
static double ratio_wanted(const result *done, const goal *wanted)
{
    const double allowed = wanted->against == ONE_THREAD ? memory_allows(done) : 0;
    if (allowed == 0 || allowed >= wanted->ratio) return wanted->ratio;
    return allowed > 1 ? allowed : 1;
}

int is_met(const result *done, const goal *wanted)
{
    const double ratio = ratio_of(done, wanted->against), least = ratio_wanted(done, wanted);
    return done->bytes == 0 ? ratio <= least : ratio >= least;
}

static int is_measured(const result *done, const goal *wanted)
{
    return ratio_of(done, wanted->against) != 0;
}

static int is_present(const peer *peers, int who)
{
    return peers[who].absent == NULL;
}

/* ---- the table ---- */

void report_peers(const peer *peers)
{
    for (int who = CPYTHON; who <= HPTT; who++)
        if (is_present(peers, who))
            printf("%s %s\n", contender_names[who], peers[who].version);
        else
            printf("%s takes no part: %s\n", contender_names[who], peers[who].absent);
}

void report_head(const section *part, const peer *peers)
{
    printf("\n%s\n%-20s %4s", part->title, "", "");
    for (int i = 0; i == 0 || part->columns[i] != OURS; i++)
        if (is_present(peers, part->columns[i])) printf(" %9s", contender_names[part->columns[i]]);
    printf("   memview beside the others, and the goals\n");
}

static void print_goal(const result *done, const goal *wanted)
{
    printf(" (%s %g", done->bytes == 0 ? "<=" : ">=", wanted->ratio);
    if (!is_measured(done, wanted))
        printf(", not measured)");
    else
        printf(is_met(done, wanted) ? ")" : " MISSED)");
}

static const goal *goal_against(const workload *work, int against)
{
    for (const goal *wanted = work->goals; wanted->ratio != 0; wanted++)
        if (wanted->against == against) return wanted;
    return NULL;
}

void report_line(const result *done, const peer *peers)
{
    printf("%-20s %4s", done->work->name, done->bytes == 0 ? "ns" : "GB/s");
    for (int i = 0; i == 0 || done->part->columns[i] != OURS; i++) {
        const int who = done->part->columns[i];
        if (!is_present(peers, who)) continue;
        if (figure_of(done, who) == 0)
            printf(" %9s", "");
        else
            printf(" %8.2f%c", figure_of(done, who), done->measures[who].is_wide ? '~' : ' ');
    }
    printf("  ");
    for (int against = PLAIN; against <= NANOSECONDS; against++) {
        if (against == LIMIT_ONE_THREAD) continue;
        const goal *wanted = goal_against(done->work, against);
        const double ratio = ratio_of(done, against);
        if (wanted == NULL && (ratio == 0 || against == NANOSECONDS)) continue;
        printf(" %s", contender_names[against]);
        if (ratio != 0) printf(" %.2f", ratio);
        if (wanted != NULL) print_goal(done, wanted);
    }
    if (memory_allows(done) != 0) printf(" memory allows %.2f", memory_allows(done));
    putchar('\n');
    fflush(stdout);
}

/* ---- the goals ---- */

typedef struct group {
    const char *name, *rule;
    int members[4]; /* ends with 0 */
} group;

static const group groups[] = {
    {"against CPython, NumPy and pybind11", "all are to be met", {CPYTHON, NUMPY, PYBIND11}},
    {"against OpenCV and HPTT", "three quarters are to be met", {OPENCV, HPTT}},
    {"against the limit, and in nanoseconds", "", {LIMIT, NANOSECONDS}},
    {"of threads, against one thread", "", {ONE_THREAD}},
};

static int is_member(const group *these, int who)
{
    for (int i = 0; these->members[i] != 0; i++)
        if (these->members[i] == who) return 1;
    return 0;
}

static void report_missed(const result *results, int count, const group *these)
{
    for (int i = 0; i < count; i++)
        for (const goal *wanted = results[i].work->goals; wanted->ratio != 0; wanted++) {
            if (!is_member(these, wanted->against) || !is_measured(&results[i], wanted)) continue;
            if (is_met(&results[i], wanted)) continue;
            printf("  MISSED  %-20s %-9s %8.2f instead of %.3g\n", results[i].work->name,
                   contender_names[wanted->against], ratio_of(&results[i], wanted->against),
                   ratio_wanted(&results[i], wanted));
        }
}

void report_goals(const result *results, int count)
{
    printf("\nGoals\n");
    for (size_t number = 0; number < sizeof groups / sizeof *groups; number++) {
        const group *these = &groups[number];
        int met = 0, measured = 0, all = 0;
        for (int i = 0; i < count; i++)
            for (const goal *wanted = results[i].work->goals; wanted->ratio != 0; wanted++) {
                if (!is_member(these, wanted->against)) continue;
                all++;
                measured += is_measured(&results[i], wanted);
                met += is_measured(&results[i], wanted) && is_met(&results[i], wanted);
            }
        if (all == 0) continue;
        printf("%s: %d of %d met", these->name, met, measured);
        if (measured < all) printf(", %d more not measured", all - measured);
        printf(these->rule[0] != '\0' ? " (%s)\n" : "\n", these->rule);
        report_missed(results, count, these);
    }
}

/* ---- for programs ---- */

static void write_text(FILE *file, const char *text)
{
    putc('"', file);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') putc('\\', file);
        putc((unsigned char)*text < ' ' ? ' ' : *text, file);
    }
    putc('"', file);
}

static void write_peers(FILE *file, const peer *peers)
{
    fprintf(file, "  \"peers\": {");
    for (int who = CPYTHON; who <= HPTT; who++) {
        fprintf(file, who == CPYTHON ? "\n    \"%s\": " : ",\n    \"%s\": ", contender_names[who]);
        fprintf(file, is_present(peers, who) ? "{\"version\": " : "{\"absent\": ");
        write_text(file, is_present(peers, who) ? peers[who].version : peers[who].absent);
        putc('}', file);
    }
    fprintf(file, "\n  },\n");
}

static void write_result(FILE *file, const result *done)
{
    fprintf(file, "    {\"name\": \"%s\", \"section\": ", done->work->name);
    write_text(file, done->part->title);
    fprintf(file, ", \"unit\": \"%s\", \"figures\": {", done->bytes == 0 ? "ns" : "GB/s");
    const char *comma = "";
    for (int who = 0; who < CONTENDERS; who++) {
        if (figure_of(done, who) == 0) continue;
        fprintf(file, "%s\"%s\": {\"value\": %.4g, \"wide\": %s}", comma, contender_names[who],
                figure_of(done, who), done->measures[who].is_wide ? "true" : "false");
        comma = ", ";
    }
    fprintf(file, "},\n     \"goals\": [");
    comma = "";
    for (const goal *wanted = done->work->goals; wanted->ratio != 0; wanted++) {
        fprintf(file, "%s{\"against\": \"%s\", \"ratio\": %g", comma, contender_names[wanted->against],
                wanted->ratio);
        if (is_measured(done, wanted))
            fprintf(file, ", \"reached\": %.4g, \"met\": %s", ratio_of(done, wanted->against),
                    is_met(done, wanted) ? "true" : "false");
        putc('}', file);
        comma = ", ";
    }
    fprintf(file, "]}");
}

void report_json(const char *path, const result *results, int count, const peer *peers, int rounds)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) bench_fail("the results cannot be written");
    fprintf(file, "{\n  \"memview\": \"%s\",\n  \"rounds\": %d,\n", mv_version_string(), rounds);
    write_peers(file, peers);
    fprintf(file, "  \"workloads\": [\n");
    for (int i = 0; i < count; i++) {
        write_result(file, &results[i]);
        fprintf(file, i + 1 < count ? ",\n" : "\n");
    }
    fprintf(file, "  ]\n}\n");
    if (fclose(file) != 0) bench_fail("the results cannot be written");
}
