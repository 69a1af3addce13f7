#!/usr/bin/env python3
"""memview from Python by ctypes alone.

    ctypes_view.py [LIBRARY]        libmemview.so, where the loader does not find it by itself

A bytearray of the library is acquired, sliced and read; Python sees its memory without a copy; and a resize
is refused for as long as somebody holds it.
"""

import builtins
import ctypes
import sys
from ctypes import POINTER, byref, c_char, c_char_p, c_int, c_int32, c_int64, c_size_t, c_ssize_t, c_void_p

FULL, EXPORTED = 0x11D, 13


class Error(ctypes.Structure):
    _fields_ = [("status", c_int32), ("dim", c_int32), ("position", c_int64), ("value", c_int64),
                ("limit", c_int64), ("message", c_char * 480)]


class Buffer(ctypes.Structure):
    _fields_ = [("buf", c_void_p), ("obj", c_void_p), ("len", c_ssize_t), ("itemsize", c_ssize_t),
                ("readonly", c_int), ("ndim", c_int), ("format", c_char_p), ("shape", POINTER(c_ssize_t)),
                ("strides", POINTER(c_ssize_t)), ("suboffsets", POINTER(c_ssize_t)), ("internal", c_void_p)]


class Memview:
    """The library; a call that fails becomes the exception that CPython would raise."""

    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.library.mv_status_exception.restype = c_char_p
        self.library.mv_view_buffer.restype = POINTER(Buffer)
        self.call("mv_version_check", 1)

    def call(self, name, *arguments):
        error = Error()
        if getattr(self.library, name)(*arguments, byref(error)) != 0:
            kind = getattr(builtins, self.library.mv_status_exception(error.status).decode())
            raised = kind(error.message.decode())
            raised.error = error
            raise raised

    def make(self, name, *arguments):
        out = c_void_p()
        self.call(name, *arguments, byref(out))
        return out


def main():
    memview = Memview(sys.argv[1] if len(sys.argv) > 1 else "libmemview.so")
    array = memview.make("mv_bytearray_new", b"abcdefghij", c_size_t(10))
    view = memview.make("mv_view_new", array, FULL)
    every = memview.make("mv_view_slice", view, b"1::3")

    items = memview.library.mv_view_buffer(every).contents
    text = ctypes.create_string_buffer(items.len)
    memview.call("mv_view_read", every, None, ord("C"), text, c_size_t(items.len))
    print(f"[1::3] of shape {items.shape[0]}, stride {items.strides[0]}: {text.raw.decode()}")

    whole = memview.library.mv_view_buffer(view).contents
    shared = memoryview((ctypes.c_ubyte * whole.len).from_address(whole.buf)).cast("B")
    shared[1:8:3] = b"BEH"
    memview.call("mv_view_read", every, None, ord("C"), text, c_size_t(items.len))
    print(f"written by Python, read through the view: {text.raw.decode()}")

    try:
        memview.call("mv_bytearray_resize", array, c_size_t(20))
    except BufferError as refused:
        assert refused.error.status == EXPORTED
        print(f"BufferError, {refused.error.value} export")
    del shared
    memview.library.mv_view_unref(every)
    memview.library.mv_view_unref(view)
    memview.call("mv_bytearray_resize", array, c_size_t(20))
    print("resized")
    memview.library.mv_object_unref(array)


main()
