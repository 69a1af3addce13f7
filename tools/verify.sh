#!/bin/sh
# What tests alone cannot show, step by step, cheap ones first: `tools/verify.sh`, or `tools/verify.sh STEP ...` for some.
#
# A step is tools/verify/STEP.sh. Its stdout is a note (what it ran, how many cases), everything else goes to
# build/verify/STEP.log; status 77 skips it, and the note says why. Here each becomes one line.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build/verify
passed=0 failed=0 skipped=0 started='' beside=''

# Whether a step is among those that were asked for, which are all where none was named.
is_wanted() {
    name=$1
    shift
    [ $# != 0 ] || return 0
    for one; do [ "$one" != "$name" ] || return 0; done
    return 1
}

# Starts a long step beside the others, so that no processor is idle; `step` waits for it.
start() {
    is_wanted "$@" && command -v setsid >/dev/null || return 0
    setsid nice -n 19 sh -eu tools/verify/run.sh "$1" &
    started=$1 beside=$!
    trap 'kill -- -$beside 2>/dev/null || :' EXIT
    trap 'exit 130' INT TERM
}

step() {
    is_wanted "$@" || return 0
    if [ "$1" = "$started" ]; then
        wait "$beside" || :
        beside=''
    else
        sh -eu tools/verify/run.sh "$1"
    fi
    status='' seconds=0
    read -r status seconds 2>/dev/null <"build/verify/$1.end" || echo "it was ended" >"build/verify/$1.note"
    case $status in
    0) word=ok passed=$((passed + 1)) ;;
    77) word=SKIP skipped=$((skipped + 1)) ;;
    *) word=FAIL failed=$((failed + 1)) ;;
    esac
    printf '%-4s  %-14s %-96s %4d s\n' $word "$1" "$(cat "build/verify/$1.note")" "$seconds"
    log=build/verify/$1.log
    [ $word != FAIL ] || { grep -nE '\*\*\*|FAILED|panicked' -A 12 "$log" | head -n 60; tail -n 30 "$log"; }
}

for name; do
    [ -e "tools/verify/$name.sh" ] || { echo "no step is called $name: $(ls tools/verify)" >&2; exit 2; }
done

step tools "$@"
start miri "$@"
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
