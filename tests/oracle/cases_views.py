"""Random views of any geometry and any format of struct: compared, printed, copied, cast, searched.

Each is one piece of memory described once, to CPython and to memview. Where CPython's memoryview can go no
further, what is expected comes from struct and from plain lists.
"""

import ctypes
import itertools
import math
import struct
from ctypes import byref

import memview_ctypes as mv
import memview_formats
from cases_nd import index_view, some_index, some_strides
from compare import BROKEN, HALF, NATIVE, allow, api, check, check_view, outcome, size

ORDERS = ["", "@", "=", "<", ">", "!"]
NATIVE_ONLY = "nNP"
INTEGERS, FLOATS = "bBhHiIlLqQnNP", "efd"
EASY = [0, 1, 1, 2, 100]
HARD = EASY + [
    -1, 127, 128, 255, 2**24 + 1, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1, -(2**63),
    -0.0, 0.5, 1.5, 65504.0, 3.0e38, 1e300, 2.0**53, 2.0**63, math.inf, -math.inf, math.nan,
]  # fmt: skip

api.PyMemoryView_FromBuffer.argtypes = [ctypes.POINTER(mv.Buffer)]
api.PyMemoryView_FromBuffer.restype = ctypes.py_object


class Item:
    """A format of struct's: an order, and codes with counts. `named` writes it as T{} for memview alone."""

    def __init__(self, order, codes, named=None):
        self.order, self.codes = order, codes
        self.text = self.struct = order + "".join(codes)
        if named is not None:
            self.text = "T{%s%s}" % (order, "".join("%s:%s%d:" % (c, named, n) for n, c in enumerate(codes)))
        self.itemsize = size(self.struct)
        known = tuple(NATIVE if HALF else NATIVE[:-1])
        self.native = order in ("", "@") and len(codes) == 1 and codes[0] in known

    def fields(self):
        """The code and the place of each value."""
        found = []
        for number, code in enumerate(self.codes):
            before = self.order + "".join(self.codes[:number])
            count, code = int(code[:-1] or 1), code[-1]
            if code in "sp":
                found.append(("%d%s" % (count, code), size(before)))
            elif code != "x":
                first = size(before + "0" + code)
                found += [(code, first + size(self.order + code) * at) for at in range(count)]
        return found

    def value(self, data):
        values = struct.unpack(self.struct, data)
        return values[0] if len(values) == 1 else values


def some_item(rng, like=None):
    """A format; or one that can hold the values of another."""
    order = rng.choice(ORDERS)
    if like is None and rng.random() < 0.5:
        codes = [rng.choice(NATIVE)]
        return Item(order if codes[0] not in NATIVE_ONLY else rng.choice(ORDERS[:2]), codes)
    if like is not None and rng.random() < 0.4:
        return Item(like.order, like.codes)
    numbers = INTEGERS + FLOATS + "?" + INTEGERS + FLOATS
    if order not in ORDERS[:2]:
        numbers = numbers.translate({ord(code): None for code in NATIVE_ONLY})
    codes = []
    for code in like.codes if like else [rng.choice("nnnnnscpx") for _ in range(rng.randint(1, 4))]:
        count, code = code[:-1], code[-1]
        if like is None:
            count = rng.choice(["", "", "", str(rng.randint(1, 3))])
        if code in "cspx":
            codes.append(count + (rng.choice("sc") if code in "sc" and count in ("", "1") else code))
        else:
            codes.append(count + rng.choice(numbers))
    if rng.random() < 0.1:
        codes.insert(rng.randrange(len(codes) + 1), rng.choice(["x", "2x"]))
    return Item(order, codes)


