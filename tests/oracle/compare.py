"""What both sides are held against: outcomes, views, requests; and the differences that are allowed."""

import ctypes
import math
import struct
import sys

import memview_ctypes as mv

# Where memview decided to go further than CPython, or than the CPython that runs this. The numbers are those
# of the tests' acceptance examples.
DIFFERENCES = {
    "cast 74, 77": "a cast from 0 or many dimensions to 0 or many is allowed where the sizes fit",
    "cast 76": "a cast between two formats that are not bytes is allowed where the sizes fit",
    "cast 79": "a cast to every format is allowed",
    "cast 82": "memory that is contiguous in Fortran order can be cast to 1 dimension (CPython 3.16)",
    "cast 83": "a cast can lay its items in Fortran order (CPython 3.16)",
    "contiguous 6": "a 1-dimensional slice without items is contiguous, whatever its step",
    "stride 14": "a stride never overflows",
    "format 23": "a format is given without a shape where it is a byte format",
    "flags 24": "flags of exactly 0x100 or 0x200 are refused (CPython 3.13)",
    "half 60": "items of format 'e' can be used (CPython 3.12)",
    "layout 67": "items of equal layout can be assigned (l and q where both have 8 bytes)",
    "partial 113": "a part of an item at the end is dropped by FromContiguous, contiguous or not",
    "suboffsets": "a slice without items moves no pointer, so its suboffsets stay",
    "format beyond": "a format is more than struct knows: orders inside, codes of other exporters",
    "truth 101": "two items of '?' are equal where both are true (CPython 3.14)",
    "unknown 104": "items of T{} are compared value by value; to CPython they are never equal",
    "single overflow 59": "a number too great for 'f' becomes infinity, as memoryview has it, where struct refuses",
    "numpy nested": "NumPy writes no padding behind nested structs, nor where it puts them, but reads it as C does",
    "ctypes padding": "ctypes leaves the padding of a structure out (CPython before 3.12), so that fields seem elsewhere",
    "truth of bytes": "bytes have a truth value for '?'",
    "order of checks": "of two faults in one call, either may be reported",
}
met = dict.fromkeys(DIFFERENCES, 0)

NATIVE = "cbB?hHiIlLqQnNfdPe"
BROKEN = ["", "@", "y", "iy", "T{i", "1", "<n", "0s"]
FURTHER = ["BB", "=I", "<i", "s", "x", "1i", "@@i", "i ", "T{i:a:}"]  # see 79
HALF = sys.version_info >= (3, 12)
api = ctypes.pythonapi


class Wrong(Exception):
    """A difference that is not allowed."""


def size(format):
    return struct.calcsize(format)


def outcome(function, *arguments):
    """What a call came to: ("ok", result) or ("raised", name of the exception)."""
    try:
        return "ok", function(*arguments)
    except mv.Failure as failure:
        return "raised", failure.exception
    except Exception as exception:
        return "raised", type(exception).__name__


