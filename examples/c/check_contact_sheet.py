#!/usr/bin/env python3
"""Runs the contact sheet and checks its words and every pixel of its six pictures.

    check_contact_sheet.py PROGRAM PLUGIN FOLDER png|ppm [LAUNCHER...]

The PNG reader is this file's own, so that what the program writes is read by other code.
"""

import os
import struct
import subprocess
import sys
import zlib

MARGIN, GAP, UNDER, CAPTION, LEAST, LARGEST = 28, 28, 10, 18, 240, 640
STRIPE, PAPER = (0xFF, 0xD2, 0x3C), (26, 26, 26)
program, plugin, folder, kind, *launcher = sys.argv[1:]
os.makedirs(folder, exist_ok=True)


class Image:
    def __init__(self, width, height, data):
        self.width, self.height, self.data = width, height, data
        assert len(data) == width * height * 3, (width, height, len(data))

    def __call__(self, y, x):
        at = (y * self.width + x) * 3
        return tuple(self.data[at : at + 3])


def unfilter(kind, row, above):
    for i in range(len(row)):
        left, up, corner = row[i - 3] if i > 2 else 0, above[i], above[i - 3] if i > 2 else 0
        if kind == 4:
            guess = left + up - corner
            distances = abs(guess - left), abs(guess - up), abs(guess - corner)
            left = (left, up, corner)[distances.index(min(distances))]
        row[i] = (row[i] + (0, left, up, (left + up) // 2, left)[kind]) & 255
    return row


def read_png(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n", "not a PNG"
    at, packed = 8, b""
    while at < len(data):
        (length,), name = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + length]
        (crc,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        assert crc == zlib.crc32(name + body), name
        if name == b"IHDR":
            width, height, depth, colours, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            assert (depth, colours, interlaced) == (8, 2, 0), (depth, colours, interlaced)
        packed += body if name == b"IDAT" else b""
        at += 12 + length
    raw, rows, row = zlib.decompress(packed), [], bytes(width * 3)
    for y in range(height):
        at = y * (width * 3 + 1)
        row = unfilter(raw[at], bytearray(raw[at + 1 : at + 1 + width * 3]), row)
        rows.append(row)
    return Image(width, height, b"".join(rows))


def read_ppm(data):
    magic, size, most, pixels = data.split(b"\n", 3)
    assert (magic, most) == (b"P6", b"255"), data[:20]
    return Image(*map(int, size.split()), pixels)


def ppm(width, height):
    """A picture in which no two pixels nearby are alike."""
    data = bytes(value for y in range(height) for x in range(width)
                 for value in ((7 * x + 3) % 251, (11 * y + 5) % 249, (x * y + 13 * x) % 247))
    return Image(width, height, data)


def png(image):
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = (image.data[y * image.width * 3 :][: image.width * 3] for y in range(image.height))
    header = struct.pack(">IIBBBBB", image.width, image.height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))) + chunk(b"IEND", b""))


