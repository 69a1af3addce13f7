"""Random cases on one dimension, casts of it, items, assignments, requests, bytearrays."""

import ctypes
import math
import struct

import memview_ctypes as mv
from compare import (
    BROKEN,
    FURTHER,
    HALF,
    NATIVE,
    allow,
    api,
    check,
    check_request,
    check_view,
    outcome,
    pair,
    plain,
    size,
    some_native,
    some_shape,
    some_slice,
    some_typed,
)


def case_slice(rng):
    theirs, ours = some_typed(rng)
    for _ in range(rng.randint(1, 3)):
        s = some_slice(rng, theirs.shape[0])
        what = "%s[%s] of %d items" % (theirs.format, s, theirs.shape[0])
        huge = s.step is not None and abs(s.step * theirs.strides[0]) > mv.SSIZE_MAX
        a, b = outcome(theirs.__getitem__, s), outcome(ours.slice, s)
        if a[0] == "raised" or b[0] == "raised":
            return check(what, a, b)
        theirs, ours = a[1], b[1]
        check_view(what, theirs, ours, huge)
        if huge:
            return None


def case_index(rng):
    theirs, ours = some_typed(rng)
    at = rng.choice(
        [rng.randint(-len(theirs) - 2, len(theirs) + 1)] * 9 + [rng.choice([2**63 - 1, -(2**63), 2**64])]
    )
    a, b = outcome(theirs.__getitem__, at), outcome(ours.get, at)
    check("%s[%d] of %d items" % (theirs.format, at, len(theirs)), (a[0], plain(a[1])), (b[0], plain(b[1])))


def case_index_nd(rng):
    format = some_native(rng)
    shape = [rng.randint(1, 4) for _ in range(rng.randint(0, 4))]
    theirs, ours = pair(rng, rng.randbytes(math.prod(shape) * size(format)))
    theirs, ours = theirs.cast("B").cast(format, shape), ours.cast(format, shape)
    at = tuple(rng.randint(-extent - (rng.random() < 0.1), extent - (rng.random() > 0.1)) for extent in shape)
    if rng.random() < 0.05:
        at += (0,)
    a, b = outcome(theirs.__getitem__, at), outcome(ours.get, *at)
    check("%s[%s] of shape %s" % (format, at, shape), (a[0], plain(a[1])), (b[0], plain(b[1])))


def cast_faults(theirs, format, shape):
    """How many things are wrong with a cast, and which decision allows it nevertheless."""
    known = format.lstrip("@") in tuple(NATIVE) and format.count("@") < 2
    wanted = 1 if shape is None else len(shape)
    needed = size(format) * math.prod(shape or []) if known else 0
    faults = [
        not known,
        not theirs.c_contiguous,
        wanted > 64,
        any(n <= 0 for n in shape or []),
        known and (theirs.nbytes % size(format) if shape is None else needed != theirs.nbytes),
        theirs.nbytes == 0 and (shape is not None or theirs.ndim != 1),
    ]
    if not any(faults) and theirs.ndim != 1 and wanted != 1:
        return faults, "cast 74, 77"
    if not any(faults) and theirs.format.lstrip("@") not in "Bbc" and format.lstrip("@") not in "Bbc":
        return faults, "cast 76"
    if theirs.f_contiguous and list(map(bool, faults)) == [False, True] + [False] * 4 and wanted == 1:
        return faults, "cast 82"
    if theirs.nbytes == 0 and theirs.ndim == 1 and list(map(bool, faults)) == [False, True] + [False] * 4:
        return faults, "contiguous 6"
    return faults, None


