/*
 * pybind11's buffer_info and memoryview, for the workloads that acquire from an object and make a view of it.
 */
#include <pybind11/pybind11.h>

#include <cstring>

#include "python_peers.h"

namespace py = pybind11;

#define TEXT(token) #token
#define TEXT_OF(token) TEXT(token)

static PyObject *source;

static void acquire(long times, bool writable)
{
    const auto buffer = py::reinterpret_borrow<py::buffer>(source);
    for (; times > 0; times--) {
        const py::buffer_info info = buffer.request(writable);
        bench.number = info.size * info.itemsize;
    }
}

static void acquire_readable(long times)
{
    acquire(times, false);
}

static void acquire_writable(long times)
{
    acquire(times, true);
}

static void make_view(long times)
{
    const auto exporter = py::reinterpret_borrow<py::object>(source);
    for (; times > 0; times--) {
        py::memoryview view(exporter);
        if (times == 1) python_keep(view.release().ptr());
    }
}

const char *pybind11_version(void)
{
    return TEXT_OF(PYBIND11_VERSION_MAJOR) "." TEXT_OF(PYBIND11_VERSION_MINOR) "." TEXT_OF(
        PYBIND11_VERSION_PATCH);
}

bench_run pybind11_run(const char *workload, PyObject *exporter)
{
    source = exporter;
    if (std::strcmp(workload, "acq_bytes") == 0) return acquire_readable;
    if (std::strcmp(workload, "acq_bytearray_w") == 0) return acquire_writable;
    if (std::strcmp(workload, "acq_nd3_full") == 0) return acquire_writable;
    if (std::strcmp(workload, "view_new") == 0) return make_view;
    return nullptr;
}