def save(name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def run(*inputs, output="sheet." + kind):
    path = os.path.join(folder, output)
    if os.path.exists(path):
        os.remove(path)
    done = subprocess.run([*launcher, program, plugin, path, *inputs], capture_output=True, text=True)
    return done, path


def check_words(done, path, width, height):
    assert done.returncode == 0, done
    assert done.stderr == "", done.stderr
    lines = done.stdout.splitlines()
    grown = height + (height + 4) // 5
    for line in (f"{width * height * 3} bytes of pixels, 0 bytes copied to make 6 views of them",
                 "the plugin drew its stripes, once",
                 f"the image is to grow from {height} to {grown} rows",
                 "refused: 2 exports, held by 'contact sheet', 'stripes plugin'",
                 "both let go",
                 f"granted: the image is {grown} x {width} x 3"):
        assert lines.count(line) == 1, (line, done.stdout)
    order = [word for line in lines if (word := line.split(":")[0]) in ("refused", "both let go", "granted")]
    assert order == ["refused", "both let go", "granted"], done.stdout
    assert lines[-1] == f"picture: {path}", lines[-1]


def is_stripe(y, x, width, height):
    """The plugin's rule, in the coordinates of the image."""
    edge, stripe = height // 12, 2 + (height + width) // 100
    inside = edge <= y < edge + height // 6 and edge <= x < edge + width // 3
    return inside and (x + y - 2 * edge) // stripe % 2 == 0


def panes(width, height):
    """Where each picture lies on the sheet, its extents, which pixel of the image each of its pixels is."""
    step = 1 + (max(width, height) - 1) // LARGEST
    h, w = -(-height // step), -(-width // step)
    column, line = max(w, LEAST), UNDER + CAPTION + GAP
    narrow = max(h, (w + 1) // 2, LEAST)
    left = [MARGIN, MARGIN + column + GAP, MARGIN + 2 * (column + GAP)]
    second, last, half = MARGIN + h + line, MARGIN + w + line, (-(-height // 2), -(-width // 2))
    s = step
    shown = {
        "original": (MARGIN, left[0], h, w, lambda y, x: (s * y, s * x)),
        "flipped": (MARGIN, left[1], h, w, lambda y, x: (height - 1 - s * y, s * x)),
        "mirrored": (second, left[0], h, w, lambda y, x: (s * y, width - 1 - s * x)),
        "green": (second, left[1], h, w, lambda y, x: (s * y, s * x)),
        "transposed": (MARGIN, left[2], w, h, lambda y, x: (s * x, s * y)),
        "half": (last, left[2], -(-half[0] // s), -(-half[1] // s), lambda y, x: (2 * s * y, 2 * s * x)),
    }
    bottom = max(second + h, last + (h + 1) // 2) + UNDER + CAPTION + MARGIN
    return shown, (left[2] + narrow + MARGIN, bottom)


def check_pixels(sheet, image, width, height):
    """`image` is what the program was given; without one, what the sheet shows as the original."""
    shown, size = panes(width, height)
    assert (sheet.width, sheet.height) == size, (sheet.width, sheet.height, size)
    top, left = shown["original"][:2]
    counted = {}
    for name, (y0, x0, h, w, source) in shown.items():
        for y in range(h):
            for x in range(w):
                at = source(y, x)
                striped = is_stripe(*at, width, height)
                pixel = STRIPE if striped else image(*at) if image else sheet(top + at[0], left + at[1])
                expected = (pixel[1],) * 3 if name == "green" else pixel
                assert sheet(y0 + y, x0 + x) == expected, (name, y, x, sheet(y0 + y, x0 + x), expected)
                counted[name] = counted.get(name, 0) + striped
        captions = sum(sheet(y, x) != PAPER for y in range(y0 + h + UNDER, y0 + h + UNDER + CAPTION)
                       for x in range(x0, x0 + LEAST))
        assert captions > 100, f"{name} has no caption"
        assert all(sheet(y0 - 1, x) == PAPER == sheet(y0 + h, x) for x in range(x0, x0 + w)), name
    for name, count in counted.items():
        assert count > 0, f"no stripes in {name}"
    h, w = shown["original"][2:4]
    colours = {sheet(top + y, left + x) for y in range(h) for x in range(w)}
    assert len(colours) > (5000 if image is None else 100), f"a picture of {len(colours)} colours"
    return counted


def check_readme(done, path, sheet):
    """The README quotes the words and shows the picture, but for what another libm rounds otherwise."""
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    with open(os.path.join(root, "README.md"), encoding="utf-8") as file:
        words = done.stdout.replace(path, "out/contact_sheet.png")
        assert f"```text\n{words}```" in file.read(), f"README.md does not say\n{words}"
    with open(os.path.join(root, "docs", "contact_sheet.png"), "rb") as file:
        shown = read_png(file.read())
    assert (shown.width, shown.height) == (sheet.width, sheet.height)
    different = sum(a != b for a, b in zip(shown.data, sheet.data))
    assert different * 1000 < len(sheet.data), f"docs/contact_sheet.png differs in {different} bytes"


def check_sheet(inputs, image, width, height):
    done, path = run(*inputs)
    check_words(done, path, width, height)
    with open(path, "rb") as file:
        sheet = (read_png if kind == "png" else read_ppm)(file.read())
    if not inputs:
        check_readme(done, path, sheet)
    return check_pixels(sheet, image, width, height)


def check_failure(words, *inputs, output="sheet." + kind):
    done, path = run(*inputs, output=output)
    assert done.returncode == 1, done
    assert words in done.stderr and done.stderr.startswith("contact_sheet: "), (words, done.stderr)
    assert "picture:" not in done.stdout and not os.path.exists(path), done.stdout


def check_failures():
    good = ppm(24, 16)
    whole = b"P6\n24 16\n255\n" + good.data
    check_failure("missing.ppm: No such file", os.path.join(folder, "missing.ppm"))
    check_failure("neither a PNG nor a PPM", save("empty.ppm", b""))
    check_failure("neither a PNG nor a PPM", save("text.ppm", b"a letter"))
    check_failure("the pixels end after 1148 of 1152 bytes", save("short.ppm", whole[:-4]))
    check_failure("the PPM header is broken", save("header.ppm", b"P6\n24 -1\n255\n"))
    check_failure("greatest value is not 255", save("deep.ppm", b"P6\n24 16\n65535\n" + good.data * 2))
    check_failure("the picture is empty", save("flat.ppm", b"P6\n24 0\n255\n"))
    check_failure("more than 100 million pixels", save("vast.ppm", b"P6\n99999999999 99999999999\n255\n"))
    small = save("small.ppm", whole)
    check_failure(os.path.join("nowhere", "sheet"), small, output=os.path.join("nowhere", "sheet." + kind))
    if kind == "png":
        packed = png(good)
        check_failure("short.png: ", save("short.png", packed[:-30]))
        check_failure("broken.png: ", save("broken.png", b"\x89PNG" + bytes(60)))
        check_failure("crc.png: ", save("crc.png", packed[:60] + bytes([packed[60] ^ 1]) + packed[61:]))
    else:
        check_failure("without libpng", save("good.png", png(good)))
        check_failure("without libpng", small, output="sheet.png")
    done = subprocess.run([*launcher, program], capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.startswith("usage: "), done
    done = subprocess.run([*launcher, program, folder, folder], capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.startswith("contact_sheet: "), done


def main():
    if int(os.environ.get("MEMVIEW_EFFORT", "100")) >= 100:  # emulators are slow to draw
        print("its own picture:", check_sheet((), None, 480, 320))
    for width, height in (24, 16), (37, 61), (90, 12):
        image = ppm(width, height)
        path = save("input.ppm", b"P6 # a comment\n%d %d\n# another\n255\n" % (width, height) + image.data)
        print(f"{width} x {height}:", check_sheet((path,), image, width, height))
    wide = ppm(1300, 40)
    path = save("wide." + kind, png(wide) if kind == "png" else b"P6\n1300 40\n255\n" + wide.data)
    print("1300 x 40, every third pixel:", check_sheet((path,), wide, 1300, 40))
    check_failures()
    print("failures are told")


main()