def plain(value):
    """A value that compares bit by bit, but for the payload of a NaN."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    if isinstance(value, complex):
        return plain([value.real, value.imag])
    if isinstance(value, float):
        return "nan" if math.isnan(value) else struct.pack("d", value)
    return value


def allow(name, condition=True):
    if condition:
        met[name] += 1
    return condition


def check(what, theirs, ours):
    if theirs != ours:
        raise Wrong("%s:\n  CPython: %r\n  memview: %r" % (what, theirs, ours))


def check_view(what, theirs, ours, huge_step=False, free_suboffsets=False):
    """A memoryview and a view of equal memory."""
    buffer = ours.buffer
    check(what + ": shape", theirs.shape, buffer.array("shape") or ())
    if not (huge_step and allow("stride 14")):
        check(what + ": strides", theirs.strides, buffer.array("strides") or ())
    check(
        what + ": itemsize, nbytes, readonly, format",
        (theirs.itemsize, theirs.nbytes, theirs.readonly, theirs.format),
        (buffer.itemsize, buffer.len, bool(buffer.readonly), buffer.format.decode()),
    )
    if not (free_suboffsets and theirs.suboffsets and allow("suboffsets")):
        check(what + ": suboffsets", theirs.suboffsets, buffer.array("suboffsets") or ())
    flags = tuple(bool(mv.lib.mv_buffer_is_contiguous(ctypes.byref(buffer), ord(order))) for order in "CFA")
    expected = (theirs.c_contiguous, theirs.f_contiguous, theirs.contiguous)
    if (
        theirs.nbytes == 0
        and theirs.ndim == 1
        and not theirs.suboffsets
        and allow("contiguous 6", not all(expected))
    ):
        expected = (True, True, True)
    check(what + ": contiguous in C, Fortran, either", expected, flags)
    check(what + ": bytes", theirs.tobytes(), ours.tobytes())
    check(what + ": items", plain(theirs.tolist()), plain(ours.tolist()))


def pair(rng, data=None, writable=None):
    """The same bytes as a memoryview and as a view."""
    data = rng.randbytes(rng.randrange(80)) if data is None else data
    writable = rng.random() < 0.7 if writable is None else writable
    kind = rng.choice(["bytearray", "memory"] if writable else ["bytes", "memory"])
    owner = mv.Object(kind, data, not writable)
    return memoryview(bytearray(data) if writable else data), mv.View(
        mv.make("mv_view_new", owner.handle, mv.FULL_RO), owner
    )


def some_native(rng):
    return rng.choice(NATIVE if HALF else NATIVE[:-1])


def some_typed(rng, most=24, writable=None):
    """The same items of some format in one dimension."""
    format = rng.choice(["", "@"]) + some_native(rng)
    theirs, ours = pair(rng, rng.randbytes(rng.randrange(most) * size(format)), writable)
    return theirs.cast(format), ours.cast(format)


def some_bound(rng, length):
    return rng.choice(
        [None, None]
        + [rng.randint(-length - 2, length + 2)] * 6
        + [rng.choice([2**63, -(2**63), 2**63 - 1, -(2**64), 2**90])]
    )


def some_slice(rng, length):
    """Any slice; every other one has items, if there are any."""
    if length > 0 and rng.random() < 0.5:
        start = rng.choice([None, rng.randrange(length)])
        return slice(start, None, rng.choice([None, 1, 2, 3, -1, -2]))
    steps = [None, 1, 1, 2, 3, -1, -1, -2, -3, 7, mv.SSIZE_MAX, -mv.SSIZE_MAX, -mv.SSIZE_MAX - 1, 0]
    return slice(some_bound(rng, length), some_bound(rng, length), rng.choice(steps))


def some_shape(rng, items):
    """Extents whose product is so many items, as a rule."""
    shape = []
    while items > 1 and len(shape) < 4:
        divisors = [n for n in range(2, items + 1) if items % n == 0]
        shape.append(rng.choice(divisors + [items]))
        items //= shape[-1]
    if items != 1:
        shape.append(items)
    rng.shuffle(shape)
    if rng.random() < 0.2:
        shape.insert(rng.randrange(len(shape) + 1), 1)
    if shape and rng.random() < 0.1:
        shape[rng.randrange(len(shape))] = rng.randint(-2, 5)
    return [1] * 65 if rng.random() < 0.01 else shape


def answer(get, release, handle, flags, address):
    """What a request is answered, every field of it."""
    buffer = mv.Buffer()
    get(handle, buffer, flags)
    found = {name: getattr(buffer, name) for name in ("len", "itemsize", "readonly", "ndim", "format")}
    found.update(
        {name: buffer.array(name) for name in ("shape", "strides", "suboffsets")},
        offset=(buffer.buf or 0) - address,
    )
    release(ctypes.byref(buffer))
    return found


def check_request(theirs, ours, flags):
    """One request of a memoryview and of a view of equal memory."""
    full = mv.Buffer()
    api.PyObject_GetBuffer(theirs, full, mv.FULL_RO)
    base = full.buf
    api.PyBuffer_Release(ctypes.byref(full))
    what = "request 0x%x of %s %s %s" % (flags, theirs.format, theirs.shape, theirs.strides)

    def acquire(handle, buffer, flags):
        mv.call("mv_buffer_acquire", handle, flags, ctypes.byref(buffer))

    a = outcome(answer, api.PyObject_GetBuffer, api.PyBuffer_Release, theirs, flags, base)
    b = outcome(answer, acquire, mv.lib.mv_buffer_release, ours.handle, flags, ours.buffer.buf)
    if flags == 0x100 or flags & 0x200:
        check(what, ("raised", "SystemError"), b)
        return allow("flags 24") if a != b else None
    bytes_alone = flags & 12 == 4 and theirs.format.lstrip("@") in "Bbc"
    if bytes_alone and a == ("raised", "BufferError") and b[0] == "ok":
        check(what + ": format", theirs.format.encode(), b[1]["format"])
        return allow("format 23")
    if theirs.nbytes == 0 and theirs.ndim == 1 and a == ("raised", "BufferError") and b[0] == "ok":
        return allow("contiguous 6")
    if a[0] == b[0] == "ok" and theirs.nbytes == 0 and theirs.suboffsets and allow("suboffsets"):
        a[1]["suboffsets"] = b[1]["suboffsets"] = None
    return check(what, a, b)


api.PyObject_GetBuffer.argtypes = [ctypes.py_object, ctypes.POINTER(mv.Buffer), ctypes.c_int]
api.PyBuffer_Release.argtypes = [ctypes.POINTER(mv.Buffer)]
api.PyBuffer_Release.restype = None
api.PyBuffer_FillContiguousStrides.restype = None
