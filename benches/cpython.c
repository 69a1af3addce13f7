/*
 * CPython's C API on the same memory: PyObject_GetBuffer, memoryview objects, PyBuffer_ToContiguous and its like. Where
 * memoryview cannot do a thing, bytes does, or the struct module; or nobody does.
 */
#include "python_peers.h"

#include <string.h>

#include "calls.h"
#include "search.h"

static PyObject *exporter, *view, *other, *argument, *method, *pairs[ITEMS], *indices[ITEMS], *values[ITEMS];
static Py_buffer held;

PyObject *cpython_exporter(void)
{
    return exporter;
}

static void require(int status)
{
    if (status != 0) python_checked(NULL);
}

/* ---- what it works on ---- */

static Py_buffer described(const array *items)
{
    Py_buffer made;
    memset(&made, 0, sizeof made);
    made.buf = items->first;
    made.len = (Py_ssize_t)array_bytes(items);
    made.itemsize = items->itemsize;
    made.ndim = items->ndim;
    made.format = (char *)items->format;
    made.shape = (Py_ssize_t *)items->shape;
    made.strides = (Py_ssize_t *)items->strides;
    return made;
}

static PyObject *view_of(const array *items)
{
    Py_buffer described_items = described(items);
    return python_checked(PyMemoryView_FromBuffer(&described_items));
}

static void with_bytes(void)
{
    exporter =
        python_checked(PyBytes_FromStringAndSize((const char *)bench.source.first, (Py_ssize_t)bench.bytes));
}

static void with_small_bytes(void)
{
    exporter = python_checked(PyBytes_FromStringAndSize((const char *)area_from, CALL_BYTES));
}

static void with_bytearray(void)
{
    exporter = python_checked(PyByteArray_FromStringAndSize((const char *)area_from, CALL_BYTES));
}

static void with_slice(void)
{
    with_bytearray();
    view = python_checked(PyMemoryView_FromObject(exporter));
    argument = python_value("slice(10, -10, 2)");
}

static void with_cast(void)
{
    with_slice();
    Py_SETREF(argument, python_checked(PyUnicode_FromString("d")));
    method = python_checked(PyUnicode_InternFromString("cast"));
}

/* A memoryview exports what it shows. */
static void with_view(void)
{
    view = view_of(&bench.source);
    exporter = Py_NewRef(view);
}

static void with_indices(void)
{
    with_view();
    for (int i = 0; i < ITEMS && indices[ITEMS - 1] == NULL; i++) {
        pairs[i] = python_checked(Py_BuildValue("(ii)", i / COLUMNS, i % COLUMNS));
        values[i] = python_checked(PyFloat_FromDouble(i));
        indices[i] = python_checked(PyLong_FromLong(i));
    }
}

static void with_held(void)
{
    with_view();
    require(PyObject_GetBuffer(view, &held, PyBUF_FULL));
}

static void with_two_views(void)
{
    view = view_of(&bench.source);
    other = view_of(&bench.target);
}

static void with_struct(void)
{
    method = python_value("struct.Struct");
    argument = python_checked(PyUnicode_FromString(SIZE_RECORD));
}

static void with_records(void)
{
    view = python_checked(PyMemoryView_FromMemory((char *)area_from, RECORDS * sizeof(record), PyBUF_READ));
    method = python_value("struct.Struct('" RECORD_FORMAT "').iter_unpack");
}

static void with_byte(void)
{
    const char sought[] = {(char)SEARCH_ABSENT};
    with_bytes();
    method = python_value("'find'");
    argument = python_checked(PyBytes_FromStringAndSize(sought, 1));
}

static void with_string(void)
{
    with_byte();
    Py_SETREF(argument, python_checked(PyBytes_FromString(SEARCH_NEEDLE)));
}

static void with_count(void)
{
    const char sought[] = {SEARCH_COUNTED};
    with_byte();
    Py_SETREF(method, python_value("'count'"));
    Py_SETREF(argument, python_checked(PyBytes_FromStringAndSize(sought, 1)));
}

static void with_hex(void)
{
    with_view();
    method = python_value("'hex'");
}

static void with_separated_hex(void)
{
    with_hex();
    argument = python_value("':'");
}

static void with_tobytes(void)
{
    with_view();
    method = python_value("'tobytes'");
}

static void with_tolist(void)
{
    with_view();
    method = python_value("'tolist'");
}

/* ---- runs ---- */

static void acquire(int flags, long times)
{
    for (; times > 0; times--) {
        Py_buffer got;
        require(PyObject_GetBuffer(exporter, &got, flags));
        bench.number = got.len;
        PyBuffer_Release(&got);
    }
}

static void acquire_simple(long times)
{
    acquire(PyBUF_SIMPLE, times);
}

static void acquire_writable(long times)
{
    acquire(PyBUF_WRITABLE, times);
}

static void acquire_full(long times)
{
    acquire(PyBUF_FULL, times);
}

/* Drops all results but the last. */
#define REPEAT(call)                           \
    for (; times > 0; times--) {               \
        PyObject *made = python_checked(call); \
        if (times == 1)                        \
            python_keep(made);                 \
        else                                   \
            Py_DECREF(made);                   \
    }