class Sample:
    """Memory of random bytes, and the same description of it for both sides."""

    def __init__(self, rng, item, shape, layout=None):
        self.item, self.shape = item, shape
        layout = (layout or rng.choice("CCCFSSSP")) if shape else "C"
        strides, low, high = some_strides(rng, shape)
        if layout in "CFP":
            low, high, step, strides = 0, max(0, math.prod(shape) - 1), 1, [0] * len(shape)
            for dim in range(len(shape)) if layout == "F" else reversed(range(len(shape))):
                strides[dim], step = step, step * max(1, shape[dim])
        lead = rng.randrange(4)
        self.memory = ctypes.create_string_buffer(
            rng.randbytes(lead + (high - low + 1) * item.itemsize) + b"\0"
        )
        self.strides = [stride * item.itemsize for stride in strides]
        self.suboffsets = None
        self.address = ctypes.addressof(self.memory) + lead - low * item.itemsize
        if layout == "P":
            rows = [self.address + self.strides[0] * at for at in range(shape[0])]
            self.table = (ctypes.c_void_p * max(1, len(rows)))(*rows)
            self.address = ctypes.addressof(self.table)
            self.strides[0], self.suboffsets = ctypes.sizeof(ctypes.c_void_p), [0] + [-1] * (len(shape) - 1)
        arrays = map(mv.sizes, (shape, self.strides, self.suboffsets))
        total, text = math.prod(shape) * item.itemsize, item.text.encode()
        self.description = mv.Buffer(
            self.address, None, total, item.itemsize, 0, len(shape), text, *arrays
        )
        self.theirs = api.PyMemoryView_FromBuffer(byref(self.description))
        self.ours = mv.View(mv.make("mv_view_from_buffer", byref(self.description)), self)
        self.what = "%r %s by %s %s" % (item.text, shape, self.strides, self.suboffsets or "")

    def place(self, index):
        at = self.address
        for dim, number in enumerate(index):
            at += self.strides[dim] * number
            if self.suboffsets and self.suboffsets[dim] >= 0:
                at = ctypes.c_void_p.from_address(at).value + self.suboffsets[dim]
        return at

    def value(self, index):
        return self.item.value(ctypes.string_at(self.place(index), self.item.itemsize))

    def indices(self):
        return itertools.product(*map(range, self.shape))

    def flat(self):
        """Every item in C order, each one a new object."""
        return [self.value(index) for index in self.indices()]

    def fill(self, values):
        """Puts value by value, an equal one as far as the format goes; what is between them stays random."""
        fields = self.item.fields()
        for index, row in zip(self.indices(), values):
            for (code, offset), value in zip(fields, row):
                data = packed(self.item.order + code, value)
                ctypes.memmove(self.place(index) + offset, data, len(data))


def packed(format, value):
    """As near to a value as the format comes; 1 where that is nowhere near."""
    code = format[-1]
    if code in "csp":
        return struct.pack(format, b"%c" % (int(value) & 127 if math.isfinite(value) else 1))
    try:
        return struct.pack(format, value if code == "?" else float(value) if code in FLOATS else int(value))
    except (struct.error, OverflowError, ValueError):
        return struct.pack(format, 1)


def some_extents(rng, zeros=0.1):
    shape = [rng.randint(1, 4) for _ in range(rng.choice([0, 1, 1, 1, 2, 2, 3]))]
    return [0 if rng.random() < zeros else extent for extent in shape]


def some_values(rng, sample):
    pool = rng.choice([EASY, HARD, HARD])
    pool = [rng.choice(pool) for _ in range(rng.randint(1, 4))]
    return [[rng.choice(pool) for _ in sample.item.fields()] for _ in sample.indices()]


def some_sample(rng):
    """Random bits, or values that are often the same."""
    sample = Sample(rng, some_item(rng), some_extents(rng))
    if rng.random() < 0.5:
        sample.fill(some_values(rng, sample))
    return sample


def nest(flat, shape):
    """Items in C order as nested lists."""
    if not shape:
        return flat[0]
    part = math.prod(shape[1:])
    return [nest(flat[at * part : (at + 1) * part], shape[1:]) for at in range(shape[0])]


def take(nested, slices):
    if not slices:
        return nested
    return [take(row, slices[1:]) for row in nested[slices[0]]]


def text(view):
    return memview_formats.text_of("mv_view_text", view.handle, mv.SIZE_MAX)


def equal(a, b):
    out = ctypes.c_int(-1)
    mv.call("mv_view_equal", a.handle, b.handle, byref(out))
    return out.value


def same_shapes(a, b):
    """As memoryview compares them: what is behind the first extent of 0 does not matter."""
    for one, other in zip(a, b):
        if one != other:
            return False
        if one == 0:
            break
    return len(a) == len(b)


