"""Holds memview against CPython's memoryview: the same random operations on both, all results compared.

usage: oracle.py LIBMEMVIEW.SO
MEMVIEW_SEED sets the seed, MEMVIEW_EFFORT how many cases, in percent of the usual ones.

Where the two may differ stands in compare.DIFFERENCES, and nowhere else; how often each was met is printed.
"""

import os
import random
import sys

import cases
import cases_nd
import compare
import memview_ctypes as mv


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    mv.load(sys.argv[1])
    seed = int(os.environ.get("MEMVIEW_SEED") or 20261122)
    scale = int(os.environ.get("MEMVIEW_EFFORT") or 100)
    print("CPython %s, seed %d" % (sys.version.split()[0], seed))
    total = 0
    for case, usual in cases.CASES + cases_nd.CASES:
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
