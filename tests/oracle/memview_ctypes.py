"""memview through ctypes: as much as the oracle needs. A failing call raises Failure."""

import ctypes
import sys
from ctypes import (
    POINTER,
    byref,
    c_char_p,
    c_double,
    c_int,
    c_int32,
    c_int64,
    c_size_t,
    c_ssize_t,
    c_uint64,
    c_void_p,
)

WORD = 8 * ctypes.sizeof(c_ssize_t)
SSIZE_MAX = 2 ** (WORD - 1) - 1
SIZE_MAX = 2**WORD - 1
BIG = sys.byteorder == "big"
BOOL, INT, UINT, FLOAT, COMPLEX, BYTES, POINTER_KIND = 1, 2, 3, 4, 5, 6, 8
FULL, FULL_RO = 0x11D, 0x11C


class Error(ctypes.Structure):
    _fields_ = [
        ("status", c_int32),
        ("dim", c_int32),
        ("position", c_int64),
        ("value", c_int64),
        ("limit", c_int64),
        ("message", ctypes.c_char * 480),
    ]


class Buffer(ctypes.Structure):
    """mv_buffer and Py_buffer alike."""

    _fields_ = [
        ("buf", c_void_p),
        ("obj", c_void_p),
        ("len", c_ssize_t),
        ("itemsize", c_ssize_t),
        ("readonly", c_int),
        ("ndim", c_int),
        ("format", c_char_p),
        ("shape", POINTER(c_ssize_t)),
        ("strides", POINTER(c_ssize_t)),
        ("suboffsets", POINTER(c_ssize_t)),
        ("internal", c_void_p),
    ]

    def array(self, name):
        """The tuple that a pointer leads to, or None."""
        values = getattr(self, name)
        return tuple(values[: self.ndim]) if values else None


class Bytes(ctypes.Structure):
    _fields_ = [("data", c_void_p), ("length", c_size_t)]


class Value(ctypes.Union):
    _fields_ = [("i", c_int64), ("u", c_uint64), ("f", c_double), ("c", c_double * 2), ("bytes", Bytes)]


class Scalar(ctypes.Structure):
    _fields_ = [("kind", c_int32), ("reserved", c_int32), ("value", Value), ("format", c_void_p)]


class Index(ctypes.Structure):
    _fields_ = [
        ("kind", c_int32),
        ("given", ctypes.c_uint32),
        ("start", c_ssize_t),
        ("stop", c_ssize_t),
        ("step", c_ssize_t),
    ]


class Failure(Exception):
    """A status other than MV_OK, with the name of CPython's exception for it."""

    def __init__(self, error):
        super().__init__(error.message.decode())
        self.status = lib.mv_status_name(error.status).decode()
        self.exception = lib.mv_status_exception(error.status).decode()


lib = None
FUNCTIONS = """
mv_status_name: int; mv_status_exception: int; mv_object_unref: ptr; mv_view_unref: ptr; mv_view_buffer: ptr
mv_bytes_new: ptr size out; mv_memory_describe: ptr ptr size ptr ptr out
mv_bytearray_new: ptr size out; mv_memory_new: ptr size int ptr ptr out
mv_bytearray_splice: ptr size size ptr size; mv_bytearray_resize: ptr size; mv_array_new: str ptr int int out
mv_buffer_acquire: ptr int ptr; mv_buffer_release: ptr; mv_buffer_is_contiguous: ptr int
mv_buffer_fill_strides: ptr int ssize int ptr; mv_buffer_to_contiguous: ptr ptr size int
mv_buffer_from_contiguous: ptr ptr size int; mv_object_exports: ptr
mv_view_new: ptr int out; mv_view_toreadonly: ptr out; mv_view_index: ptr ptr int out
mv_view_slice: ptr str out
mv_view_cast: ptr str ptr int int out; mv_view_get: ptr ptr int ptr; mv_view_set: ptr ptr int ptr
mv_view_set_i64: ptr ptr int i64; mv_view_set_u64: ptr ptr int u64; mv_view_set_f64: ptr ptr int f64
mv_view_copy: ptr ptr; mv_view_read: ptr str int ptr size; mv_view_write: ptr str int ptr size
mv_view_text: ptr size ptr size ptr; mv_view_hex: ptr str int ptr size ptr; mv_view_equal: ptr ptr ptr
mv_view_count: ptr ptr ptr; mv_view_find: ptr ptr ssize ssize ptr
"""
NO_STATUS = {
    "mv_status_name": c_char_p,
    "mv_status_exception": c_char_p,
    "mv_object_unref": None,
    "mv_view_unref": None,
    "mv_view_buffer": POINTER(Buffer),
    "mv_buffer_release": None,
    "mv_buffer_is_contiguous": c_int,
    "mv_object_exports": c_size_t,
}


def load(path):
    """Loads the library and declares its functions."""
    global lib
    lib = ctypes.CDLL(path)
    declare(FUNCTIONS, NO_STATUS)


