# Every call of every C test program runs out of memory at each of its requests: c-tests/memory/sweep.h. SWEEP names one program,
# and BUILD another build tree, for a library with a fault.
. tools/verify/common.sh

need nm objcopy python3
PATH=$(sh tools/cmake.sh):$PATH
log=build/verify/memory_sweep.log
build=${BUILD:-build/release}
programs=$build/c-tests
cmake --preset release -B "$build" ${BUILD:+-DMEMVIEW_CARGO_TARGET_DIR="$PWD/$BUILD/target"} >&2
cmake --build "$build" --parallel "$jobs" --target "${SWEEP:-memory_sweep}" >&2

# The library has no memory but what is counted.
others='malloc|calloc|realloc|free|reallocarray|posix_memalign|aligned_alloc|memalign|strdup|mmap'
if nm --undefined-only $programs/memory/libmemview.a 2>/dev/null | grep -wE "$others" >&2; then
    fail "the library requests memory that is not counted"
fi

failed=0
find $programs -maxdepth 1 -type f -name "${SWEEP:-sweep_*}" -perm -u+x | sort | xargs -n 1 -P "$jobs" sh -c '"$0"' >&2 || failed=1
cases=$(count_programs $log) || failed=1
awk -v cases="$cases" '/^swept: / { calls += $2; alone += $4; after += $8; nothing += $16 }
    END { printf "%s; %d calls, requests refused: %d alone, %d with all after; %d calls request none\n",
                 cases, calls, alone, after, nothing
          exit alone == 0 || after == 0 || nothing == 0 }' $log || failed=1
[ $failed = 0 ]
