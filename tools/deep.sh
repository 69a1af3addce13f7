#!/bin/sh
# Fuzzes each target under AddressSanitizer for so many seconds, as many at once as there are cores:
# `tools/deep.sh [SECONDS [TARGET ...]]`. Begins with the committed seeds and with what earlier runs have found.
#
# New inputs go to fuzz/corpus, inputs that crash to fuzz/artifacts, libFuzzer's words to build/deep. Fails where a target crashed.
set -eu
cd "$(dirname "$0")/.."
. tools/verify/common.sh
seconds=${1:-600}
[ $# = 0 ] || shift
[ $# != 0 ] || set -- $(find fuzz/fuzz_targets -name '*.rs' -exec basename {} .rs \; | sort)

command -v cargo-fuzz >/dev/null || cargo install --quiet --locked cargo-fuzz
need_nightly
mkdir -p build/deep
touch build/deep/begun
cargo "+$nightly" fuzz build --target-dir target/fuzz >build/deep/build.log 2>&1 || { cat build/deep/build.log; exit 1; }

fuzz() {
    mkdir -p "fuzz/corpus/$1" "fuzz/artifacts/$1"
    cargo "+$nightly" fuzz run --target-dir target/fuzz "$1" "fuzz/corpus/$1" "fuzz/seeds/$1" -- -print_final_stats=1 \
        -max_total_time="$seconds" -max_len=1024 -timeout=20 >"build/deep/$1.log" 2>&1 || echo crashed >"build/deep/$1.crashed"
}

failed=0
echo "$# targets, $seconds s each"
while [ $# -gt 0 ]; do
    batch=
    while [ $# -gt 0 ] && [ "$(echo $batch | wc -w)" -lt "$jobs" ]; do
        rm -f "build/deep/$1.crashed"
        fuzz "$1" &
        batch="$batch $1"
        shift
    done
    wait
    for target in $batch; do
        log=build/deep/$target.log
        crashes=$(find "fuzz/artifacts/$target" -type f -newer build/deep/begun | wc -l)
        awk -v target="$target" -v crashes="$crashes" '
            /^stat::number_of_executed_units:/ { runs = $2 }
            /^stat::average_exec_per_sec:/ { rate = $2 }
            / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") coverage = $(i + 1); else if ($i == "corp:") corpus = $(i + 1) }
            END { printf "%-18s %10d executions, %6d a second, coverage %5d, corpus %s, crashes %d\n",
                  target, runs, rate, coverage, corpus, crashes }' "$log"
        [ ! -e "build/deep/$target.crashed" ] || { failed=1; tail -n 60 "$log"; }
    done
done
exit $failed
