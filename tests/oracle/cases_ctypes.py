"""Random structures of ctypes, as they describe themselves, against the values that ctypes reads."""

import ctypes

import memview_formats as formats
from compare import allow, check, plain

INTEGERS = [
    ctypes.c_byte, ctypes.c_ubyte, ctypes.c_short, ctypes.c_ushort, ctypes.c_int, ctypes.c_uint,
    ctypes.c_long, ctypes.c_ulong, ctypes.c_longlong, ctypes.c_ulonglong,
]  # fmt: skip
NUMBERS = INTEGERS + [ctypes.c_float, ctypes.c_double]
SIMPLE = NUMBERS + [ctypes.c_bool, ctypes.c_char, ctypes.c_void_p, ctypes.c_char_p]
OPAQUE = [
    ctypes.POINTER(ctypes.c_int),
    ctypes.CFUNCTYPE(ctypes.c_int),
    ctypes.POINTER(ctypes.POINTER(ctypes.c_char)),
]


def some_type(rng, depth, base):
    kind = rng.random()
    if base is not ctypes.Structure:
        # In the other order there are numbers alone.
        made = rng.choice(NUMBERS)
    elif kind < 0.08:
        return rng.choice(OPAQUE)
    elif kind < 0.25 and depth > 0:
        made = some_structure(rng, depth - 1, base)
    else:
        made = rng.choice(SIMPLE)
    for _ in range(rng.choice([0, 0, 0, 1, 2])):
        made = made * rng.randint(1, 3)
    return made


def some_structure(rng, depth=2, base=None):
    if base is None:
        base = rng.choice(
            [ctypes.Structure, ctypes.Structure, ctypes.BigEndianStructure, ctypes.LittleEndianStructure]
        )
    fields = [("abcdef"[number], some_type(rng, depth, base)) for number in range(rng.randint(1, 5))]
    members = {"_fields_": fields}
    if rng.random() < 0.15:
        members = {"_pack_": rng.choice([1, 2, 4]), "_fields_": fields}
    return type("S", (base,), members)


def is_structure(kind):
    return issubclass(kind, (ctypes.Structure, ctypes.Union))


def value_of(kind, data, big):
    """The value of a type in its bytes, as memview gives it."""
    if is_structure(kind):
        parts = [(getattr(kind, name), part) for name, part, *_ in kind._fields_]
        return tuple(
            value_of(part, data[at.offset : at.offset + ctypes.sizeof(part)], big) for at, part in parts
        )
    if issubclass(kind, ctypes.Array):
        size = ctypes.sizeof(kind._type_)
        return [value_of(kind._type_, data[at * size : (at + 1) * size], big) for at in range(kind._length_)]
    if kind in OPAQUE:
        return "opaque", data
    if kind is ctypes.c_bool:
        return data != b"\0"
    if kind is ctypes.c_char:
        return data
    if kind in (ctypes.c_void_p, ctypes.c_char_p):
        kind = ctypes.c_size_t
    return (kind.__ctype_be__ if big else kind).from_buffer_copy(data).value


def is_honest(kind):
    """Whether the text of a CPython that leaves out padding, and calls packed structures bytes, still says what it is."""
    if issubclass(kind, ctypes.Array):
        return is_honest(kind._type_)
    if not is_structure(kind):
        return True
    if hasattr(kind, "_pack_"):
        return False
    at = 0
    for name, part in kind._fields_:
        if getattr(kind, name).offset != at or not is_honest(part):
            return False
        at += ctypes.sizeof(part)
    return at == ctypes.sizeof(kind)


def case_structure(rng):
    kind = some_structure(rng)
    data = rng.randbytes(ctypes.sizeof(kind))
    memory = kind.from_buffer_copy(data)
    view = memoryview(memory)
    what = "%r as %r, itemsize %d" % (kind._fields_, view.format, view.itemsize)
    ours = formats.read(formats.described(memory, view.itemsize, view.format))
    if view.format == "B":
        return check(what, data[0] if len(data) == 1 else ("opaque", data), ours)
    theirs = value_of(kind, data, hasattr(kind, "_swappedbytes_"))
    if plain([theirs]) != plain([ours]) and not is_honest(kind) and PADDING_MISSING:
        return allow("ctypes padding")
    return check(what, plain([theirs]), plain([ours]))


class Holes(ctypes.Structure):
    _fields_ = [("a", ctypes.c_ubyte), ("b", ctypes.c_uint)]


# Example 121: the text has 5 bytes, the structure 8.
PADDING_MISSING = memoryview(Holes()).format == "T{<B:a:<I:b:}"


def case_union(rng):
    kind = type(
        "U", (ctypes.Union,), {"_fields_": [("a", rng.choice(NUMBERS)), ("b", rng.choice(NUMBERS) * 2)]}
    )
    data = rng.randbytes(ctypes.sizeof(kind))
    memory = kind.from_buffer_copy(data)
    view = memoryview(memory)
    ours = formats.read(formats.described(memory, view.itemsize, view.format))
    check("a union as %r" % view.format, ("opaque", data), ours)


def case_bits(rng):
    """Fields of some bits are told as if they had all: where that is more than there is, items are opaque."""
    kind = rng.choice(INTEGERS[2:])
    most = 8 * ctypes.sizeof(kind)
    fields = [(name, kind, rng.randint(1, most // 2)) for name in "ab"]
    memory = type("B", (ctypes.Structure,), {"_fields_": fields}).from_buffer_copy(rng.randbytes(most // 8))
    view = memoryview(memory)
    ours = formats.read(formats.described(memory, view.itemsize, view.format))
    check("%r as %r" % (fields, view.format), ("opaque", bytes(memory)), ours)


def case_array(rng):
    """An array is a view of more dimensions: of its own bytes, however the text is written."""
    kind = rng.choice(NUMBERS)
    shape = [rng.randint(1, 3) for _ in range(rng.randint(1, 3))]
    made = kind
    for extent in reversed(shape):
        made = made * extent
    memory = made.from_buffer_copy(rng.randbytes(ctypes.sizeof(made)))
    view = memoryview(memory)
    values = [
        formats.read(formats.item(memory, at, view.format))
        for at in range(0, len(bytes(memory)), view.itemsize)
    ]
    expected = [
        value_of(kind, bytes(memory)[at : at + view.itemsize], False)
        for at in range(0, view.nbytes, view.itemsize)
    ]
    check("%r as %r" % (made, view.format), plain(expected), plain(values))


CASES = [(case_structure, 4000), (case_union, 300), (case_bits, 300), (case_array, 500)]