def case_equal(rng):
    item = some_item(rng)
    other = some_item(rng, item)
    named = rng.random() < 0.05
    if named:
        order, codes = rng.choice("<>"), [code for code in item.codes if code[-1] not in "nNPx"] or ["h"]
        item, other = Item(order, codes, "a"), Item(rng.choice("<>"), codes, rng.choice("ab"))
    shape = some_extents(rng)
    a = Sample(rng, item, shape)
    if rng.random() < 0.1 and shape:
        shape = [rng.choice([extent, extent, 0, 2]) for extent in shape]
    shape = shape if rng.random() < 0.95 else some_extents(rng)
    b = Sample(rng, other, shape)
    values = some_values(rng, a)
    a.fill(values)
    if values and values[0] and rng.random() < 0.3:
        rng.choice(values)[rng.randrange(len(values[0]))] = rng.choice(HARD)
    b.fill(values)
    truth = item.codes == other.codes == ["?"]
    if truth and rng.random() < 0.5:
        for index in b.indices():
            ctypes.c_ubyte.from_address(b.place(index)).value *= rng.choice([1, 2, 255])
    plain = same_shapes(a.shape, b.shape) and a.flat() == b.flat()
    for x, y, expected in ((a, b, plain), (b, a, plain), (a, a, a.flat() == a.flat())):
        what = "%s == %s" % (x.what, y.what)
        theirs = x.theirs == y.theirs
        beyond = expected and not theirs
        if not (beyond and (named and allow("unknown 104") or allow("truth 101", truth))):
            check(what + " by struct", theirs, expected)
        check(what, expected, bool(equal(x.ours, y.ours)))


def case_text(rng):
    sample = some_sample(rng)
    expected, view, what = nest(sample.flat(), sample.shape), sample.ours, "text of " + sample.what
    if sample.item.native:
        check(what + " by struct", str(sample.theirs.tolist()), str(expected))
    check(what, str(expected), text(view))
    for _ in range(rng.randint(0, 2) if sample.shape else 0):
        index = some_index(rng, view.buffer.array("shape"))[: rng.randint(1, len(sample.shape))]
        view, expected, what = index_view(view, index), take(expected, index), what + str(list(index))
        check(what, str(expected), text(view))


def sliced(rng, sample, what):
    """Both views of a sample, or of a part of it along the first dimension."""
    theirs, ours, what = sample.theirs, sample.ours, what + " of " + sample.what
    if not sample.shape or rng.random() < 0.5:
        return theirs, ours, what
    index = some_index(rng, sample.shape)[:1]
    return theirs[index[0]], index_view(ours, index), what + str(list(index))


def case_read(rng):
    theirs, ours, what = sliced(rng, some_sample(rng), "tobytes")
    for order in "CFA" + rng.choice("cfaZ"):
        check(what + " in order " + order, outcome(theirs.tobytes, order), outcome(ours.tobytes, order))


def case_hex(rng):
    theirs, ours, what = sliced(rng, some_sample(rng), "hex")
    separator = rng.choice([None, ":", "-", " ", "%c" % rng.randint(1, 127)])
    if rng.random() < 0.1:
        separator = rng.choice(["", "::", "\xe9", "\u20ac"])
    group = rng.choice([0, 1, -1, 2, -2, 3, rng.randint(-40, 40), 2**31 - 1, 1 - 2**31])
    a = outcome(theirs.hex) if separator is None else outcome(theirs.hex, separator, group)
    given = None if separator is None else separator.encode()
    b = outcome(memview_formats.text_of, "mv_view_hex", ours.handle, given, group)
    check("%s, %r, %d" % (what, separator, group), a, b)


def cast_decision(sample, item, shape, order):
    """What CPython refuses and memview casts, by which decision; None: both refuse."""
    theirs, one = sample.theirs, shape is None or len(shape) == 1
    needed = item.itemsize * math.prod(shape or [])
    fits = theirs.nbytes % item.itemsize == 0 if shape is None else needed == theirs.nbytes
    straight = theirs.c_contiguous or one and theirs.f_contiguous
    if theirs.nbytes == 0 and theirs.ndim == 1 and not sample.suboffsets:
        straight = True
    empty = theirs.nbytes == 0 and (shape is not None or theirs.ndim != 1)
    if empty or not straight or not fits or any(extent <= 0 for extent in shape or []):
        return None
    if not theirs.c_contiguous:
        return "contiguous 6" if theirs.nbytes == 0 else "cast 82"
    if order == "F" and not one:
        return "cast 83"
    if not item.native:
        return "cast 79"
    return "cast 74, 77" if theirs.ndim != 1 and not one else "cast 76"


def cast_shape(rng, items):
    """Extents that mostly fit."""
    shape = []
    while items > 1 and rng.random() < 0.7:
        shape.append(rng.choice([n for n in range(1, items + 1) if items % n == 0]))
        items //= shape[-1]
    shape += [items] if items != 1 or rng.random() < 0.5 else []
    rng.shuffle(shape)
    if shape and rng.random() < 0.1:
        shape[rng.randrange(len(shape))] = rng.randint(-2, 5)
    return shape


