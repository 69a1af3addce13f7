/*
 * Random cases that can be had again: each begins from the seed and a number of its own, and leaves a trace
 * that is printed where a check fails. MEMVIEW_SEED sets the seed, MEMVIEW_ROUND runs the one case of that
 * number. Include it after harness.h.
 */
#ifndef RANDOM_H
#define RANDOM_H

#include "harness.h"

static struct {
    uint64_t seed, state;
    int64_t round; /* the number of the case that runs; -1: none */
    size_t noted;
    char trace[16384];
} chance = {0, 0, -1, 0, ""};

/* SplitMix64. */
static inline uint64_t random_next(void)
{
    uint64_t z = (chance.state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* 0 to count - 1. */
static inline int random_below(int count)
{
    return (int)(random_next() % (uint64_t)count);
}

static inline int random_between(int low, int high)
{
    return low + random_below(high - low + 1);
}

/* True in so many of 100 cases. */
static inline int random_percent(int chances)
{
    return random_below(100) < chances;
}

static inline void random_fill(void *data, size_t size)
{
    unsigned char *to = (unsigned char *)data;
    for (; size >= 8; size -= 8, to += 8) {
        const uint64_t bits = random_next();
        memcpy(to, &bits, 8);
    }
    for (; size > 0; size--) *to++ = (unsigned char)random_next();
}

/* Adds to the trace of the case. */
HARNESS_FORMAT(1)
static inline void note(const char *format, ...)
{
    const size_t room = sizeof chance.trace - chance.noted;
    va_list values;
    va_start(values, format);
    const int length = vsnprintf(chance.trace + chance.noted, room, format, values);
    va_end(values);
    chance.noted += length < 0 ? 0 : (size_t)length < room ? (size_t)length : room - 1;
}

static inline void random_explain(void)
{
    if (chance.round < 0) return;
    fprintf(stderr, "MEMVIEW_SEED=%llu MEMVIEW_ROUND=%lld:\n%s\n", (unsigned long long)chance.seed,
            (long long)chance.round, chance.trace);
}

static inline int64_t random_variable(const char *name, int64_t usual)
{
    const char *given = getenv(name);
    return given != NULL && *given != '\0' ? (int64_t)strtoull(given, NULL, 0) : usual;
}

/* Runs `one` as often as is usual, or as the environment says. Every kind has random numbers of its own. */
static inline void random_rounds(const char *what, uint64_t kind, int usual, void (*one)(void))
{
    const int64_t single = random_variable("MEMVIEW_ROUND", -1);
    const int64_t begin = single < 0 ? 0 : single, end = single < 0 ? effort(usual) : single + 1;
    chance.seed = (uint64_t)random_variable("MEMVIEW_SEED", 20261122);
    printf("%lld %s, seed %llu\n", (long long)(end - begin), what, (unsigned long long)chance.seed);
    atexit(random_explain);
    for (int64_t round = begin; round < end; round++) {
        chance.state = chance.seed ^ (kind << 56) ^ ((uint64_t)round * 0xd1342543de82ef95u);
        chance.round = round;
        chance.noted = 0;
        chance.trace[0] = '\0';
        random_next();
        one();
    }
    chance.round = -1;
}

#endif
