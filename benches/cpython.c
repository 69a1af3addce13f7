/*
 * CPython's C API doing the same: PyObject_GetBuffer, memoryview objects, PyBuffer_ToContiguous.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdio.h>
#include <string.h>

#include "bench.h"

enum { ITEMS = 1024, ROWS = 32, COLUMNS = 32 };

static PyObject *exporter, *view, *slice, *name_cast, *format_d, *pairs[COLUMNS], *indices[ITEMS],
    *values[ITEMS];
static Py_buffer held;

static void *checked(void *result)
{
    if (result == NULL) {
        PyErr_Print();
        bench_fail("CPython");
    }
    return result;
}

const char *cpython_begin(void)
{
    static char text[64];
    Py_InitializeEx(0);
    snprintf(text, sizeof text, "%.*s", (int)strcspn(Py_GetVersion(), " "), Py_GetVersion());
    return text;
}

static void acquire(PyObject *object, int flags, long times)
{
    for (long i = 0; i < times; i++) {
        Py_buffer got;
        if (PyObject_GetBuffer(object, &got, flags) != 0) checked(NULL);
        PyBuffer_Release(&got);
    }
}

static void acquire_simple(long times)
{
    acquire(exporter, PyBUF_SIMPLE, times);
}

static void acquire_writable(long times)
{
    acquire(exporter, PyBUF_WRITABLE, times);
}

static void acquire_full(long times)
{
    acquire(view, PyBUF_FULL, times);
}

static void view_new(long times)
{
    for (long i = 0; i < times; i++) Py_DECREF(checked(PyMemoryView_FromObject(exporter)));
}

static void slice1d(long times)
{
    for (long i = 0; i < times; i++) Py_DECREF(checked(PyObject_GetItem(view, slice)));
}

static void cast_view(long times)
{
    for (long i = 0; i < times; i++)
        Py_DECREF(checked(PyObject_CallMethodObjArgs(view, name_cast, format_d, NULL)));
}

static void get_item(long times)
{
    for (long i = 0; i < times; i++) Py_DECREF(checked(PySequence_GetItem(view, i & (ITEMS - 1))));
}

static void set_item(long times)
{
    for (long i = 0; i < times; i++)
        if (PyObject_SetItem(view, indices[i & (ITEMS - 1)], values[i & (ITEMS - 1)]) != 0) checked(NULL);
}

static void get_pair(long times)
{
    for (long i = 0; i < times; i++) Py_DECREF(checked(PyObject_GetItem(view, pairs[i & (COLUMNS - 1)])));
}

static void get_pointer(long times)
{
    for (long i = 0; i < times; i++) {
        Py_ssize_t at[] = {i & 3, i & 3, i & 3};
        void *volatile item = PyBuffer_GetPointer(&held, at);
        (void)item;
    }
}

static void to_contiguous(long times)
{
    Py_buffer source;
    Py_ssize_t shape[3], strides[3], length = bench.itemsize;
    for (int dim = 0; dim < bench.ndim; dim++) {
        length *= shape[dim] = bench.shape[dim];
        strides[dim] = bench.strides[dim];
    }
    memset(&source, 0, sizeof source);
    source.buf = bench.from;
    source.len = length;
    source.itemsize = bench.itemsize;
    source.ndim = bench.ndim;
    source.format = bench.itemsize == 4 ? "f" : "B";
    source.shape = shape;
    source.strides = strides;
    for (; times > 0; times--)
        if (PyBuffer_ToContiguous(bench.to, &source, length, 'C') != 0) checked(NULL);
}

/* The memoryview of `items` items of a format, in this shape. */
static PyObject *make_view(const char *format, const char *shape)
{
    char text[160];
    PyObject *globals = checked(PyDict_New());
    PyDict_SetItemString(globals, "__builtins__", PyEval_GetBuiltins());
    PyDict_SetItemString(globals, "exporter", exporter);
    snprintf(text, sizeof text, "memoryview(exporter).cast('%s', [%s])", format, shape);
    PyObject *made = checked(PyRun_String(text, Py_eval_input, globals, globals));
    Py_DECREF(globals);
    return made;
}

static void drop_all(void)
{
    PyBuffer_Release(&held);
    Py_CLEAR(view);
    Py_CLEAR(exporter);
}

static bench_run with_view(int is_bytes, Py_ssize_t size, const char *format, const char *shape,
                           bench_run run)
{
    exporter = is_bytes ? PyBytes_FromStringAndSize(NULL, size) : PyByteArray_FromStringAndSize(NULL, size);
    checked(exporter);
    for (Py_ssize_t i = 0; i < size; i++)
        (is_bytes ? PyBytes_AS_STRING(exporter) : PyByteArray_AS_STRING(exporter))[i] = (char)(i % 100);
    if (format != NULL) view = make_view(format, shape);
    return run;
}

bench_run cpython_contender(const char *name)
{
    drop_all();
    if (slice == NULL) {
        slice = checked(PySlice_New(checked(PyLong_FromLong(10)), checked(PyLong_FromLong(-10)),
                                    checked(PyLong_FromLong(2))));
        name_cast = checked(PyUnicode_InternFromString("cast"));
        format_d = checked(PyUnicode_FromString("d"));
        for (int i = 0; i < COLUMNS; i++) pairs[i] = checked(Py_BuildValue("(ii)", i, i));
        for (int i = 0; i < ITEMS; i++) {
            indices[i] = checked(PyLong_FromLong(i));
            values[i] = checked(PyFloat_FromDouble(i));
        }
    }
    if (strcmp(name, "acq_bytes") == 0) return with_view(1, ITEMS, NULL, NULL, acquire_simple);
    if (strcmp(name, "acq_bytearray_w") == 0) return with_view(0, ITEMS, NULL, NULL, acquire_writable);
    if (strcmp(name, "acq_nd3_full") == 0) return with_view(0, 960, "d", "4, 5, 6", acquire_full);
    if (strcmp(name, "view_new") == 0) return with_view(0, ITEMS, NULL, NULL, view_new);
    if (strcmp(name, "slice1d") == 0) return with_view(0, ITEMS, "B", "1024", slice1d);
    if (strcmp(name, "cast_view") == 0) return with_view(0, ITEMS, "B", "1024", cast_view);
    if (strcmp(name, "get_u8") == 0) return with_view(0, ITEMS, "B", "1024", get_item);
    if (strcmp(name, "get_f64") == 0) return with_view(0, ITEMS * 8, "d", "1024", get_item);
    if (strcmp(name, "set_f64") == 0) return with_view(0, ITEMS * 8, "d", "1024", set_item);
    if (strcmp(name, "get2d_f64") == 0) return with_view(0, ITEMS * 8, "d", "32, 32", get_pair);
    if (strcmp(name, "getptr3d") == 0) {
        with_view(0, 960, "d", "4, 5, 6", NULL);
        if (PyObject_GetBuffer(view, &held, PyBUF_FULL) != 0) checked(NULL);
        return get_pointer;
    }
    if (bench.from != NULL && strncmp(name, "fill", 4) != 0) return to_contiguous;
    return NULL;
}
