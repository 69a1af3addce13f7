# What the steps with a sanitizer share. `address`: ASan and LSan on both sides, UBSan on that of C; `thread`: TSan on both
# sides. The runtime is clang's; a report ends the program; nothing is suppressed.
. tools/verify/common.sh

need clang-19 llvm-symbolizer-19 objdump
need_nightly rust-src
host=$(rustc -vV | sed -n 's/^host: //p')

# A size that nobody has is refused, as malloc refuses it.
every=allocator_may_return_null=1:halt_on_error=1:external_symbolizer_path=$(command -v llvm-symbolizer-19)
strict=strict_string_checks=1:check_initialization_order=1:strict_init_order=1
export ASAN_OPTIONS=$every:$strict:detect_leaks=1:detect_stack_use_after_return=1
export TSAN_OPTIONS=$every
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1

# The flags of a sanitizer for clang.
sanitizer_flags() {
    case $1 in
    address) echo "-g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all" ;;
    thread) echo "-g -fsanitize=thread" ;;
    esac
}

# Runs a command; the cargo that it calls builds for a sanitizer: with_sanitizer address COMMAND ...
with_sanitizer() {
    sanitizer=$1
    shift
    # TSan wants all of Rust's code, and so a core of its own.
    [ "$sanitizer" != thread ] || set -- env CARGO_UNSTABLE_BUILD_STD=core "$@"
    env RUSTUP_TOOLCHAIN=$nightly RUSTFLAGS="-Zsanitizer=$sanitizer -Zexternal-clangrt" "$@"
}

# Tells how many functions of a library call the sanitizer. Nearly all do, or the library was built without it.
check_instrumented() {
    case $1 in
    address) calls='__asan_(report|mem)' ;;
    thread) calls='__tsan_(read|write|unaligned|atomic|mem)' ;;
    esac
    objdump -dr --no-show-raw-insn "$2" | awk -v calls="$calls" '
        function count() { all += ours; instrumented += ours && called }
        /^[0-9a-f]+ <.*>:$/ { count(); ours = $2 ~ /memview|^<mv_/; called = 0 }
        $0 ~ calls { called = 1 }
        END { count(); printf "%d of %d functions", instrumented, all; exit instrumented < 0.8 * all || all == 0 }'
}

# Builds the library and the C tests with a sanitizer, and runs all of them.
sanitize() {
    PATH=$(sh tools/cmake.sh):$PATH
    tree=build/$1
    flags=$(sanitizer_flags "$1")
    with_sanitizer "$1" cmake -S . -B "$tree" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DMEMVIEW_CARGO_PROFILE=checked \
        -DMEMVIEW_CARGO_TARGET="$host" -DMEMVIEW_CARGO_TARGET_DIR="$PWD/target/sanitizers" -DMEMVIEW_TEST_TIMEOUT=300 \
        -DCMAKE_C_COMPILER=clang-19 -DCMAKE_C_FLAGS="$flags" \
        -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_CXX_FLAGS="$flags" >&2
    with_sanitizer "$1" cmake --build "$tree" --parallel "$jobs" >&2
    for library in libmemview.so libmemview.a; do
        instrumented=$(check_instrumented "$1" "$tree/lib/$library") ||
            fail "$library is not instrumented: $instrumented"
    done
    # The headers and the package have their own tests, with no code of ours in them.
    status=0
    MEMVIEW_EFFORT=${MEMVIEW_EFFORT:-$2} ctest --test-dir "$tree" --parallel "$jobs" --output-on-failure \
        --label-regex 'case|copies|example' >"$tree/tests.log" || status=1
    cat "$tree/tests.log" >&2
    echo "$(count_tests "$tree/tests.log"); instrumented: $instrumented"
    [ $status = 0 ]
}
