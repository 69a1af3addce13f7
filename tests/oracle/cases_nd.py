"""Random cases in many dimensions, with any strides and suboffsets, by the array of CPython's own tests."""

import ctypes
import math
import struct

import memview_ctypes as mv
from compare import allow, check, check_request, check_view, outcome, size

try:
    import _testbuffer
except ImportError:
    _testbuffer = None


def some_index(rng, shape):
    """A slice of each dimension."""

    def bound(extent):
        return rng.choice([None, None, None, rng.randint(-extent - 1, extent + 1)])

    return tuple(slice(bound(n), bound(n), rng.choice([None, None, 1, 2, -1, -1, -2])) for n in shape)


def described(address, size, format, shape, strides, suboffsets, keep):
    """A view of described memory; `keep` is what the memory belongs to."""
    arrays = [mv.sizes(values) for values in (shape, strides, suboffsets)]
    description = mv.Buffer(
        address, None, 0, struct.calcsize(format), 0, len(shape), format.encode(), *arrays
    )
    handle = mv.make("mv_memory_describe", ctypes.byref(description), keep[0], size, None, None)
    view = mv.View(mv.make("mv_view_new", handle, mv.FULL), keep)
    mv.lib.mv_object_unref(handle)
    return view


def some_strides(rng, shape):
    """Strides in items that leave gaps, turn round and cross over, and the lowest and highest item they reach."""
    low, high, order = 0, 0, list(range(len(shape)))
    rng.shuffle(order)
    strides = [0] * len(shape)
    step = 1
    for dim in order:
        strides[dim] = step * rng.choice([1, 1, 1, -1]) if rng.random() < 0.9 else rng.randint(-3, 3)
        step *= max(1, shape[dim]) * rng.choice([1, 1, 1, 2])
        reach = (max(1, shape[dim]) - 1) * strides[dim]
        low, high = low + min(0, reach), high + max(0, reach)
    return strides, low, high


def strided_pair(rng, format, shape):
    """An ndarray and a view of the same items by the same strides."""
    strides, low, high = some_strides(rng, shape)
    items = [rng.randint(0, 127) for _ in range(high - low + 1)]
    itemsize = size(format)
    strides = [stride * itemsize for stride in strides]
    theirs = _testbuffer.ndarray(
        items,
        shape=shape,
        strides=strides,
        offset=-low * itemsize,
        format=format,
        flags=_testbuffer.ND_WRITABLE,
    )
    memory = ctypes.create_string_buffer(struct.pack("%d%s" % (len(items), format), *items))
    base = ctypes.addressof(memory)
    ours = described(
        base - low * itemsize, len(items) * itemsize, format, shape, strides, None, (base, memory)
    )
    return theirs, ours


def pointers_pair(rng, format, shape):
    """An ndarray of pointers along the first dimension, and the same as a view."""
    items = [rng.randint(0, 127) for _ in range(math.prod(shape))]
    theirs = _testbuffer.ndarray(
        items, shape=shape, format=format, flags=_testbuffer.ND_PIL | _testbuffer.ND_WRITABLE
    )
    described_theirs = memoryview(theirs)
    memory = ctypes.create_string_buffer(struct.pack("%d%s" % (len(items), format), *items))
    row = math.prod(shape[1:]) * size(format)
    table = (ctypes.c_void_p * shape[0])(*(ctypes.addressof(memory) + i * row for i in range(shape[0])))
    base = ctypes.addressof(table)
    ours = described(
        base,
        ctypes.sizeof(table),
        format,
        shape,
        described_theirs.strides,
        described_theirs.suboffsets,
        (base, memory, table),
    )
    return theirs, ours


def index_view(view, index):
    items = (mv.Index * max(1, len(index)))()
    for item, s in zip(items, index):
        parts = (s.start, s.stop, s.step)
        given = sum(bit for bit, part in zip((1, 2, 4), parts) if part is not None)
        item.kind, item.given = 1, given
        item.start, item.stop, item.step = (part or 0 for part in parts)
    return mv.View(mv.make("mv_view_index", view.handle, items, len(index)), view.owner)


def check_both(what, theirs, ours, rng):
    theirs = memoryview(theirs)
    check_view(what, theirs, ours, free_suboffsets=theirs.nbytes == 0)
    for order in "CFA":
        check(what + ": bytes in " + order, theirs.tobytes(order), ours.tobytes(order))
    for _ in range(3):
        flags = rng.choice([0, 8, 0x18, 0x38, 0x58, 0x98, 0x118, rng.randrange(256) & ~2]) | rng.choice(
            [0, 1, 4, 5]
        )
        check_request(theirs, ours, flags)
    check_cast(what, theirs, ours)


def case_nd(rng):
    format = rng.choice("BbHhiIqQfdlL")
    shape = [rng.randint(1, 4) for _ in range(rng.randint(1, 5))]
    maker = strided_pair if rng.random() < 0.6 else pointers_pair
    theirs, ours = maker(rng, format, shape)
    what = "%s of %s %s" % (maker.__name__, format, shape)
    check_both(what, theirs, ours, rng)
    for _ in range(rng.randint(1, 3)):
        index = some_index(rng, theirs.shape)
        what += str(list(index))
        a, b = outcome(theirs.__getitem__, index), outcome(index_view, ours, index)
        if a[0] == "raised" or b[0] == "raised":
            return check(what, a, b)
        theirs, ours = a[1], b[1]
        check_both(what, theirs, ours, rng)


def check_cast(what, theirs, ours):
    """To bytes in one dimension, which needs a contiguous view."""
    a, b = outcome(theirs.cast, "B"), outcome(ours.cast, "B")
    only_fortran = theirs.f_contiguous and not theirs.c_contiguous
    if a == ("raised", "TypeError") and theirs.nbytes > 0 and only_fortran and allow("cast 82"):
        check(what + " cast to bytes is allowed", "ok", b[0])
        return check(what + " cast to bytes", theirs.tobytes("A"), b[1].tobytes())
    direct = not theirs.suboffsets
    if a == ("raised", "TypeError") and theirs.nbytes == 0 and theirs.ndim == 1 and direct:
        return check(what + " cast to bytes is allowed", "ok", b[0]) or allow("contiguous 6")
    if a[0] == "raised" or b[0] == "raised":
        return check(what + " cast to bytes", a, b)
    return check_view(what + " cast to bytes", a[1], b[1])


CASES = [(case_nd, 6000)] if _testbuffer is not None else []
