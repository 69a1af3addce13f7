/*
 * The interpreter, and calls that are prepared from text so that a run makes nothing but the call.
 */
#include "python_peers.h"

#include <stdlib.h>
#include <string.h>

#include "python.h"

typedef struct prepared {
    PyObject *function, *stack, *keywords; /* the arguments in one tuple, the names of the last of them */
    size_t positional;
    int is_item;
} prepared;

static const char *const import_function = "def load(name, package):\n"
                                           "    try:\n"
                                           "        globals()[name] = __import__(package)\n"
                                           "        return globals()[name].__version__, None\n"
                                           "    except Exception as error:\n"
                                           "        return None, f'{type(error).__name__}: {error}'\n";

static PyObject *names, *kept;
static prepared calls[CONTENDERS];
static int has_arrays, is_here[CONTENDERS];

void *python_checked(void *result)
{
    if (result != NULL) return result;
    PyErr_Print();
    bench_fail("Python failed");
    return NULL;
}

PyObject *python_value(const char *text)
{
    return python_checked(PyRun_String(text, Py_eval_input, names, names));
}

static void define(const char *name, PyObject *value)
{
    python_checked(value);
    if (PyDict_SetItemString(names, name, value) != 0) python_checked(NULL);
    Py_DECREF(value);
}

/* ---- the interpreter ---- */

/* The packages are in the virtual environment of this executable. */
static void start_interpreter(void)
{
    const char *executable = getenv("BENCH_PYTHON");
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    PyStatus status = PyStatus_Ok();
    if (executable != NULL) status = PyConfig_SetBytesString(&config, &config.executable, executable);
    if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    if (PyStatus_Exception(status)) bench_fail("CPython does not start");
}

static const char *python_version(void)
{
    static char text[40];
    snprintf(text, sizeof text, "%.*s", (int)strcspn(Py_GetVersion(), " "), Py_GetVersion());
    return text;
}

/* Imports a package under a name. */
static void load(peer *peers, int who, const char *name, const char *package)
{
    static char text[CONTENDERS][200];
    const char *reason = getenv("BENCH_NO_PACKAGES"), *version, *error;
    PyObject *answer =
        python_checked(PyObject_CallFunction(PyDict_GetItemString(names, "load"), "ss", name, package));
    if (!PyArg_ParseTuple(answer, "zz", &version, &error)) python_checked(NULL);
    snprintf(text[who], sizeof text[who], "%.90s%s%.90s", version != NULL ? version : error,
             version == NULL && reason != NULL ? "; " : "", version == NULL && reason != NULL ? reason : "");
    is_here[who] = version != NULL;
    if (version != NULL)
        peers[who].version = text[who];
    else
        peers[who].absent = text[who];
    Py_DECREF(answer);
}

static PyObject *area(unsigned char *first)
{
    return PyMemoryView_FromMemory((char *)first, AREA, PyBUF_WRITE);
}

void python_begin(peer *peers)
{
    start_interpreter();
    names = python_checked(PyDict_New());
    if (PyDict_SetItemString(names, "__builtins__", PyEval_GetBuiltins()) != 0) python_checked(NULL);
    Py_DECREF(python_checked(PyRun_String(import_function, Py_file_input, names, names)));
    define("struct", PyImport_ImportModule("struct"));
    define("area_from", area(area_from));
    define("area_to", area(area_to));
    peers[CPYTHON].version = python_version();
    load(peers, NUMPY, "np", "numpy");
    load(peers, OPENCV, "cv2", "cv2");
    if (is_here[OPENCV]) Py_DECREF(python_value("cv2.setNumThreads(1)"));
#ifdef BENCH_PYBIND11
    peers[PYBIND11].version = pybind11_version();
#else
    const char *reason = getenv("BENCH_NO_PYBIND11");
    peers[PYBIND11].absent = reason != NULL ? reason : "built without it";
#endif
}

/* ---- arrays of NumPy's over the same memory ---- */

static int append_extents(char *text, size_t size, const ptrdiff_t *extents, int ndim)
{
    int length = snprintf(text, size, "(");
    for (int dim = 0; dim < ndim; dim++)
        length += snprintf(text + length, size - (size_t)length, "%td,", extents[dim]);
    return length + snprintf(text + length, size - (size_t)length, ")");
}

static void define_array(const char *name, const array *items)
{
    char text[400], shape[120], strides[120];
    if (items->format == NULL) return;
    append_extents(shape, sizeof shape, items->shape, items->ndim);
    append_extents(strides, sizeof strides, items->strides, items->ndim);
    const int is_to = items->first >= area_to && items->first < area_to + AREA;
    snprintf(text, sizeof text, "np.ndarray(%s, '%s', %s, %td, %s)", shape, items->format,
             is_to ? "area_to" : "area_from", items->first - (is_to ? area_to : area_from), strides);
    define(name, python_value(text));
}

/* ---- calls ---- */

static const python_call *row_of(const python_call *table, const workload *work)
{
    for (const python_call *row = table; row->name != NULL; row++)
        if (strcmp(row->name, work->name) == 0) return row;
    for (const python_call *row = table; row->name != NULL && work->family != NULL; row++)
        if (strcmp(row->name, work->family) == 0) return row;
    return NULL;
}

static void run_prepared(const prepared *call, long times)
{
    PyObject *const *stack = PySequence_Fast_ITEMS(call->stack);
    for (; times > 0; times--) {
        PyObject *result = call->is_item
                               ? PyObject_GetItem(stack[0], stack[1])
                               : PyObject_Vectorcall(call->function, stack, call->positional, call->keywords);
        python_checked(result);
        if (times == 1)
            python_keep(result);
        else
            Py_DECREF(result);
    }
}

