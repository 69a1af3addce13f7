"""Draws the benchmark's results, and writes them as a table.

bench_chart.py RESULTS.json [--svg FILE] [--table PAGE.md]

--table puts the table into a page, between the two comments that say where it begins and ends.
"""

import argparse
import json
from html import escape
from pathlib import Path

# What the picture shows, in words.
SHOWN = {
    "t2_f32_4096": "transpose, f32",
    "t2_u8_4096": "transpose, u8",
    "perm5_f32": "permute 5 axes, f32",
    "chw2hwc_u8": "planar to interleaved, u8",
    "bgr2rgb_u8": "BGR to RGB, u8",
    "step2_u8": "every other item, u8",
    "eq_i32_i64": "equality, i32 and i64",
    "count_byte_16M": "count a byte",
    "hex_1M": "hexadecimal digits",
}
BARS = {"memview": "#1f6feb", "OpenCV": "#3f9b67", "NumPy": "#e08a3c", "CPython": "#8c7aa9"}
INK, FAINT, PAPER, EDGE = "#24292f", "#57606a", "#fafafa", "#d0d7de"
NOTE = (
    "Figures at the bars: GB/s of payload, one thread, medians. 1 is memcpy of as many bytes; "
    "of equality memcmp, of counting memchr."
)
WIDTH, LEFT, RIGHT, TOP, BOTTOM = 880, 200, 110, 92, 74
BAR, GAP = 13, 16

BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
COLUMNS = ["memview", "plain C", "1 thread", "limit", "limit x1", "CPython", "NumPy", "OpenCV", "pybind11"]


def figure(work, who):
    return work["figures"].get(who, {}).get("value")


def number(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


# ---- the picture


def text(x, y, words, size=13, color=INK, anchor="start", weight="normal"):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{color}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(words)}</text>'
    )


def line(x, y1, y2, color, more=""):
    return f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y1:.1f}" y2="{y2:.1f}" stroke="{color}" {more}/>'


def legend(names):
    x = LEFT
    for name in names:
        yield f'<rect x="{x}" y="55" width="12" height="12" rx="2" fill="{BARS[name]}"/>'
        yield text(x + 18, 65.5, name, weight="bold" if name == "memview" else "normal")
        x += 44 + 8 * len(name)


def bars(work, y, scale):
    """One workload: a bar for each contender, its length the share of the limit, its label the throughput."""
    limit = figure(work, "limit")
    there = [name for name in BARS if figure(work, name)]
    yield text(LEFT - 12, y + len(there) * BAR / 2 + 4.5, SHOWN[work["name"]], anchor="end")
    for name in there:
        length = max(figure(work, name) / limit * scale, 1.5)
        ours = name == "memview"
        yield f'<rect x="{LEFT}" y="{y + 1}" width="{length:.1f}" height="{BAR - 2}" rx="1.5" fill="{BARS[name]}"/>'
        # Paper under the figure, where it crosses a line.
        yield f'<rect x="{LEFT + length + 2:.1f}" y="{y + 1}" width="34" height="{BAR - 2}" fill="{PAPER}"/>'
        yield text(
            LEFT + length + 5, y + BAR - 2.5, number(figure(work, name)), 11, INK if ours else FAINT,
            weight="bold" if ours else "normal",
        )
        y += BAR


