/*
 * What the contenders in Python share: the interpreter, and calls that were prepared from text.
 */
#ifndef BENCH_PYTHON_PEERS_H
#define BENCH_PYTHON_PEERS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "bench.h"

/* The result, or the end of the program with Python's message. */
void *python_checked(void *result);

/* The value of an expression. It knows `np`, `cv2`, `struct`, the areas, and what a workload has defined. */
PyObject *python_value(const char *text);

/* Defines a name for the workload that has begun; takes the value. */
void python_define(const char *name, PyObject *value);

/* A call as a text, by a workload's name or its family. The function is looked up and the arguments are made beforehand. */
typedef struct python_call {
    const char *name, *function;
    const char *arguments; /* a tuple */
    const char *keywords;  /* a dict; NULL: none */
} python_call;

/* `function` of a call that is `a[b]` for its two arguments. */
#define GET_ITEM "a[b]"

/* Makes a contender of the row that is for the workload; none, if there is none. A table ends with a name of NULL. */
contender python_prepare(int who, const python_call *table, const workload *work);

/* Keeps the result of a run; takes it. */
void python_keep(PyObject *result);

/* Brings what was kept to where it is checked: a number, text or bytes, numbers in a list, or what a buffer describes. */
void python_collect(void);

/* CPython's C API, and pybind11: cpython.c, pybind11.cpp. */
contender cpython_contender(const workload *work);
void cpython_end(void);
const char *numpy_begin(void); /* the version; NULL: it cannot be imported, and Python's error is set */
const char *opencv_begin(void);
extern const python_call numpy_calls[], opencv_calls[];
#ifdef BENCH_PYBIND11
#ifdef __cplusplus
extern "C" {
#endif
const char *pybind11_version(void);
bench_run pybind11_run(const char *workload, PyObject *exporter);
#ifdef __cplusplus
}
#endif
#endif

#endif
