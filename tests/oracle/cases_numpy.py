"""Random dtypes of NumPy: what an array says of itself as a buffer, and what stands in its items."""

import ctypes
import warnings

try:
    import numpy
except ImportError as missing:
    numpy, SKIP = None, str(missing)
else:
    SKIP = None

import memview_ctypes as mv
import memview_formats as formats
from compare import allow, api, check, outcome, plain

SCALARS = "b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8 c8 c16 g G l L q Q".split()
NAMES = ["a", "b", "c", "x y", "", "\xe4", "{}", "T{i", "very_long_name" * 3]


def some_scalar(rng, objects):
    kind = rng.random()
    if kind < 0.1:
        return "S%d" % rng.randint(1, 9)
    if kind < 0.2:
        return rng.choice("<>") + "U%d" % rng.randint(1, 5)
    if kind < 0.25:
        return "V%d" % rng.randint(1, 9)
    if kind < 0.28 and objects:
        return "O"
    code = rng.choice(SCALARS)
    return rng.choice(["", "=", "<", ">"]) + code


def some_names(rng, count):
    return rng.sample(NAMES[:4] + NAMES[5:], count) if rng.random() < 0.3 else list("abcdefgh"[:count])


def some_dtype(rng, depth=3, objects=True):
    if depth == 0 or rng.random() < 0.3:
        return numpy.dtype(some_scalar(rng, objects))
    count = rng.randint(1, 4)
    parts = [some_dtype(rng, depth - 1 if rng.random() < 0.5 else 0, objects) for _ in range(count)]
    shapes = [some_shape(rng) for _ in parts]
    made = [numpy.dtype((part, shape)) if shape else part for part, shape in zip(parts, shapes)]
    names = some_names(rng, count)
    how = rng.random()
    if how < 0.4:
        return numpy.dtype(list(zip(names, made)))
    if how < 0.7:
        return numpy.dtype(list(zip(names, made)), align=True)
    at, offsets = 0, []
    for part in made:
        at += rng.choice([0, 0, 1, 3, 4])
        if rng.random() < 0.3:
            at = -(-at // 8) * 8
        offsets.append(at)
        at += part.itemsize
    size = at + rng.choice([0, 0, 1, 7])
    return numpy.dtype({"names": names, "formats": made, "offsets": offsets, "itemsize": size})


def some_shape(rng):
    if rng.random() < 0.75:
        return ()
    return tuple(rng.randint(1, 3) for _ in range(rng.randint(1, 3)))


def merged(dtype):
    """The element and all extents of arrays of arrays."""
    shape = ()
    while dtype.subdtype:
        dtype, more = dtype.subdtype
        shape += more
    return dtype, shape


def tree_of(dtype):
    """A dtype as plain data: of a struct the offset, the name, the shape and the tree of each field."""
    if dtype.names is None:
        # Bytes without a meaning; NumPy reads an array of such items back as structs without fields.
        return ("V", dtype.itemsize) if dtype.kind == "V" else scalar_of(dtype)
    if not dtype.names:
        return "V", dtype.itemsize
    return [
        (
            dtype.fields[name][1],
            name,
            merged(dtype.fields[name][0])[1],
            tree_of(merged(dtype.fields[name][0])[0]),
        )
        for name in dtype.names
    ]


def scalar_of(dtype):
    swapped = dtype.byteorder not in "|=" and not dtype.isnative
    return dtype.kind, dtype.itemsize, swapped and dtype.kind != "S"


KINDS = {
    formats.BOOL: "b",
    formats.INT: "i",
    formats.UINT: "u",
    formats.FLOAT: "f",
    formats.COMPLEX: "c",
    formats.BYTES: "S",
    formats.TEXT: "U",
    formats.POINTER_KIND: "O",
}


def tree_of_format(format):
    """The same of a parsed format."""
    if format.kind == formats.RECORD:
        fields = format.fields()
        return [(offset, name, shape, tree_of_format(part)) for name, offset, _, shape, part in fields] or (
            "V",
            format.itemsize,
        )
    if format.kind == formats.OPAQUE:
        return "V", format.itemsize
    own = mv.lib.mv_format_is_native(format.handle)
    return KINDS[format.kind], format.itemsize, not own and format.kind != formats.BYTES


def some_array(rng, dtype):
    """An array of random bytes, but for what no character may be."""
    array = numpy.frombuffer(rng.randbytes(3 * dtype.itemsize), numpy.uint8).copy().view(dtype)
    fill_text(rng, array)
    return array


def fill_text(rng, array):
    if array.dtype.kind == "U":
        size = array.dtype.itemsize // 4
        alphabet = "az\xe4\u20ac\U0001f600"
        words = [
            "".join(rng.choice(alphabet) for _ in range(rng.randint(0, size))) for _ in range(array.size)
        ]
        array[...] = numpy.array(words).reshape(array.shape)
    for name in array.dtype.names or ():
        fill_text(rng, array[name])


def reread(view):
    """What NumPy itself makes of its own buffer; None where it refuses or guesses."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return numpy.asarray(view).dtype
        except Exception:
            return None


def case_dtype(rng):
    dtype = some_dtype(rng)
    if dtype.itemsize == 0 or dtype.subdtype:
        return
    try:
        view = memoryview(numpy.zeros(1, dtype))
    except ValueError:
        return  # A name with a colon, a kind without a format.
    what = "%r as %r" % (dtype, view.format)
    format = formats.Format.parse(view.format)
    again, expected = reread(view), tree_of(dtype)
    found = tree_of_format(format)
    if is_odd(dtype) and found != expected and allow("numpy nested"):
        expected = found if again is None else tree_of(again)
    check(what, expected, found)
    check(
        what + ": as NumPy reads it", found, tree_of_format(formats.Format.parse(view.format, formats.NUMPY))
    )
    check(what + ": canonical text", found, tree_of_format(formats.Format.parse(format.text)))
    check(what + ": equal to its text", True, format == formats.Format.parse(format.text))


def case_descr(rng):
    """What NumPy says of a type by itself, read, and written as NumPy writes it."""
    dtype = some_dtype(rng)
    if rng.random() < 0.2:
        dtype = numpy.dtype([(("the title of it", "a"), dtype), ("b'\"\\\n", "i1")])
    text = repr(dtype.descr) if dtype.names is not None else dtype.str
    quoted = text if dtype.names is not None or rng.random() < 0.5 else repr(text)
    if not own_long_doubles(dtype):
        return check(quoted, ("raised", "NotImplementedError"), outcome(formats.Format.from_numpy, quoted))
    format = formats.Format.from_numpy(quoted)
    check(quoted + ": itemsize", dtype.itemsize, format.itemsize)
    check(quoted, tree_of(dtype), tree_of_format(format))
    written = format.numpy
    check(quoted + ": written", text.replace("('the title of it', 'a')", "'a'"), written)
    check(quoted + ": and read again", True, formats.Format.from_numpy(written) == format)
    return check(quoted + ": a canonical text", True, formats.Format.parse(format.text) == format)


def own_long_doubles(dtype):
    element, _ = merged(dtype)
    if element.names is not None:
        return all(own_long_doubles(element.fields[name][0]) for name in element.names)
    return element.char not in "gG" or element.isnative


def alignment(dtype):
    element, _ = merged(dtype)
    if element.names:
        return max(alignment(element.fields[name][0]) for name in element.names)
    return element.alignment if element.kind != "V" else 1


def is_odd(dtype, at=0, top=True):
    """Whether something inside is not where NumPy's text says: a struct that is not where C would put it, or ends with
    padding, an object that is not aligned."""
    element, _ = merged(dtype)
    if not element.names:
        return element.kind == "O" and at % element.alignment != 0
    fields = [element.fields[name][:2] for name in element.names]
    end = max(offset + part.itemsize for part, offset in fields)
    whole = end == element.itemsize and end % alignment(element) == 0
    if not top and not (whole and at % alignment(element) == 0):
        return True
    return any(is_odd(part, at + offset, False) for part, offset in fields)


def value_of(item):
    """An item of NumPy as memview gives it."""
    if isinstance(item, numpy.ndarray):
        return [value_of(part) for part in item]
    if isinstance(item, numpy.void):
        # Bytes without a meaning; a whole item of them is a struct without values.
        names = item.dtype.names or ()
        return tuple(value_of(item[name]) for name in names) if names else item.tobytes()
    if isinstance(item, numpy.bytes_):
        return bytes(item)
    if isinstance(item, numpy.longdouble):
        return float(item)
    if isinstance(item, numpy.clongdouble):
        return complex(float(item.real), float(item.imag))
    return item.item() if isinstance(item, numpy.generic) else item


def shown(value):
    """As NumPy shows it: bytes without the zeros at their end."""
    if isinstance(value, tuple) and value[:1] == ("opaque",):
        return value[1]
    if isinstance(value, (list, tuple)):
        return type(value)(shown(part) for part in value)
    return value.rstrip(b"\0") if isinstance(value, bytes) else value


def buffer_of(view):
    """A view of a memoryview's memory, as it describes itself."""
    raw = mv.Buffer()
    api.PyObject_GetBuffer(view, raw, mv.FULL_RO)
    try:
        return mv.View(mv.make("mv_view_from_buffer", ctypes.byref(raw)), view)
    finally:
        api.PyBuffer_Release(ctypes.byref(raw))


def case_values(rng):
    dtype = some_dtype(rng, objects=False)
    if dtype.itemsize == 0 or dtype.kind == "V" and not dtype.names or is_odd(dtype):
        return
    array = some_array(rng, dtype)
    try:
        view = memoryview(array)
    except ValueError:
        return
    owner = buffer_of(view)
    for at in range(len(array)):
        what = "item %d of %r as %r" % (at, dtype, view.format)
        check(what, plain(value_of(array[at])), plain(shown(formats.read(owner, at))))


CASES = [] if numpy is None else [(case_dtype, 6000), (case_descr, 6000), (case_values, 2000)]
