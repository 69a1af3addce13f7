/*
 * CPython, NumPy, OpenCV and pybind11, all through one interpreter in this process.
 */
#ifndef BENCH_PYTHON_H
#define BENCH_PYTHON_H

#include "bench.h"

/* Starts the interpreter. Writes who is there; who is not, is left with a reason. */
void python_begin(peer *peers);

/* Adds those who take part in a workload that has begun; until python_end. */
void python_contenders(const workload *work, contender *contenders);
void python_end(void);

#endif
