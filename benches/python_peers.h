/*
 * What the contenders in Python share: the interpreter, and calls that were prepared from text.
 */
#ifndef BENCH_PYTHON_PEERS_H
#define BENCH_PYTHON_PEERS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "bench.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The result, or the end of the program with Python's message. */
void *python_checked(void *result);

/* The value of an expression. It knows `np`, `cv2`, `struct`, the areas, and `src` and `dst`. */
PyObject *python_value(const char *text);

/*
 * A call as text, for the workload of a name, or for a family of them. Function and arguments are made beforehand.
 * A table ends with a name of NULL.
 */
typedef struct python_call {
    const char *name, *function;
    const char *arguments; /* a tuple */
    const char *keywords;  /* a dict; NULL: none */
} python_call;

/* `function` of a call that is `a[b]` for its two arguments. */
#define GET_ITEM "a[b]"

/* Keeps the result of a run; takes it. */
void python_keep(PyObject *result);

/* Brings what was kept to where it is checked: a number, text or bytes, numbers in a list, or what a buffer describes. */
void python_collect(void);

/* Who they are: cpython.c, python_calls.c, pybind11.cpp. */
contender cpython_contender(const workload *work);
PyObject *cpython_exporter(void); /* what the workload acquires from */
void cpython_end(void);
extern const python_call numpy_calls[], opencv_calls[];
const char *pybind11_version(void);
bench_run pybind11_run(const char *workload, PyObject *exporter);

#ifdef __cplusplus
}
#endif

#endif