def case_cast(rng):
    theirs, ours = pair(
        rng, rng.randbytes(rng.choice([0, 1, 2, 4, 8, 8, 16, 24, 48, 48, 64, 64, 96, rng.randrange(64)]))
    )
    for _ in range(rng.randint(1, 3)):
        format = (
            rng.choice(["", "", "@"]) + some_native(rng)
            if rng.random() < 0.95
            else rng.choice(BROKEN + FURTHER)
        )
        shape = None
        if rng.random() < 0.6:
            shape = some_shape(rng, theirs.nbytes // (size(format) if format not in BROKEN + FURTHER else 1))
        if rng.random() < 0.1 and theirs.ndim == 1:
            s = slice(None, None, rng.choice([-1, 2]))
            theirs, ours = theirs[s], ours.slice(s)
        what = "cast(%r, %r) of %s %s" % (format, shape, theirs.format, theirs.shape)
        faults, decision = cast_faults(theirs, format, shape)
        more = theirs.ndim != 1 and shape is not None and len(shape) != 1  # to CPython a fault, see 74
        more += not more and theirs.format.lstrip("@") not in "Bbc"  # see 76
        a = outcome(theirs.cast, format) if shape is None else outcome(theirs.cast, format, shape)
        b = outcome(ours.cast, format, shape)
        if format in FURTHER:
            if b[0] == "ok":
                check(what + ": bytes", theirs.tobytes("A"), b[1].tobytes())
            return allow("cast 79")
        if decision is not None and a == ("raised", "TypeError") and allow(decision):
            check(what + " is allowed", "ok", b[0])
            return check(what + ": bytes", theirs.tobytes("A"), b[1].tobytes())
        if (
            a[0] == "raised"
            and b[0] == "raised"
            and a != b
            and sum(map(bool, faults)) + more > 1
            and allow("order of checks")
        ):
            return None
        if a[0] == "raised" or b[0] == "raised":
            return check(what, a, b)
        theirs, ours = a[1], b[1]
        check_view(what, theirs, ours)


def case_tobytes(rng):
    format, shape = some_native(rng), [rng.randint(1, 4) for _ in range(rng.randint(1, 4))]
    theirs, ours = pair(rng, rng.randbytes(math.prod(shape) * size(format)))
    theirs, ours = theirs.cast("B").cast(format, shape), ours.cast(format, shape)
    if rng.random() < 0.7:
        s = some_slice(rng, shape[0])
        s = slice(s.start, s.stop, rng.choice([None, 1, -1, 2]))
        theirs, ours = theirs[s], ours.slice(s)
    order = rng.choice("CFACFACFAcfx")
    what = "tobytes(%r) of %s %s %s" % (order, format, theirs.shape, theirs.strides)
    check(what, outcome(theirs.tobytes, order), outcome(ours.tobytes, order))
    check_view(what, theirs, ours)


def some_value(rng, format):
    """At, beyond and far from the limits of a format."""
    code, bits = format[-1], 8 * size(format)
    floats = [
        0.0,
        -0.0,
        1.5,
        1e39,
        -1e39,
        3.4028235677973366e38,
        1e-46,
        math.inf,
        -math.inf,
        math.nan,
        65504.0,
        65519.0,
        65520.0,
        rng.uniform(-1e6, 1e6),
        1e308,
    ]
    near = [
        0,
        1,
        -1,
        2**bits - 1,
        2**bits,
        2 ** (bits - 1),
        2 ** (bits - 1) - 1,
        -(2 ** (bits - 1)),
        -(2 ** (bits - 1)) - 1,
    ]
    integers = [
        n for n in near + [rng.randint(-(2**63), 2**64 - 1), rng.randint(-200, 300)] if -(2**63) <= n < 2**64
    ]
    other = [b"", b"a", b"\0", b"ab", True, False]
    if code == "c":
        return rng.choice(other[:4] + [97, 1.0])
    usual = floats if code in "fde" else integers
    return rng.choice(rng.choice([usual] * 6 + [floats, integers, other]))


def case_set(rng):
    writable = rng.random() < 0.9
    theirs, ours = some_typed(rng, 6, writable)
    at = rng.randint(-len(theirs), len(theirs) - 1) if len(theirs) else 0
    at = at if rng.random() < 0.95 else rng.choice([len(theirs), -len(theirs) - 1])
    value = some_value(rng, theirs.format)
    what = "%s[%d] = %r" % (theirs.format, at, value)
    a, b = outcome(theirs.__setitem__, at, value), outcome(ours.set, (at,), value, rng.random() < 0.3)
    scratch = memoryview(bytearray(size(theirs.format))).cast(theirs.format)
    faults = [
        not writable,
        not -len(theirs) <= at < len(theirs),
        outcome(scratch.__setitem__, 0, value)[0] == "raised",
    ]
    if a[0] == b[0] == "raised" and a != b and sum(faults) > 1 and allow("order of checks"):
        return None
    check(what, a, b)
    check(what + ": bytes", theirs.tobytes(), ours.tobytes())


def case_half(rng):
    """struct knows 'e' in every version; memoryview refuses with ValueError where it overflows (60)."""
    value = rng.choice(
        [
            rng.uniform(-70000, 70000),
            rng.uniform(-1e-4, 1e-4),
            65519.0,
            65520.0,
            math.inf,
            5.96e-8,
            2.9e-8,
            -0.0,
        ]
    )
    if not HALF:
        allow("half 60")
    owner = mv.Object("bytearray", bytes(2))
    ours = mv.View(mv.make("mv_view_new", owner.handle, mv.FULL), owner).cast("e")
    a, b = outcome(struct.pack, "e", value), outcome(ours.set, (0,), value, rng.random() < 0.5)
    check("e = %r" % value, a[1] if a[0] == "ok" else "ValueError", ours.tobytes() if b[0] == "ok" else b[1])
    check("e read", plain(struct.unpack("e", ours.tobytes())[0]), plain(ours.get(0)))


def case_format_size(rng):
    format = rng.choice(["", "@"]) + rng.choice(NATIVE)
    shape = mv.sizes([2])
    handle = mv.make("mv_array_new", format.encode(), shape, 1, ord("C"))
    ours = mv.View(mv.make("mv_view_new", handle, mv.FULL), None)
    mv.lib.mv_object_unref(handle)
    check("size of " + format, struct.calcsize(format), ours.buffer.itemsize)
    check("bytes of " + format, bytes(2 * size(format)), ours.tobytes())


def case_assign(rng):
    """m[a:b:c] = m[d:e:f], of the same memory or of another."""
    formats = rng.choice(
        [(some_native(rng),) * 2] * 6
        + [("i", "@i"), ("l", "q"), ("B", "b"), ("c", "B"), ("i", "I"), ("f", "i")]
    )
    wide = max(map(size, formats))
    theirs, ours = pair(rng, rng.randbytes(rng.randrange(1, 30) * wide), rng.random() < 0.95)
    pieces = []
    count = rng.randrange(0, theirs.nbytes // wide + 1)
    for format in formats:
        a, b = theirs.cast(format), ours.cast(format)
        step = rng.choice([1, 1, -1, 2, -2])
        s = slice(rng.randrange(len(a)), None, step)
        for _ in range(rng.randint(0, 1)):
            s = slice(None, count, None)
        a, b = a[s], b.slice(s)
        pieces.append((a, b))
    least = min(len(pieces[0][0]), len(pieces[1][0]))
    if rng.random() < 0.9:
        pieces = [(a[:least], b.slice(slice(least))) for a, b in pieces]
    what = "assignment of %s %s to %s %s" % (
        pieces[1][0].format,
        pieces[1][0].shape,
        pieces[0][0].format,
        pieces[0][0].shape,
    )
    a = outcome(pieces[0][0].__setitem__, slice(None), pieces[1][0])
    b = outcome(pieces[0][1].assign, pieces[1][1])
    faults = [
        theirs.readonly,
        len(pieces[0][0]) != len(pieces[1][0]),
        formats[0].lstrip("@") != formats[1].lstrip("@"),
    ]
    if formats == ("l", "q") and size("l") == 8 and faults == [False, False, True]:
        check(what, (("raised", "ValueError"), "ok"), (a, b[0]))
        return allow("layout 67")
    if a[0] == b[0] == "raised" and a != b and sum(faults) > 1 and allow("order of checks"):
        return None
    check(what, a, b)
    check(what + ": bytes", theirs.tobytes(), ours.tobytes())


def case_request(rng):
    theirs, ours = some_typed(rng, 12)
    if rng.random() < 0.4:
        shape = some_shape(rng, len(theirs))
        if len(shape) < 64 and all(n > 0 for n in shape) and math.prod(shape) == len(theirs):
            theirs, ours = theirs.cast("B").cast(theirs.format, shape), ours.cast(theirs.format, shape)
    if theirs.ndim > 0 and rng.random() < 0.4:
        s = slice(rng.choice([None, 1]), None, rng.choice([1, -1, 2]))
        theirs, ours = theirs[s], ours.slice(s)
    flags = rng.choice(
        [
            0,
            8,
            0x18,
            0x38,
            0x58,
            0x98,
            0x118,
            9,
            0x19,
            0x1D,
            0x1C,
            0x11D,
            0x11C,
            rng.randrange(512) & ~2,
            0x100,
            0x200,
        ]
    ) | rng.choice([0, 0, 1, 4, 5])
    check_request(theirs, ours, flags)


def case_helpers(rng):
    """PyBuffer_FillContiguousStrides, ToContiguous and FromContiguous."""
    shape, itemsize = [rng.randint(0, 5) for _ in range(rng.randint(0, 5))], rng.randint(1, 9)
    order = rng.choice("CF")
    a, b = mv.sizes([7] * 6), mv.sizes([7] * 6)
    api.PyBuffer_FillContiguousStrides(
        len(shape), mv.sizes(shape), a, itemsize, ctypes.c_char(order.encode())
    )
    mv.call("mv_buffer_fill_strides", mv.sizes(shape), len(shape), itemsize, ord(order), b)
    check("strides of %s x %d in %s" % (shape, itemsize, order), list(a), list(b))
    theirs, ours = some_typed(rng, 20, True)
    if len(theirs) == 0:
        return
    s = slice(rng.randrange(len(theirs)), None, rng.choice([1, -1, 2]))
    theirs, ours = theirs[s], ours.slice(s)
    length = rng.randint(0, theirs.nbytes + 3)
    data = rng.randbytes(length + 1)
    full = mv.Buffer()
    api.PyObject_GetBuffer(theirs, full, 0x11D)
    api.PyBuffer_FromContiguous(
        ctypes.byref(full), data, ctypes.c_ssize_t(length), ctypes.c_char(order.encode())
    )
    mv.call("mv_buffer_from_contiguous", ctypes.byref(ours.buffer), data, length, ord(order))
    expected, kept = theirs.tobytes(), min(length, theirs.nbytes) // theirs.itemsize * theirs.itemsize
    if kept < min(length, theirs.nbytes) and expected != ours.tobytes() and allow("partial 113"):
        expected = expected[:kept] + ours.tobytes()[kept:]
    check(
        "FromContiguous of %d bytes to %s %s" % (length, theirs.format, theirs.shape),
        expected,
        ours.tobytes(),
    )
    room = ctypes.create_string_buffer(theirs.nbytes + 1)
    length = theirs.nbytes + (rng.random() < 0.1)
    a = outcome(
        api.PyBuffer_ToContiguous, room, ctypes.byref(full), ctypes.c_ssize_t(length), ctypes.c_char(b"C")
    )
    b = outcome(mv.call, "mv_buffer_to_contiguous", ctypes.byref(ours.buffer), room, length, ord("C"))
    api.PyBuffer_Release(ctypes.byref(full))
    check(
        "ToContiguous to %d of %d bytes" % (length, theirs.nbytes), a[0] == "ok" or a[1], b[0] == "ok" or b[1]
    )


def case_bytearray(rng):
    """Splices and resizes, now and then while the memory is exported."""
    theirs = bytearray(rng.randbytes(rng.randrange(20)))
    owner = mv.Object("bytearray", bytes(theirs))
    for _ in range(rng.randint(1, 6)):
        held, view = None, None
        if rng.random() < 0.3:
            held, view = memoryview(theirs), mv.View(mv.make("mv_view_new", owner.handle, mv.FULL), owner)
        at = rng.randint(0, len(theirs))
        removed, data = rng.randint(0, len(theirs) - at), rng.randbytes(rng.choice([0, 1, 5, 40]))
        if rng.random() < 0.3:
            data = rng.randbytes(removed)
        a = outcome(theirs.__setitem__, slice(at, at + removed), data)
        b = outcome(mv.call, "mv_bytearray_splice", owner.handle, at, removed, data, len(data))
        check("splice at %d, %d bytes by %d, exported: %s" % (at, removed, len(data), held is not None), a, b)
        del view
        if held is not None:
            held.release()
        view = mv.View(mv.make("mv_view_new", owner.handle, mv.FULL), owner)
        check("bytes after the splice", bytes(theirs), view.tobytes())
        del view


CASES = [
    (case_slice, 8000),
    (case_index, 5000),
    (case_index_nd, 4000),
    (case_cast, 8000),
    (case_tobytes, 4000),
    (case_set, 9000),
    (case_half, 1000),
    (case_format_size, 500),
    (case_assign, 5000),
    (case_request, 8000),
    (case_helpers, 3000),
    (case_bytearray, 2000),
]
