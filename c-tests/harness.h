/*
 * The harness of memview's C tests: one program per noun, one source file per program, each case a process.
 * Include it first: it asks the system headers for POSIX. A case is
 *
 *     TEST(exports_are_counted)
 *     {
 *         CHECK_OK(mv_bytes_new("ab", 2, &object, &error));
 *         CHECK_SIZE(mv_object_exports(object), 0);
 *     }
 *
 * `program --list` prints the cases, `program NAME` runs one in this process, `program` runs each in a
 * process of its own and counts. A check that fails prints where and both values, and exits with 1.
 * MEMVIEW_EFFORT says how often what is repeated is repeated, in percent of the usual.
 */
#ifndef HARNESS_H
#define HARNESS_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <process.h>
#else
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#endif
#include "memview.h"

#ifdef MEMVIEW_SWEEP /* makes every call run out of memory: see memory/sweep.h */
#include "memory_sweep.h"
#else
#define HARNESS_RUN(one) (one)->run()
#define HARNESS_REPORT() (void)0
#define COUNT(what, counter) ((void)++(counter)) /* what a callback does: CALLED, GRANTED, RELEASED, FREED */
#endif

#if !defined(__cplusplus) && !defined(thread_local)
#define thread_local _Thread_local
#endif

/* A function whose parameter of this number is a format of C's printf, also where the runtime has another. */
#ifdef __MINGW_PRINTF_FORMAT
#define HARNESS_FORMAT(at) __attribute__((format(__MINGW_PRINTF_FORMAT, at, (at) + 1)))
#else
#define HARNESS_FORMAT(at) __attribute__((format(printf, at, (at) + 1)))
#endif

