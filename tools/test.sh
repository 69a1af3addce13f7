#!/bin/sh
# All tests: Rust's through cargo, C's through ctest against the shared and the static library. Counts them.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build
log=build/test.log
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
PATH=$(sh tools/cmake.sh):$PATH
failed=0

echo "Rust tests"
cargo test --locked --no-fail-fast >$log 2>&1 || failed=1
[ $failed = 0 ] || cat $log
rust=$(awk '/^test result:/ { p += $4; f += $6; i += $8 } END { printf "%d passed, %d failed, %d skipped", p, f, i }' $log)
if [ $failed != 0 ] && ! grep -q '^test result:' $log; then
    rust="did not build"
fi

echo "The library and the C tests: building"
if ! { cmake --preset release && cmake --build --preset release --parallel "$jobs"; } >$log 2>&1; then
    cat $log
    echo "Rust: $rust"
    echo "C: did not build"
    exit 1
fi

echo "C tests"
ctest --preset release --parallel "$jobs" >$log 2>&1 || failed=1
grep -v -E '^ *Start |^ *[0-9]+/[0-9]+ Test .* (Passed|\*\*\*Skipped)|^(Test project|Label Time|Total Test time|$)|sec\*proc' \
    $log || true
c=$(awk '/ Test +#[0-9]+: / { n++; if (/ Passed /) p++; else if (/\*\*\*Skipped/) s++ }
    END { printf "%d passed, %d failed, %d skipped", p, n - p - s, s; exit n == 0 }' $log) || failed=1

echo "Rust: $rust"
echo "C:    $c"
exit $failed