def picture(results):
    works = {work["name"]: work for work in results["workloads"]}
    shown = [works[name] for name in SHOWN if name in works and figure(works[name], "limit")]
    names = [name for name in BARS if any(figure(work, name) for work in shown)]
    shares = [figure(work, name) / figure(work, "limit") for work in shown for name in names if figure(work, name)]
    most = max([1.0, *shares])
    scale = (WIDTH - LEFT - RIGHT) / most
    heights = [BAR * sum(figure(work, name) is not None for name in names) + GAP for work in shown]
    bottom = TOP + sum(heights)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{bottom + BOTTOM}" '
        f'viewBox="0 0 {WIDTH} {bottom + BOTTOM}" '
        'font-family="-apple-system, BlinkMacSystemFont, Segoe UI, Helvetica, Arial, sans-serif" role="img">',
        "<title>Throughput of memview beside OpenCV, NumPy and CPython, as a share of memcpy's</title>",
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{bottom + BOTTOM - 1}" rx="8" fill="{PAPER}" '
        f'stroke="{EDGE}"/>',
        text(24, 34, "How near to memcpy?", 18, weight="bold"),
        *legend(names),
    ]
    for step in range(1 + int(most / 0.25)):
        share = step * 0.25
        x = LEFT + share * scale
        parts.append(line(x, TOP - 6, bottom - 6, EDGE))
        if share != 1:
            parts.append(text(x, bottom + 10, f"{share:g}", 11, FAINT, "middle"))
    x = LEFT + scale
    parts.append(line(x, TOP - 8, bottom - 4, INK, 'stroke-width="1.5" stroke-dasharray="5 3"'))
    parts.append(text(x, bottom + 10, "memcpy = 1", 11, INK, "middle", "bold"))
    y = TOP
    for work, height in zip(shown, heights):
        parts.extend(bars(work, y, scale))
        y += height
    versions = [
        f"{name} {results['peers'][name]['version']}"
        for name in ["OpenCV", "NumPy", "CPython"]
        if "version" in results["peers"][name]
    ]
    parts.append(text(24, bottom + 36, NOTE, 11, FAINT))
    parts.append(text(24, bottom + 54, f"memview {results['memview']} beside {', '.join(versions)}", 11, FAINT))
    return "\n".join(parts) + "\n</svg>\n"


# ---- the table


def goal(wanted, unit):
    least = "≤" if unit == "ns" else "≥"
    if wanted["against"] == "ns":
        return f"≤ {wanted['ratio']:g} ns"
    return f"{least} {wanted['ratio']:g} {wanted['against']}"


def goals(work):
    """Met ones as they are, missed ones in bold with what was reached instead."""
    for wanted in work["goals"]:
        words = goal(wanted, work["unit"])
        if "met" not in wanted:
            yield words + " (not measured)"
        elif wanted["met"]:
            yield words
        else:
            yield f"**{words}** ({number(wanted['reached'])})"


def cell(work, who):
    value = figure(work, who)
    if value is None:
        return ""
    words = number(value) + ("~" if work["figures"][who]["wide"] else "")
    if who in ("memview", "limit x1"):
        return words
    ours = figure(work, "memview")
    return f"{words} ({number(ours / value)})"


def tables(results):
    sections = dict.fromkeys(work["section"] for work in results["workloads"])
    versions = [f"{name} {peer['version']}" for name, peer in results["peers"].items() if "version" in peer]
    absent = [f"{name} ({peer['absent']})" for name, peer in results["peers"].items() if "absent" in peer]
    yield f"memview {results['memview']}, {', '.join(versions)}; {results['rounds']} rounds."
    if absent:
        yield f"Not measured: {', '.join(absent)}."
    for section in sections:
        works = [work for work in results["workloads"] if work["section"] == section]
        columns = [who for who in COLUMNS if any(figure(work, who) is not None for work in works)]
        yield f"\n### {section}\n"
        yield "| workload | " + " | ".join(columns) + " | goals |"
        yield "|---" + "|---:" * len(columns) + "|---|"
        for work in works:
            cells = [cell(work, who) for who in columns]
            yield f"| {work['name']} | " + " | ".join(cells) + f" | {', '.join(goals(work))} |"


def put_table(page, results):
    before, rest = page.read_text().split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n" + "\n".join(tables(results)) + f"\n{END}{after}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("--svg", type=Path)
    parser.add_argument("--table", type=Path)
    given = parser.parse_args()
    results = json.loads(given.results.read_text())
    if given.svg:
        given.svg.write_text(picture(results))
    if given.table:
        put_table(given.table, results)


if __name__ == "__main__":
    main()
