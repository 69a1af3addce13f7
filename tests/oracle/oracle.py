"""Holds memview against CPython's memoryview, struct and ctypes, and NumPy: the same random operations on both,
all results compared.

usage: oracle.py LIBMEMVIEW.SO
MEMVIEW_SEED sets the seed, MEMVIEW_EFFORT how many cases, in percent of the usual ones.

Where the two may differ stands in compare.DIFFERENCES, and nowhere else; how often each was met is printed.
"""

import os
import random
import sys

import cases
import cases_ctypes
import cases_nd
import cases_numpy
import cases_struct
import cases_views
import compare
import memview_ctypes as mv
import memview_formats


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    mv.load(sys.argv[1])
    memview_formats.declare()
    seed = int(os.environ.get("MEMVIEW_SEED") or 20261122)
    scale = int(os.environ.get("MEMVIEW_EFFORT") or 100)
    print("CPython %s, seed %d" % (sys.version.split()[0], seed))
    if cases_numpy.SKIP:
        print("SKIP: NumPy's part: %s" % cases_numpy.SKIP)
    total = 0
    modules = (cases, cases_nd, cases_struct, cases_views, cases_ctypes, cases_numpy)
    for case, usual in [pair for module in modules for pair in module.CASES]:
        for number in range(usual * scale // 100):
            try:
                case(random.Random("%d %s %d" % (seed, case.__name__, number)))
            except compare.Wrong as wrong:
                sys.exit("%s, number %d, seed %d: %s" % (case.__name__, number, seed, wrong))
            total += 1
    print("%d cases agree; allowed differences met:" % total)
    for name, count in compare.met.items():
        print("  %6d  %s: %s" % (count, name, compare.DIFFERENCES[name]))


if __name__ == "__main__":
    main()
