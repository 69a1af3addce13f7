/*
 * What a call costs: each line is the median of many rounds, in CPU time of this thread, beside what the same work costs
 * without memview where there is such a thing.
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "memview.h"

enum { ROUNDS = 41, SIDE = 1024 };

static mv_error error;
static mv_object *image;
static mv_view *view, *transposed, *other;
static mv_buffer buffer;
static unsigned char *plain, *plain_other;

static void must(mv_status status)
{
    if (status != MV_OK) {
        fprintf(stderr, "%s: %s\n", mv_status_name(status), error.message);
        exit(1);
    }
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    const double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(void (*work)(void), int calls)
{
    double times[ROUNDS];
    for (int i = 0; i < calls; i++) work();
    for (int round = 0; round < ROUNDS; round++) {
        const double begun = now();
        for (int i = 0; i < calls; i++) work();
        times[round] = (now() - begun) / calls;
    }
    qsort(times, ROUNDS, sizeof times[0], ascending);
    return times[ROUNDS / 2];
}

static void acquire(void)
{
    must(mv_buffer_acquire(image, MV_FULL, &buffer, &error));
    mv_buffer_release(&buffer);
}

static void make(void)
{
    mv_view *made;
    must(mv_view_new(image, MV_FULL, &made, &error));
    mv_view_unref(made);
}

static void index_items(void)
{
    mv_view *made;
    must(mv_view_index(view, MV_ITEMS(MV_SLICE(1, 9), MV_EVERY(-1)), &made, &error));
    mv_view_unref(made);
}

static void index_text(void)
{
    mv_view *made;
    must(mv_view_slice(view, "1:9, ::-1", &made, &error));
    mv_view_unref(made);
}

static void get(void)
{
    uint64_t value;
    must(mv_view_get_u64(view, MV_DIMS(7, 9), &value, &error));
}

static void set(void)
{
    must(mv_view_set_u64(view, MV_DIMS(7, 9), 5, &error));
}

static void copy(void)
{
    must(mv_view_copy(other, view, &error));
}

static void copy_plain(void)
{
    memcpy(plain_other, plain, (size_t)SIDE * SIDE);
    __asm__ volatile("" : : "r"(plain_other) : "memory");
}

static void copy_transposed(void)
{
    must(mv_view_copy(other, transposed, &error));
}

static void copy_transposed_plain(void)
{
    for (size_t y = 0; y < SIDE; y++)
        for (size_t x = 0; x < SIDE; x++) plain_other[y * SIDE + x] = plain[x * SIDE + y];
    __asm__ volatile("" : : "r"(plain_other) : "memory");
}

static void fill(void)
{
    const mv_scalar value = {.kind = MV_UINT, .as = {.u = 7}};
    must(mv_view_fill(other, &value, &error));
}

static void fill_plain(void)
{
    memset(plain_other, 7, (size_t)SIDE * SIDE);
    __asm__ volatile("" : : "r"(plain_other) : "memory");
}

static void line(const char *what, void (*work)(void), int calls, const char *against, void (*peer)(void))
{
    const double ours = median(work, calls);
    printf("%-44s %12.1f ns", what, ours);
    if (peer != NULL) {
        const double theirs = median(peer, calls);
        printf("   %-12s %12.1f ns   %6.2f times", against, theirs, ours / theirs);
    }
    putchar('\n');
}

int main(void)
{
    mv_object *second;
    must(mv_array_new("B", MV_DIMS(SIDE, SIDE), 'C', &image, &error));
    must(mv_array_new("B", MV_DIMS(SIDE, SIDE), 'C', &second, &error));
    must(mv_view_new(image, MV_FULL, &view, &error));
    must(mv_view_new(second, MV_FULL, &other, &error));
    must(mv_view_transpose(view, NULL, 0, &transposed, &error));
    plain = calloc(SIDE, SIDE);
    plain_other = calloc(SIDE, SIDE);
    if (plain == NULL || plain_other == NULL) return 1;
    printf("memview %s\n", mv_version_string());
    line("acquire and release a buffer", acquire, 100000, NULL, NULL);
    line("make and drop a view", make, 100000, NULL, NULL);
    line("slice by an index list, drop", index_items, 100000, NULL, NULL);
    line("slice by an index text, drop", index_text, 100000, NULL, NULL);
    line("read an item as a number", get, 100000, NULL, NULL);
    line("write an item as a number", set, 100000, NULL, NULL);
    line("copy 1 MiB", copy, 20, "memcpy", copy_plain);
    line("copy 1 MiB, transposed", copy_transposed, 2, "two loops", copy_transposed_plain);
    line("fill 1 MiB", fill, 20, "memset", fill_plain);
    free(plain);
    free(plain_other);
    mv_view_unref(transposed);
    mv_view_unref(view);
    mv_view_unref(other);
    mv_object_unref(image);
    mv_object_unref(second);
    return 0;
}
