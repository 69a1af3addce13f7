#!/bin/sh
# What tests alone cannot show, step by step, cheap ones first: `tools/verify.sh`, or `tools/verify.sh STEP ...` for some.
#
# A step is tools/verify/STEP.sh. Its stdout is a note (what it ran, how many cases), everything else goes to
# build/verify/STEP.log; status 77 skips it, and the note says why. Here each becomes one line.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build/verify
passed=0 failed=0 skipped=0

step() {
    name=$1
    shift
    wanted=no
    for one; do [ "$one" != "$name" ] || wanted=yes; done
    [ $# = 0 ] || [ $wanted = yes ] || return 0
    log=build/verify/$name.log
    begun=$(date +%s)
    status=0
    note=$(sh -eu "tools/verify/$name.sh" 2>"$log") || status=$?
    seconds=$(($(date +%s) - begun))
    case $status in
    0) word=ok passed=$((passed + 1)) ;;
    77) word=SKIP skipped=$((skipped + 1)) ;;
    *) word=FAIL failed=$((failed + 1)) ;;
    esac
    printf '%-4s  %-14s %-96s %4d s\n' $word "$name" "$note" $seconds
    [ $word != FAIL ] || { grep -nE '\*\*\*|FAILED|panicked' -A 12 "$log" | head -n 60; tail -n 30 "$log"; }
}

for name; do
    [ -e "tools/verify/$name.sh" ] || { echo "no step is called $name: $(ls tools/verify)" >&2; exit 2; }
done

step tools "$@"
step style "$@"
step lints "$@"
step library "$@"
step bench "$@"
step no_panic "$@"
step memory_sweep "$@"
step fuzz_replay "$@"
step models "$@"
step memcheck "$@"
step address "$@"
step thread "$@"
step i686 "$@"
step aarch64 "$@"
step s390x "$@"
step windows "$@"
step seeded_faults "$@"
step miri "$@"

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
