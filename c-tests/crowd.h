/*
 * A crowd of threads that do something to one thing at the same moment, in rounds: `prepare` alone, `work`
 * by all at once, `check` alone. A check that fails ends the process, from whichever thread. The threads
 * write no byte of the memory at the same moment: that is the callers' affair, and ThreadSanitizer would say so.
 */
#ifndef CROWD_H
#define CROWD_H

#include <pthread.h>
#include <sched.h>
#include "adversary.h"

enum { CROWD = 8 };

static struct crowd {
    pthread_barrier_t gate;
    atomic_int arrived;
    long rounds;
    void (*work)(int number);
} crowd;

static inline void *crowd_member(void *number)
{
    for (long round = 0; round < crowd.rounds; round++) {
        pthread_barrier_wait(&crowd.gate);
        crowd.arrived++;
        for (int spins = 0; crowd.arrived < 2 && spins < 10000; spins++) continue; /* two begin in step */
        crowd.work((int)(intptr_t)number);
        pthread_barrier_wait(&crowd.gate);
    }
    return NULL;
}

static inline void crowd_run(int rounds, void (*prepare)(void), void (*work)(int number), void (*check)(void))
{
    pthread_t threads[CROWD];
    crowd.rounds = effort(rounds);
    crowd.work = work;
    CHECK(pthread_barrier_init(&crowd.gate, NULL, CROWD + 1) == 0);
    for (int i = 0; i < CROWD; i++)
        CHECK(pthread_create(&threads[i], NULL, crowd_member, (void *)(intptr_t)i) == 0);
    for (long round = 0; round < crowd.rounds; round++) {
        prepare();
        crowd.arrived = 0;
        pthread_barrier_wait(&crowd.gate);
        pthread_barrier_wait(&crowd.gate);
        check();
    }
    for (int i = 0; i < CROWD; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(pthread_barrier_destroy(&crowd.gate) == 0);
}

#endif
