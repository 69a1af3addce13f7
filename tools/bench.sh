#!/bin/sh
# Builds and runs the benchmark: tools/bench.sh [--check] [WORKLOAD ...]
#
# --check runs everything once, checks the results and measures nothing. BENCH_ROUNDS sets the rounds; MEMVIEW_PYTHON
# names the CPython to measure beside, which wants its headers and a shared library: else the system's, else that of the
# PATH. A run of all workloads leaves results.json and performance.svg in build/bench; MEMVIEW_BLESS=1 puts the picture
# and the table into docs/ as well.
set -eu
cd "$(dirname "$0")/.."
build=build/bench
mkdir -p $build
warnings="-O2 -Wall -Wextra -Iinclude"
compiler="${CC:-cc} -std=c11 $warnings -Wpedantic -Wconversion"
parts="bench memory measure report calls items formats copies compare search convert threads"

say() { printf 'bench: %s\n' "$*" >&2; }
may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

cargo build --quiet --locked --package memview-cdylib --release
cp target/release/libmemview.so $build/
soname=$(readelf -d $build/libmemview.so | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
ln -sf libmemview.so "$build/$soname"

# ---- CPython, and a virtual environment with the packages; each that cannot be had leaves a reason

# A program that is linked with this interpreter's library, or a message in no_python.
find_python() {
    for python in ${MEMVIEW_PYTHON:-/usr/bin/python3 python3}; do
        includes=$("$python-config" --includes 2>/dev/null) || continue
        libraries=$("$python-config" --ldflags --embed 2>/dev/null) || continue
        # shellcheck disable=SC2086
        echo '#include <Python.h>
            int main(void) { return Py_IsInitialized() != 0 || PY_VERSION_HEX < 0x030a0000; }' |
            $compiler -x c - $includes -o $build/embeds $libraries 2>$build/python.log && $build/embeds && return
    done
    return 1
}

fetch_packages() {
    stamp="$python $(cksum <benches/requirements.txt)"
    [ "$(cat $build/python/stamp 2>/dev/null)" != "$stamp" ] || return 0
    rm -rf $build/python
    say "fetching $(grep -c == benches/requirements.txt) packages of Python into $build/python"
    "$python" -m venv $build/python >$build/packages.log 2>&1 || return 1
    failed=0
    for package in $(grep == benches/requirements.txt); do
        $build/python/bin/python -m pip install --quiet --retries 1 "$package" >>$build/packages.log 2>&1 || failed=1
    done
    [ $failed = 1 ] || echo "$stamp" >$build/python/stamp
    return $failed
}

if ! find_python && [ -z "${MEMVIEW_PYTHON:-}" ] && may_install; then
    say "installing python3-dev and python3-venv with apt-get"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update && apt-get install -y --no-install-recommends python3-dev python3-venv; } >$build/apt.log 2>&1 ||
        say "apt-get failed; $build/apt.log says why"
fi
if find_python; then
    parts="$parts python python_calls cpython"
    for folder in $libraries; do
        case $folder in -L*) libraries="$libraries -Wl,-rpath,${folder#-L}" ;; esac
    done
    fetch_packages || export BENCH_NO_PACKAGES="not fetched, see $build/packages.log"
    [ ! -x $build/python/bin/python ] || export BENCH_PYTHON="$PWD/$build/python/bin/python"
    header=$(find $build/python -path '*/pybind11/include' -type d 2>/dev/null | head -n 1)
    # shellcheck disable=SC2086
    if [ -z "$header" ]; then
        export BENCH_NO_PYBIND11="${BENCH_NO_PACKAGES:-not fetched}"
    elif ! ${CXX:-c++} -std=c++17 $warnings $includes -isystem "$header" -fvisibility=hidden \
        -c benches/pybind11.cpp -o $build/pybind11.o 2>$build/pybind11.log; then
        export BENCH_NO_PYBIND11="it does not compile, see $build/pybind11.log"
    else
        objects=$build/pybind11.o
        libraries="$libraries -lstdc++"
        includes="$includes -DBENCH_PYBIND11"
    fi
else
    parts="$parts no_python"
    includes='' libraries=''
    export BENCH_NO_PYTHON="no CPython of 3.10 or newer to link with, see $build/python.log; Debian: python3-dev"
fi

for part in $parts; do
    # shellcheck disable=SC2086
    $compiler $includes -c "benches/$part.c" -o "$build/$part.o"
    objects="${objects:-} $build/$part.o"
done
# shellcheck disable=SC2086
$compiler $objects -o $build/bench -L$build -lmemview "-Wl,-rpath,$PWD/$build" -pthread $libraries

# ---- the run; no library of Python's starts threads of its own

export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
[ $# = 0 ] || exec $build/bench "$@"
$build/bench --json $build/results.json
if command -v python3 >/dev/null; then
    python3 tools/bench_chart.py $build/results.json --svg $build/performance.svg
    [ -z "${MEMVIEW_BLESS:-}" ] || python3 tools/bench_chart.py $build/results.json --svg docs/performance.svg \
        --table docs/performance.md
else
    say "there is no python3 to draw the chart with"
fi
