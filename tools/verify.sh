#!/bin/sh
# What tests alone cannot show, step by step, cheap ones first. Each step prints one line: what it did, how much of
# it, how long it took. A step prints its note to stdout and everything else to stderr; status 77 skips it.
# `tools/verify.sh lints` runs one.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build/verify
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
passed=0 failed=0 skipped=0

# A tool that a step needs, from apt where that can be had; without it the step says why it is skipped.
need() {
    command -v "$1" >/dev/null && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        { apt-get update && apt-get install --yes --no-install-recommends "$2"; } >&2 || true
    fi
    command -v "$1" >/dev/null || { echo "there is no $1"; exit 77; }
}

# A step runs in a shell of its own, where a failing command ends it.
step() {
    name=$1
    log=build/verify/$2.log
    begun=$(date +%s)
    status=0
    note=$(sh -eu tools/verify.sh "$2" 2>"$log") || status=$?
    seconds=$(($(date +%s) - begun))
    case $status in
    0) word=ok passed=$((passed + 1)) ;;
    77) word=SKIP skipped=$((skipped + 1)) ;;
    *) word=FAIL failed=$((failed + 1)) ;;
    esac
    printf '%-4s  %-26s  %-56s %4d s\n' $word "$name" "$note" $seconds
    [ $word != FAIL ] || tail -n 60 "$log"
}

c_files() {
    find include c-tests examples benches \( -name '*.c' -o -name '*.cpp' -o -name '*.h' -o -name '*.hpp' \) \
        ! -path include/memview.h 2>/dev/null
}

rust_format() {
    cargo fmt --all --check >&2
    echo "$(find src tests cdylib build.rs -name '*.rs' | wc -l) files"
}

c_format() {
    # Other versions break lines elsewhere.
    need clang-format-14 clang-format-14
    # shellcheck disable=SC2046
    clang-format-14 --dry-run --Werror $(c_files) >&2
    echo "$(c_files | wc -l) files"
}

lints() {
    cargo clippy --workspace --all-targets --locked -- -D warnings >&2
    echo "clippy over the workspace, pedantic, no warnings"
}

# Under this cfg the panic handler calls a symbol that does not exist: the library links only if no path leads there.
no_panic() {
    cargo rustc --locked --package memview-cdylib --release --crate-type cdylib --target-dir target/no-panic -- \
        --cfg prove_no_panic -C link-arg=-Wl,-z,defs -C link-arg=-lc >&2
    library=target/no-panic/release/libmemview.so
    echo "$(nm -D --defined-only $library | grep -c ' mv_') functions, no panic can be reached"
}

needed() {
    cargo build --locked --package memview-cdylib --release >&2
    library=target/release/libmemview.so
    names=$(readelf -d $library | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort | tr '\n' ' ')
    echo "$names" >&2
    for name in $names; do
        case $name in libc.so.6 | ld-linux*) ;; *) echo "needs $name"; exit 1 ;; esac
    done
    strip -o build/verify/stripped.so $library
    echo "the shared library needs $names, $(($(stat -c %s build/verify/stripped.so) / 1024)) KiB"
}

# One valgrind a program: it follows the process of every case. The random programs run a hundredth of their cases.
memcheck() {
    need valgrind valgrind
    PATH=$(sh tools/cmake.sh):$PATH
    cmake --preset release >&2
    cmake --build build/release --parallel "$jobs" >&2
    find build/release/c-tests -maxdepth 1 -type f -name 'shared_*' -perm -u+x | sort |
        MEMVIEW_EFFORT=1 xargs -n 1 -P "$jobs" valgrind --quiet --error-exitcode=99 --leak-check=full \
            --errors-for-leak-kinds=definite,indirect,possible >&2 || failed=1
    awk '/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ { programs++; passed += $1; failed += $3; skipped += $5 }
        END { printf "%d programs, %d cases passed, %d failed, %d skipped\n", programs, passed, failed, skipped
              exit passed == 0 || failed != 0 }' build/verify/memcheck.log
    [ $failed = 0 ]
}

if [ $# = 1 ]; then
    "$1"
    exit
fi
step "Rust format" rust_format
step "C format" c_format
step "lints" lints
step "needed libraries" needed
step "no reachable panic" no_panic
step "valgrind memcheck" memcheck
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
