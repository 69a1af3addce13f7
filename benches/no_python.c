/*
 * In place of python.c and its like, where a program cannot be linked with CPython.
 */
#include <stdlib.h>

#include "python.h"

void python_begin(peer *peers)
{
    const char *reason = getenv("BENCH_NO_PYTHON");
    for (int who = CPYTHON; who <= PYBIND11; who++) peers[who].absent = "it comes with CPython";
    peers[CPYTHON].absent = reason != NULL ? reason : "built without it";
}

void python_contenders(const workload *work, contender *contenders)
{
    (void)work;
    (void)contenders;
}

void python_end(void)
{
}