def declare(functions, no_status):
    """Functions by their arguments' kinds, and the results of those that answer no status."""
    kinds = {
        "ptr": c_void_p,
        "int": c_int,
        "size": c_size_t,
        "ssize": c_ssize_t,
        "str": c_char_p,
        "i64": c_int64,
        "u64": c_uint64,
        "f64": c_double,
        "out": POINTER(c_void_p),
    }
    for line in functions.replace("\n", ";").split(";"):
        if not line.strip():
            continue
        name, arguments = (part.strip() for part in line.split(":"))
        function = getattr(lib, name)
        function.argtypes = [kinds[kind] for kind in arguments.split()]
        if name in no_status:
            function.restype = no_status[name]
        else:
            function.argtypes += [POINTER(Error)]


def call(name, *arguments):
    """Calls a function that answers a status."""
    error = Error()
    if getattr(lib, name)(*arguments, byref(error)) != 0:
        raise Failure(error)


def make(name, *arguments):
    """Calls a function whose last output is a handle."""
    out = c_void_p()
    call(name, *arguments, byref(out))
    return out.value


def sizes(values):
    """An array of ptrdiff_t; NULL for None."""
    return None if values is None else (c_ssize_t * max(1, len(values)))(*values)


def scalar_of(value):
    """A value as a scalar; its bytes live as long as it does."""
    scalar = Scalar()
    if isinstance(value, bytes):
        scalar.held = ctypes.create_string_buffer(value, max(1, len(value)))
        scalar.kind, scalar.value.bytes = BYTES, Bytes(ctypes.addressof(scalar.held), len(value))
    elif isinstance(value, complex):
        scalar.kind, scalar.value.c[:] = COMPLEX, (value.real, value.imag)
    elif isinstance(value, float):
        scalar.kind, scalar.value.f = FLOAT, value
    elif isinstance(value, bool):
        scalar.kind, scalar.value.i = BOOL, value
    elif value >= 2**63:
        scalar.kind, scalar.value.u = UINT, value
    else:
        scalar.kind, scalar.value.i = INT, value
    return scalar


class Object:
    """An object; dropped with this one."""

    def __init__(self, kind, data, readonly=False):
        self.data = data
        if kind == "memory":
            self.memory = (ctypes.c_char * max(1, len(data))).from_buffer_copy(data or b"\0")
            address = ctypes.addressof(self.memory)
            self.handle = make("mv_memory_new", address, len(data), readonly, None, None)
        else:
            self.handle = make("mv_%s_new" % kind, data or b"\0", len(data))

    def __del__(self):
        lib.mv_object_unref(getattr(self, "handle", None))


class View:
    """A view; what it is made of is kept alive by the library, but for memory of ctypes."""

    def __init__(self, handle, owner):
        self.handle, self.owner = handle, owner

    def __del__(self):
        lib.mv_view_unref(self.handle)

    @property
    def buffer(self):
        return lib.mv_view_buffer(self.handle).contents

    def slice(self, s):
        """By index items where the bounds fit ptrdiff_t, else as a text."""
        parts = (s.start, s.stop, s.step)
        if all(part is None or -SSIZE_MAX - 1 <= part <= SSIZE_MAX for part in parts):
            given = sum(bit for bit, part in zip((1, 2, 4), parts) if part is not None)
            item = Index(1, given, *(part or 0 for part in parts))
            return View(make("mv_view_index", self.handle, byref(item), 1), self.owner)
        text = ":".join("" if part is None else str(part) for part in parts)
        return View(make("mv_view_slice", self.handle, text.encode()), self.owner)

    def cast(self, format, shape=None, order="C"):
        ndim = -1 if shape is None else len(shape)
        return View(
            make("mv_view_cast", self.handle, format.encode(), sizes(shape), ndim, ord(order)), self.owner
        )

    def toreadonly(self):
        return View(make("mv_view_toreadonly", self.handle), self.owner)

    def get(self, *index):
        if any(not -SSIZE_MAX - 1 <= at <= SSIZE_MAX for at in index):
            text = ", ".join(map(str, index)).encode()
            return View(make("mv_view_slice", self.handle, text), self.owner).get()
        scalar = Scalar()
        call("mv_view_get", self.handle, sizes(index), len(index), byref(scalar))
        value = scalar.value
        if scalar.kind == BYTES:
            return ctypes.string_at(value.bytes.data, value.bytes.length)
        return {BOOL: bool(value.i), INT: value.i, UINT: value.u, FLOAT: value.f, POINTER_KIND: value.u}[
            scalar.kind
        ]

    def set(self, index, value, typed):
        """`typed`: by the function of the C type where there is one."""
        at = (sizes(index), len(index))
        if typed and isinstance(value, float):
            return call("mv_view_set_f64", self.handle, *at, value)
        if typed and type(value) is int:
            name = "mv_view_set_u64" if value >= 2**63 else "mv_view_set_i64"
            return call(name, self.handle, *at, value)
        scalar = scalar_of(value)
        return call("mv_view_set", self.handle, *at, byref(scalar))

    def tobytes(self, order="C"):
        room = ctypes.create_string_buffer(max(1, self.buffer.len))
        call("mv_view_read", self.handle, None, ord(order), room, self.buffer.len)
        return room.raw[: self.buffer.len]

    def assign(self, other):
        call("mv_view_copy", self.handle, other.handle)

    def tolist(self):
        """The items of one dimension, or nested."""

        def nest(prefix):
            if len(prefix) == self.buffer.ndim:
                return self.get(*prefix)
            return [nest(prefix + (at,)) for at in range(self.buffer.shape[len(prefix)])]

        return nest(())
