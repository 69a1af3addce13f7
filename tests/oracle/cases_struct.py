"""Random formats of Python's struct module: their sizes, their values read and written."""

import ctypes
import math
import struct
import sys

import memview_ctypes as mv
import memview_formats as formats
from compare import allow, check, outcome, plain

CODES = "xcbB?hHiIlLqQnNefdspP"
COMPLEX = "FD" if sys.version_info >= (3, 14) else ""
# What no format has, and what only memview's has.
JUNK = "yjkmrvaCEHJKMRSUVWY.;+-*/#%_~|'\"\\$"
BEYOND = "@=<>!^ \tT{}():&XOgZzuwtFDG1,:"


def some_codes(rng, order, most):
    """Codes with counts; without the native ones where the order has none."""
    codes = CODES + COMPLEX
    if order not in "@":
        codes = codes.translate({ord(code): None for code in "nNP"})
    text = ""
    for _ in range(rng.randint(0, most)):
        count = rng.choice(["", "", "", str(rng.randint(0, 12))])
        text += rng.choice(["", "", " ", "\t"]) + count + rng.choice(codes)
    return text + rng.choice(["", "", " "])


def some_format(rng, most=8):
    order = rng.choice(["", "", "@", "=", "<", ">", "!"])
    return order + some_codes(rng, order, most)


