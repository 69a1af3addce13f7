# What the steps share; a step begins with `. tools/verify/common.sh` and runs in the root of the checkout.

# One compiler for what stable cannot do: Miri, sanitizers, fuzzing.
nightly=nightly-2026-10-30
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

# Follows the process of every case.
memcheck="valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect,possible"

skip() { echo "$*"; exit 77; }
fail() { echo "$*"; exit 1; }

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# Commands that a step needs. The step `tools` has installed them where that can be done: there their absence fails.
need() {
    for command; do
        command -v "$command" >/dev/null || if may_install; then fail "there is no $command"; else skip "there is no $command"; fi
    done
}

# The nightly compiler, with what was asked of it: `need_nightly miri rust-src`.
need_nightly() {
    command -v rustup >/dev/null || skip "there is no rustup to fetch a nightly compiler"
    installed=$(rustup component list --toolchain $nightly --installed 2>/dev/null) || fail "there is no $nightly"
    for component; do
        case $installed in *"$component"*) ;; *) fail "$nightly has no $component" ;; esac
    done
}

# A target of the stable compiler.
need_target() {
    command -v rustup >/dev/null || skip "there is no rustup to fetch the target $1"
    rustup target list --installed | grep -qx "$1" || fail "the target $1 is not installed"
}

# Sums the closing lines of C test programs, "N passed, N failed, N skipped", in a log.
count_programs() {
    awk '/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ { programs++; passed += $1; failed += $3; skipped += $5 }
        END { printf "%d programs, %d cases passed, %d failed, %d skipped\n", programs, passed, failed, skipped
              exit passed == 0 || failed != 0 }' "$1"
}

# Counts the tests in a log of ctest.
count_tests() {
    awk '/ Test +#[0-9]+: / { n++; if (/ Passed /) passed++; else if (/\*\*\*Skipped/) skipped++ }
        END { printf "%d tests passed, %d failed, %d skipped\n", passed, n - passed - skipped, skipped
              exit n == 0 }' "$1"
}