/* The case begins at the start of a line: CMake finds the cases by that. */
#define TEST(name)                                                               \
    static void test_##name(void);                                               \
    __attribute__((constructor)) static void register_##name(void)               \
    {                                                                            \
        static struct harness_case entry = {#name, test_##name, __LINE__, NULL}; \
        harness_register(&entry);                                                \
    }                                                                            \
    static void test_##name(void)

#define FAIL(...) harness_fail(__FILE__, __LINE__, __VA_ARGS__)
#define SKIP(reason) (printf("SKIP: %s\n", (reason)), exit(77))
#define CHECK(condition) ((condition) ? (void)0 : FAIL("'%s' is false", #condition))
#define CHECK_INT(actual, expected)                                                       \
    HARNESS_SAME(long long, harness_a == harness_e, "%lld", #actual, (long long)(actual), \
                 (long long)(expected))
#define CHECK_SIZE(actual, expected) \
    HARNESS_SAME(size_t, harness_a == harness_e, "%zu", #actual, (actual), (expected))
#define CHECK_PTR(actual, expected) \
    HARNESS_SAME(harness_pointer, harness_a == harness_e, "%p", #actual, (actual), (expected))
#define CHECK_DOUBLE(actual, expected) /* bit for bit, or both not a number */ \
    HARNESS_SAME(double, harness_same_double(harness_a, harness_e), "%.17g", #actual, (actual), (expected))
#define CHECK_STR(actual, expected) harness_str(__FILE__, __LINE__, #actual, (actual), (expected))
#define CHECK_BYTES(actual, expected, length) \
    harness_bytes(__FILE__, __LINE__, #actual, (actual), (expected), (length))
#define HARNESS_SAME(type, same, shown, text, actual, expected)                            \
    do {                                                                                   \
        const type harness_a = (actual), harness_e = (expected);                           \
        if (!(same)) FAIL("%s is " shown ", expected " shown, text, harness_a, harness_e); \
    } while (0)

/* A call that is given `&error`: it fails with this status, and `error` says the same, and in words. */
#define CHECK_STATUS(call, expected)                                                \
    do {                                                                            \
        const unsigned harness_begun = harness_begin();                             \
        harness_call(__FILE__, __LINE__, #call, (call), (expected), harness_begun); \
    } while (0)
#define CHECK_OK(call) CHECK_STATUS(call, MV_OK) /* and leaves `error` alone */

/* What CHECK_OK and CHECK_STATUS are given; one per thread. */
static thread_local mv_error error;
static thread_local unsigned harness_calls;
static const int32_t harness_untouched = -424242;
typedef const void *harness_pointer;

static struct harness_case {
    const char *name;
    void (*run)(void);
    int line;
    struct harness_case *next;
} * harness_cases;

static inline void harness_register(struct harness_case *entry)
{
    struct harness_case **at = &harness_cases;
    while (*at != NULL && (*at)->line < entry->line) at = &(*at)->next;
    entry->next = *at;
    *at = entry;
}

HARNESS_FORMAT(3)
__attribute__((noreturn)) static inline void harness_fail(const char *file, int line, const char *format, ...)
{
    va_list values;
    fflush(stdout);
    fprintf(stderr, "%s:%d: ", file, line);
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
    exit(1);
}

static inline void harness_str(const char *file, int line, const char *text, const char *actual,
                               const char *expected)
{
    const char *a = actual != NULL ? actual : "(NULL)", *e = expected != NULL ? expected : "(NULL)";
    if ((actual == NULL) != (expected == NULL) || strcmp(a, e) != 0)
        harness_fail(file, line, "%s is\n  \"%s\", expected\n  \"%s\"", text, a, e);
}

static inline int harness_same_double(double a, double e)
{
    return memcmp(&a, &e, sizeof a) == 0 || (a != a && e != e);
}

static inline void harness_bytes(const char *file, int line, const char *text, const void *actual,
                                 const void *expected, size_t length)
{
    const unsigned char *a = (const unsigned char *)actual, *e = (const unsigned char *)expected;
    size_t at = 0;
    if (length != 0 && (a == NULL || e == NULL)) harness_fail(file, line, "%s: NULL instead of bytes", text);
    while (at < length && a[at] == e[at]) at++;
    if (at == length) return;
    const size_t from = at < 8 ? 0 : at - 8, to = length - from < 24 ? length : from + 24;
    for (int row = 0; row < 2; row++) {
        fprintf(stderr, "%s byte %zu:", row == 0 ? "actual   from" : "expected from", from);
        for (size_t i = from; i < to; i++) fprintf(stderr, i == at ? " [%02x]" : " %02x", (row ? e : a)[i]);
        fputc('\n', stderr);
    }
    harness_fail(file, line, "%s differs at byte %zu of %zu", text, at, length);
}

/* A length that the arithmetic bears but no allocator has: where so much may be free, it is taken first. */
static inline size_t unavailable_length(void)
{
    const size_t length = PTRDIFF_MAX / 2 - 65536;
    void *volatile taken;
    do taken = malloc(length);
    while (taken != NULL);
    return length;
}

static inline unsigned harness_begin(void)
{
    memset(&error, 0x55, sizeof error);
    error.status = (mv_status)harness_untouched;
    return ++harness_calls;
}

static inline void harness_call(const char *file, int line, const char *text, mv_status status,
                                mv_status expected, unsigned begun)
{
    const int filled = (int32_t)error.status != harness_untouched;
    if (status != expected)
        harness_fail(file, line, "%s returned %s (%d), expected %s: %.480s", text, mv_status_name(status),
                     (int)status, mv_status_name(expected), filled ? error.message : "(error not filled)");
    if (status == MV_OK && filled && begun == harness_calls) /* else a callback used it */
        harness_fail(file, line, "%s succeeded, but wrote to error", text);
    if (status != MV_OK && !filled) harness_fail(file, line, "%s failed, but did not fill error", text);
    if (status != MV_OK && error.status != status)
        harness_fail(file, line, "%s: error.status is %d, returned %d", text, (int)error.status, (int)status);
    if (status != MV_OK && (!memchr(error.message, 0, sizeof error.message) || error.message[0] == '\0'))
        harness_fail(file, line, "%s: error.message is empty or not terminated", text);
}

/* How often to repeat what is usually done so many times: at least once. */
static inline long effort(long usual)
{
    const char *const given = getenv("MEMVIEW_EFFORT");
    const long percent = given != NULL && *given != '\0' ? strtol(given, NULL, 10) : 100;
    const long scaled = (usual * percent + 99) / 100;
    return scaled > 0 ? scaled : 1;
}

/* Runs one case in a process of its own; its status, or 1 where a signal ended it. */
static inline int harness_spawn(const char *program, const struct harness_case *one)
{
    fflush(stdout);
#ifdef _WIN32
    return (int)_spawnl(_P_WAIT, program, program, one->name, (char *)0);
#else
    (void)program;
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
        HARNESS_RUN(one);
        exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0) return 1;
    if (WIFSIGNALED(status)) fprintf(stderr, "ended by signal %d\n", WTERMSIG(status));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
#endif
}

int main(int count, char **arguments)
{
    const char *only = count > 1 ? arguments[1] : NULL;
    const int list = only != NULL && strcmp(only, "--list") == 0;
    int passed = 0, failed = 0, skipped = 0;
    for (const struct harness_case *one = harness_cases; one != NULL; one = one->next) {
        if (list) puts(one->name);
        if (only != NULL && strcmp(only, one->name) == 0) return HARNESS_RUN(one), 0;
        if (only != NULL) continue;
        const int status = harness_spawn(arguments[0], one);
        printf("%-4s %s\n", status == 0 ? "ok" : status == 77 ? "skip" : "FAIL", one->name);
        *(status == 0 ? &passed : status == 77 ? &skipped : &failed) += 1;
    }
    if (list) return 0;
    if (only != NULL) return fprintf(stderr, "no case is named %s; --list prints them\n", only), 2;
    HARNESS_REPORT();
    printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
    return failed != 0;
}

#endif