def case_calcsize(rng):
    text = some_format(rng)
    fault = rng.random()
    at = rng.randint(0, len(text))
    if fault < 0.1:
        text = text[:at] + rng.choice(JUNK) + text[at:]
    elif fault < 0.2:
        text = text[:at] + rng.choice("nNP") + text[at:]
    elif fault < 0.25:
        huge = rng.choice([2**31, 2**62, mv.SSIZE_MAX, mv.SSIZE_MAX + 1, mv.SSIZE_MAX // 8, 10**25])
        text = text[:at] + rng.choice(["%dx", "%dq", "x%ds", "%d"]) % huge + text[at:]
    elif fault < 0.35:
        text = text[:at] + rng.choice(BEYOND) + text[at:]
    a, b = outcome(struct.calcsize, text), outcome(formats.size_of, text)
    if a[0] == "raised" and b[0] == "ok":
        # Only what memview knows beyond struct makes the difference: an order inside, white space in front of
        # it or behind a count, and the codes of other exporters.
        beyond = set(text[1:]) & set("@=<>!^T(&XOgZzuwtFDG") or text[0] in "^T(&XOgZzuwtFDG" or " " in text
        check("%r is refused by struct" % text, True, bool(beyond or "\t" in text))
        return allow("format beyond")
    return check("size of %r" % text, a if a[0] == "ok" else "raised", b if b[0] == "ok" else "raised")


def kinds(text):
    """The code and the count of each value, as struct.unpack gives them."""
    found, count = [], ""
    for character in text:
        if character.isdigit():
            count += character
        elif character in CODES + COMPLEX:
            number = int(count) if count else 1
            if character in "sp":
                found.append((character, number))
            elif character != "x":
                found += [(character, 1)] * number
            count = ""
    return found


def some_float(rng, size):
    number = rng.choice([0.0, -0.0, 1.5, -2.25, math.inf, -math.inf, rng.uniform(-6e4, 6e4), rng.random()])
    wide = {2: 65504.0, 4: 3.0e38, 8: 1.7e308}[size]
    return rng.choice([number, number, number, wide, -wide, 6e-8, 1e-300, math.nan])


def some_value(rng, text, code, count):
    if code == "c":
        return rng.randbytes(1)
    if code == "s":
        return rng.randbytes(rng.randint(0, count))
    if code == "p":
        return rng.randbytes(rng.randint(0, min(255, max(0, count - 1))))
    if code == "?":
        return rng.random() < 0.5
    if code in "efd":
        return some_float(rng, {"e": 2, "f": 4, "d": 8}[code])
    if code in "FD":
        size = 4 if code == "F" else 8
        return complex(some_float(rng, size), some_float(rng, size))
    size = struct.calcsize((text[0] if text[0] in "@=<>!" else "@") + code)
    half = 1 << (8 * size - 1)
    low, high = (-half, half - 1) if code in "bhilqn" else (0, 2 * half - 1)
    return rng.choice([low, high, 0, 1, rng.randint(low, high), rng.randint(low, high)])


def padded(code, count, value):
    return value + bytes(count - len(value)) if code == "s" else value


def case_pack(rng):
    """The same values, packed by struct and read by memview; then written by memview, value by value."""
    # CPython 3.11 unpacks "0p" to a SystemError.
    text = some_format(rng, 6).replace("0p", "1p")
    if struct.calcsize(text) == 0:
        return
    given = kinds(text)
    values = [some_value(rng, text, code, count) for code, count in given]
    packed = struct.pack(text, *values)
    theirs = struct.unpack(text, packed)
    memory = (ctypes.c_char * len(packed)).from_buffer_copy(packed)
    format = formats.Format.parse(text)
    ours = formats.read(formats.item(memory, 0, text))
    single = len(given) == 1
    check("%r: values of %r" % (text, packed), plain(list(theirs)), plain([ours] if single else list(ours)))

    # Each value through a view of its own, in the canonical text of its format.
    fresh = (ctypes.c_char * len(packed))()
    parts = [(0, text)] if single else [(field[1], field[4].text) for field in format.fields()]
    check("%r: number of values" % text, len(values), len(parts))
    for (offset, part), value in zip(parts, values):
        # A value without bytes can only be nothing, and no view can be made of it.
        if formats.size_of(part) > 0:
            write(formats.item(fresh, offset, part), value, rng.random() < 0.5)
    expected = struct.pack(text, *[padded(code, count, value) for (code, count), value in zip(given, values)])
    if any(value != value for value in values):
        return  # The payload of a NaN is not compared.
    check("%r: bytes of %r" % (text, values), expected, fresh.raw)


def write(view, value, typed):
    if not isinstance(value, complex):
        return view.set((), value, typed)
    scalar = mv.Scalar()
    scalar.kind = formats.COMPLEX
    scalar.value.c[0], scalar.value.c[1] = value.real, value.imag
    return mv.call("mv_view_set", view.handle, None, 0, ctypes.byref(scalar))


def case_range(rng):
    """Values that may not fit, or of another type: refused by both, or the same bytes."""
    order = rng.choice(["", "=", "<", ">"])
    code = rng.choice(CODES.replace("x", "").replace("s", "").replace("p", ""))
    if order and code in "nNP":
        order = ""
    text = order + code
    size = struct.calcsize(text)
    edge = 1 << 8 * size
    value = rng.choice(
        [
            -1,
            0,
            1,
            edge,
            edge - 1,
            edge // 2,
            edge // 2 - 1,
            -(edge // 2),
            -(edge // 2) - 1,
            1.5,
            65519.0,
            65520.0,
        ]
        + [1e39, b"a", b"", b"ab", True, math.inf, 2**53 + 1]
    )
    if type(value) is int and not -(2**63) <= value < 2**64:
        return
    memory = (ctypes.c_char * size)()
    view = formats.item(memory, 0, text)
    a = outcome(struct.pack, text, value)
    b = outcome(lambda: (view.set((), value, rng.random() < 0.5), memory.raw)[1])
    what = "%r into %r" % (value, text)
    if b[0] == "raised":
        check(what + ": untouched", bytes(size), memory.raw)
    if code == "f" and a[0] == "raised" and b[0] == "ok" and value == 1e39:
        check(what, struct.pack(text, math.inf), b[1])
        return allow("single overflow 59")
    if code == "?" and isinstance(value, bytes):
        return allow("truth of bytes", a[1] == b[1] or b[0] == "raised")
    return check(what, a if a[0] == "ok" else "raised", b if b[0] == "ok" else "raised")


CASES = [(case_calcsize, 20000), (case_pack, 20000), (case_range, 5000)]
