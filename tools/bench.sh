#!/bin/sh
# Builds and runs the benchmark: tools/bench.sh [WORKLOAD ...]. Beside CPython where python3-config leads to
# its headers and library; MEMVIEW_PYTHON_CONFIG names another one. BENCH_ROUNDS sets the rounds.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build/bench
cargo build --quiet --locked --package memview-cdylib --release
cp target/release/libmemview.so build/bench/
soname=$(readelf -d build/bench/libmemview.so | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
ln -sf libmemview.so "build/bench/$soname"

compiler="${CC:-cc} -std=c11 -O2 -Wall -Wextra -Wpedantic -Wconversion -Iinclude"
config=${MEMVIEW_PYTHON_CONFIG:-python3-config}
python= objects=
if includes=$($config --includes 2>/dev/null) && libraries=$($config --ldflags --embed 2>/dev/null); then
    # shellcheck disable=SC2086
    if $compiler $includes -DBENCH_CPYTHON -c benches/cpython.c -o build/bench/cpython.o \
        2>build/bench/cpython.log; then
        python="-DBENCH_CPYTHON $libraries"
        objects=build/bench/cpython.o
        for folder in $libraries; do
            case $folder in -L*) python="$python -Wl,-rpath,${folder#-L}" ;; esac
        done
    else
        echo "CPython's headers do not compile, see build/bench/cpython.log" >&2
    fi
fi
# shellcheck disable=SC2086
$compiler benches/bench.c benches/calls.c benches/bulk.c $objects -o build/bench/bench \
    -Lbuild/bench -lmemview "-Wl,-rpath,$PWD/build/bench" $python
exec build/bench/bench "$@"