static void run_numpy(long times)
{
    run_prepared(&calls[NUMPY], times);
}

static void run_opencv(long times)
{
    run_prepared(&calls[OPENCV], times);
}

/* Makes a contender of the row that is for the workload; none, if there is none. */
static contender prepare(int who, const python_call *table, const workload *work)
{
    const contender none = {NULL, NULL}, made = {who == NUMPY ? run_numpy : run_opencv, python_collect};
    const python_call *row = row_of(table, work);
    prepared *call = &calls[who];
    if (row == NULL) return none;
    if (!has_arrays) {
        define_array("src", &bench.source);
        define_array("dst", &bench.target);
        has_arrays = 1;
    }
    call->is_item = strcmp(row->function, GET_ITEM) == 0;
    if (!call->is_item) call->function = python_value(row->function);
    PyObject *arguments = python_value(row->arguments);
    call->positional = (size_t)PyTuple_GET_SIZE(arguments);
    call->stack = arguments;
    if (row->keywords != NULL) {
        PyObject *keywords = python_value(row->keywords);
        PyObject *values = python_checked(PySequence_Tuple(python_checked(PyDict_Values(keywords))));
        call->keywords = python_checked(PySequence_Tuple(keywords));
        call->stack = python_checked(PySequence_Concat(arguments, values));
        Py_DECREF(keywords);
    }
    return made;
}

/* ---- results ---- */

void python_keep(PyObject *result)
{
    Py_XSETREF(kept, result);
}

/* All numbers of lists in lists, one after the other. */
static double *collect_numbers(PyObject *item, double *to)
{
    if (!PyList_Check(item) && !PyTuple_Check(item)) {
        *to = PyFloat_AsDouble(item);
        if (PyErr_Occurred()) python_checked(NULL);
        return to + 1;
    }
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(item); i++)
        to = collect_numbers(PySequence_Fast_GET_ITEM(item, i), to);
    return to;
}

/* What a view shows, from where its exporter begins: an area, or the object that a memoryview names. */
static int64_t describe(PyObject *view)
{
    Py_buffer got, whole;
    if (PyObject_GetBuffer(view, &got, PyBUF_FULL_RO) != 0) python_checked(NULL);
    const unsigned char *at = got.buf, *base = area_from;
    if (at < area_from || at >= area_from + AREA) {
        PyObject *owner = python_checked(PyObject_GetAttrString(view, "obj"));
        if (PyObject_GetBuffer(owner, &whole, PyBUF_SIMPLE) != 0) python_checked(NULL);
        base = whole.buf;
        PyBuffer_Release(&whole);
        Py_DECREF(owner);
    }
    const int64_t number = fingerprint(got.ndim, got.itemsize, got.shape, got.strides, at - base);
    PyBuffer_Release(&got);
    return number;
}

/* Of a type: the bytes of an item. */
static int64_t size_attribute(PyObject *type)
{
    PyObject *size = PyObject_GetAttrString(type, "itemsize");
    if (size == NULL) {
        PyErr_Clear();
        size = python_checked(PyObject_GetAttrString(type, "size"));
    }
    const int64_t number = PyLong_AsLongLong(size);
    Py_DECREF(size);
    return number;
}

static void collect_number(void)
{
    if (PyFloat_Check(kept)) {
        bench.number = (int64_t)(PyFloat_AS_DOUBLE(kept) * 2);
        return;
    }
    PyObject *integer = PyNumber_Index(kept);
    PyErr_Clear();
    if (integer != NULL)
        bench.number = PyLong_AsLongLong(integer);
    else if (PyObject_CheckBuffer(kept))
        bench.number = describe(kept);
    else
        bench.number = size_attribute(kept);
    Py_XDECREF(integer);
}

void python_collect(void)
{
    char *text;
    Py_ssize_t length;
    if (kept == NULL || kept == Py_None) return;
    if (PyUnicode_Check(kept)) {
        memcpy(area_to, python_checked((void *)PyUnicode_AsUTF8(kept)), bench.span);
    } else if (PyBytes_Check(kept)) {
        if (PyBytes_AsStringAndSize(kept, &text, &length) != 0) python_checked(NULL);
        memcpy(area_to, text, bench.span);
    } else if (PyList_Check(kept)) {
        collect_numbers(kept, (double *)(void *)area_to);
    } else if (bench.expected_number != -1) {
        collect_number();
    } /* else it is the destination, handed back */
}

void python_contenders(const workload *work, contender *contenders)
{
    has_arrays = 0;
    contenders[CPYTHON] = cpython_contender(work);
    if (is_here[NUMPY]) contenders[NUMPY] = prepare(NUMPY, numpy_calls, work);
    if (is_here[OPENCV]) contenders[OPENCV] = prepare(OPENCV, opencv_calls, work);
#ifdef BENCH_PYBIND11
    contenders[PYBIND11].run = pybind11_run(work->name, cpython_exporter());
    contenders[PYBIND11].collect = python_collect;
#endif
}

void python_end(void)
{
    const prepared none = {NULL, NULL, NULL, 0, 0};
    for (int who = 0; who < CONTENDERS; who++) {
        Py_XDECREF(calls[who].function);
        Py_XDECREF(calls[who].stack);
        Py_XDECREF(calls[who].keywords);
        calls[who] = none;
    }
    Py_CLEAR(kept);
    cpython_end();
}