def case_cast(rng):
    item, order = some_item(rng), rng.choice("CCCCF")
    if rng.random() < 0.6:
        item = Item(rng.choice(ORDERS[:2]), [rng.choice(NATIVE)])
    source, extents = some_item(rng), some_extents(rng, 0.02)
    if rng.random() < 0.6:
        source, extents = Item("", [rng.choice("Bbc")]), [item.itemsize * rng.randint(0, 12)]
    elif rng.random() < 0.5:
        item = Item("", [rng.choice("Bbc")])
    sample = Sample(rng, source, extents, rng.choice("CCCCCFSP"))
    shape = cast_shape(rng, sample.theirs.nbytes // item.itemsize) if rng.random() < 0.6 else None
    format = item.text if rng.random() < 0.95 else rng.choice(BROKEN)
    what = "cast(%r, %r, %s) of %s" % (format, shape, order, sample.what)
    a = outcome(sample.theirs.cast, format, *([] if shape is None else [shape]))
    b = outcome(sample.ours.cast, format, shape, order)
    turned = order == "F" and shape is not None and len(shape) > 1
    if a[0] == "ok" and not turned:
        check(what, "ok", b[0])
        check_view(what, a[1], b[1])
        return check(what + ": text", str(a[1].tolist()), text(b[1]))
    decision = cast_decision(sample, item, shape, order) if format == item.text else None
    check(what, decision is not None and allow(decision), b[0] == "ok")
    if decision is None:
        return None
    data = sample.theirs.tobytes("A")
    flat = [item.value(data[at : at + item.itemsize]) for at in range(0, len(data), item.itemsize)]
    if turned:
        return check(what, str(nest(flat, shape[::-1])), text(transposed(b[1])))
    return check(what, str(nest(flat, [len(flat)] if shape is None else shape)), text(b[1]))


def transposed(view):
    """The same memory with its dimensions turned round."""
    buffer = view.buffer
    arrays = [mv.sizes(buffer.array(name)[::-1]) for name in ("shape", "strides")]
    description = mv.Buffer(
        buffer.buf, None, buffer.len, buffer.itemsize, 0, buffer.ndim, buffer.format, *arrays
    )
    handle = mv.make("mv_view_from_buffer", byref(description))
    return mv.View(handle, (view, description))


def some_sought(rng, sample, flat):
    """A value as a scalar and as an object: an item, as it is or in another type, or any."""
    if flat and rng.random() < 0.6:
        index = rng.choice(list(sample.indices()))
        scalar = mv.Scalar()
        mv.call("mv_view_get", sample.ours.handle, mv.sizes(index), len(index), byref(scalar))
        value = sample.value(index)
        if isinstance(value, tuple) or rng.random() < 0.5:
            return scalar, value
    else:
        value = rng.choice(HARD + [True, False, b"", b"\1", b"d", b"\1\0", 1j])
    if isinstance(value, (int, float)) and rng.random() < 0.5:
        kind = rng.choice([int, float, complex, bool])
        changed = outcome(kind, value)
        value = changed[1] if changed[0] == "ok" else value
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        value = 1
    return mv.scalar_of(value), value


def case_search(rng):
    sample = some_sample(rng)
    flat = sample.flat()
    scalar, value = some_sought(rng, sample, flat)
    what = "%r in %s" % (value, sample.what)
    count, place = ctypes.c_size_t(), ctypes.c_ssize_t()
    mv.call("mv_view_count", sample.ours.handle, byref(scalar), byref(count))
    check("count of " + what, flat.count(value), count.value)
    bounds = [0, mv.SSIZE_MAX]
    if rng.random() < 0.7:
        near = len(flat) + 2
        bounds = [rng.choice([rng.randint(-near, near), -mv.SSIZE_MAX - 1, mv.SSIZE_MAX]) for _ in "ab"]
    found = outcome(flat.index, value, *bounds)
    mv.call("mv_view_find", sample.ours.handle, byref(scalar), *bounds, byref(place))
    check("index(%s)" % bounds + " of " + what, found[1] if found[0] == "ok" else -1, place.value)


CASES = [
    (case_equal, 7000),
    (case_text, 5000),
    (case_read, 3000),
    (case_hex, 3000),
    (case_cast, 6000),
    (case_search, 6000),
]
