"""Formats, and items of any format as Python values, through ctypes."""

import ctypes
from ctypes import POINTER, byref, c_char_p, c_int, c_size_t, c_ssize_t, c_void_p

import memview_ctypes as mv

STRUCT, NUMPY = 0, 1
BOOL, INT, UINT, FLOAT, COMPLEX, BYTES, TEXT, POINTER_KIND, RECORD, ARRAY, OPAQUE = range(1, 12)

FUNCTIONS = """
mv_format_parse: str int out; mv_format_unref: ptr; mv_format_text: ptr ptr size ptr; mv_format_itemsize: ptr
mv_format_alignment: ptr; mv_format_is_native: ptr; mv_format_kind: ptr; mv_format_field_count: ptr; mv_format_field_at: ptr size ptr
mv_format_field: ptr str ptr; mv_format_element: ptr ptr; mv_format_size: str ptr; mv_format_equal: ptr ptr
mv_scalar_field: ptr str ptr; mv_view_wrap: ptr str ptr int int out; mv_view_format: ptr out
mv_view_from_buffer: ptr out; mv_format_numpy: ptr ptr size ptr; mv_format_from_numpy: str out
"""
NO_STATUS = {
    "mv_format_unref": None,
    "mv_format_itemsize": c_ssize_t,
    "mv_format_alignment": c_ssize_t,
    "mv_format_kind": c_int,
    "mv_format_is_native": c_int,
    "mv_format_field_count": c_size_t,
    "mv_format_equal": c_int,
}


def declare():
    mv.declare(FUNCTIONS, NO_STATUS)


class Field(ctypes.Structure):
    _fields_ = [
        ("name", c_char_p),
        ("offset", c_ssize_t),
        ("itemsize", c_ssize_t),
        ("shape", POINTER(c_ssize_t)),
        ("ndim", c_int),
        ("format", c_void_p),
    ]


class Format:
    """A parsed format, or a part of one; `root` keeps the whole alive."""

    def __init__(self, handle, root=None):
        self.handle, self.root = handle, root

    @classmethod
    def parse(cls, text, rules=STRUCT):
        return cls(mv.make("mv_format_parse", text.encode(), rules))

    @classmethod
    def from_numpy(cls, text):
        return cls(mv.make("mv_format_from_numpy", text.encode()))

    def __del__(self):
        if self.root is None:
            mv.lib.mv_format_unref(self.handle)

    @property
    def text(self):
        return text_of("mv_format_text", self.handle)

    @property
    def numpy(self):
        return text_of("mv_format_numpy", self.handle)

    @property
    def itemsize(self):
        return mv.lib.mv_format_itemsize(self.handle)

    @property
    def kind(self):
        return mv.lib.mv_format_kind(self.handle)

    def _field(self, name, *arguments):
        field = Field()
        mv.call(name, self.handle, *arguments, byref(field))
        shape = tuple(field.shape[: field.ndim]) if field.shape else ()
        name = field.name.decode() if field.name is not None else None
        return name, field.offset, field.itemsize, shape, Format(field.format, self.root or self)

    def fields(self):
        """(name, offset, itemsize, shape, format) of each value."""
        count = mv.lib.mv_format_field_count(self.handle)
        return [self._field("mv_format_field_at", number) for number in range(count)]

    def element(self):
        return self._field("mv_format_element")

    def __eq__(self, other):
        return mv.lib.mv_format_equal(self.handle, other.handle) == 1


def text_of(name, *arguments):
    """The text that a function writes with snprintf's rule."""
    length = c_size_t()
    mv.call(name, *arguments, None, 0, byref(length))
    room = ctypes.create_string_buffer(length.value + 1)
    mv.call(name, *arguments, room, len(room), None)
    return room.value.decode()


def size_of(text):
    size = c_ssize_t()
    mv.call("mv_format_size", text.encode(), byref(size))
    return size.value


def item(memory, offset, text):
    """The one item of this format in memory, as a view of no dimensions."""
    address = ctypes.addressof(memory) + offset
    return mv.View(mv.make("mv_view_wrap", address, text.encode(), None, 0, False), memory)


def described(memory, itemsize, text):
    """The one item of so many bytes, whatever size its format has."""
    buffer = mv.Buffer(ctypes.addressof(memory), None, itemsize, itemsize, 0, 0, text.encode())
    return mv.View(mv.make("mv_view_from_buffer", byref(buffer)), (memory, buffer))


def read(view, *index):
    """An item as a Python value."""
    scalar = mv.Scalar()
    mv.call("mv_view_get", view.handle, mv.sizes(index), len(index), byref(scalar))
    return value_of(scalar)


def value_of(scalar):
    """A struct is a tuple, a sub-array a nested list, bytes without meaning are ("opaque", bytes)."""
    value = scalar.value
    if scalar.kind in (BOOL, INT, UINT, FLOAT, POINTER_KIND):
        return {BOOL: bool(value.i), INT: value.i, UINT: value.u, FLOAT: value.f, POINTER_KIND: value.u}[
            scalar.kind
        ]
    if scalar.kind == COMPLEX:
        return complex(value.c[0], value.c[1])
    data = ctypes.string_at(value.bytes.data, value.bytes.length)
    if scalar.kind == TEXT:
        # The last order character in the text is the one in force.
        text = Format(scalar.format, scalar).text
        order = "be" if text[0] == ">" else "le" if text[0] == "<" else "be" if mv.BIG else "le"
        units = data.decode(("utf-32-" if text[-1] == "w" else "utf-16-") + order, "surrogatepass")
        return units.rstrip("\0")
    if scalar.kind == BYTES:
        return data
    if scalar.kind == OPAQUE:
        return "opaque", data
    format = Format(scalar.format, scalar)
    if scalar.kind == RECORD:
        count = mv.lib.mv_format_field_count(scalar.format)
        return tuple(value_of(part(scalar, "[%d]" % number)) for number in range(count))

    def nest(shape, index):
        if not shape:
            return value_of(part(scalar, "[%s]" % ",".join(map(str, index))))
        return [nest(shape[1:], index + (at,)) for at in range(shape[0])]

    return nest(format.element()[3], ())


def part(scalar, path):
    found = mv.Scalar()
    mv.call("mv_scalar_field", byref(scalar), path.encode(), byref(found))
    return found