static void view_new(long times)
{
    REPEAT(PyMemoryView_FromObject(exporter))
}

static void slice1d(long times)
{
    REPEAT(PyObject_GetItem(view, argument))
}

static void call_view(long times)
{
    REPEAT(PyObject_CallMethodObjArgs(view, method, argument, NULL))
}

static void call_bytes(long times)
{
    REPEAT(PyObject_CallMethodObjArgs(exporter, method, argument, NULL))
}

static void call_argument(long times)
{
    REPEAT(PyObject_CallFunctionObjArgs(method, argument, NULL))
}

static void equal(long times)
{
    REPEAT(PyObject_RichCompare(view, other, Py_EQ))
}

static void unpack(long times)
{
    for (; times > 0; times--) {
        PyObject *records = python_checked(PyObject_CallFunctionObjArgs(method, view, NULL));
        PyObject *list = python_checked(PySequence_List(records));
        Py_DECREF(records);
        python_keep(list);
    }
}

static void get_item(long times)
{
    long i = 0;
    REPEAT(PyObject_GetItem(view, indices[i++ & (ITEMS - 1)]))
}

static void get_pair(long times)
{
    long i = 0;
    REPEAT(PyObject_GetItem(view, pairs[i++ & (ITEMS - 1)]))
}

static void set_item(long times)
{
    for (long i = 0; i < times; i++)
        require(PyObject_SetItem(view, indices[i & (ITEMS - 1)], values[i & (ITEMS - 1)]));
}

static void get_pointer(long times)
{
    for (long i = 0; i < times; i++) {
        Py_ssize_t at[] = {i & 3, i & 3, i & 3};
        bench.number = (unsigned char *)PyBuffer_GetPointer(&held, at) - area_from;
    }
}

static void is_contiguous(long times)
{
    for (; times > 0; times--) bench.number = PyBuffer_IsContiguous(&held, 'C');
}

static void size_of(const char *format, long times)
{
    for (; times > 0; times--) {
        bench.number = PyBuffer_SizeFromFormat(format);
        if (bench.number < 0) python_checked(NULL);
    }
}

static void size_simple(long times)
{
    size_of(SIZE_SIMPLE, times);
}

static void size_record(long times)
{
    size_of(SIZE_RECORD, times);
}

static void to_contiguous(long times)
{
    Py_buffer source = described(&bench.source);
    for (; times > 0; times--) require(PyBuffer_ToContiguous(area_to, &source, source.len, 'C'));
}

static void from_contiguous(long times)
{
    Py_buffer target = described(&bench.target);
    for (; times > 0; times--) require(PyBuffer_FromContiguous(&target, bench.source.first, target.len, 'C'));
}

static void copy_objects(long times)
{
    for (; times > 0; times--) require(PyObject_CopyData(other, view));
}

/* ---- who does what ---- */

typedef struct row {
    const char *name;
    void (*prepare)(void);
    bench_run run;
} row;

static const row rows[] = {
    {"acq_bytes", with_small_bytes, acquire_simple},
    {"acq_bytearray_w", with_bytearray, acquire_writable},
    {"acq_nd3_full", with_view, acquire_full},
    {"view_new", with_bytearray, view_new},
    {"slice1d", with_slice, slice1d},
    {"cast_view", with_cast, call_view},
    {"get_u8", with_indices, get_item},
    {"get_f64", with_indices, get_item},
    {"set_f64", with_indices, set_item},
    {"get2d_f64", with_indices, get_pair},
    {"getptr3d", with_held, get_pointer},
    {"iscontig3d", with_held, is_contiguous},
    {"sizefmt_simple", NULL, size_simple},
    {"sizefmt_rec", NULL, size_record},
    {"parse_rec", with_struct, call_argument},
    {"tolist", with_tolist, call_view},
    {"unpack_rec_per_rec", with_records, unpack},
    {"scatter_step2_f32", NULL, from_contiguous},
    {"copydata_2d_f32", with_two_views, copy_objects},
    {"copy", NULL, to_contiguous},
    {"equal", with_two_views, equal},
    {"hex_1M", with_hex, call_view},
    {"hex_sep_1M", with_separated_hex, call_view},
    {"find_byte_16M", with_byte, call_bytes},
    {"find_sub_16M", with_string, call_bytes},
    {"count_byte_16M", with_count, call_bytes},
    {"tobytes", with_tobytes, call_view},
    {NULL, NULL, NULL},
};

contender cpython_contender(const workload *work)
{
    contender made = {NULL, python_collect};
    for (const row *given = rows; given->name != NULL; given++) {
        const int is_family = work->family != NULL && strcmp(given->name, work->family) == 0;
        if (!is_family && strcmp(given->name, work->name) != 0) continue;
        if (given->prepare != NULL) given->prepare();
        made.run = given->run;
        break;
    }
    return made;
}

void cpython_end(void)
{
    if (held.obj != NULL) PyBuffer_Release(&held);
    Py_CLEAR(argument);
    Py_CLEAR(method);
    Py_CLEAR(other);
    Py_CLEAR(view);
    Py_CLEAR(exporter);
}
