# For the steps that run the C suite of another machine, and end with `suite PRESET`.

# The random programs run a tenth of their cases: emulators are slow.
export MEMVIEW_EFFORT="${MEMVIEW_EFFORT:-10}"

# Builds a preset, runs its tests and counts them. Left out is what a library of the host's own would have to load or
# to be loaded by: libpng, CPython; and what the second argument says.
suite() {
    log=build/$1/ctest.log
    PATH=$(sh tools/cmake.sh):$PATH
    cmake --preset "$1" >&2
    cmake --build --preset "$1" --parallel "$jobs" >&2
    failed=0
    ctest --preset "$1" --parallel "$jobs" >"$log" || failed=1
    cat "$log" >&2
    awk -v effort="$MEMVIEW_EFFORT" -v without="libpng, CPython${2:-}" '/ Test +#[0-9]+: / { n++; if (/ Passed /) p++; else if (/\*\*\*Skipped/) s++ }
        END { printf "%d tests passed, %d failed, %d skipped; %d %% of random cases; without %s\n",
                  p, n - p - s, s, effort, without
              exit p == 0 }' "$log"
    [ $failed = 0 ]
}
