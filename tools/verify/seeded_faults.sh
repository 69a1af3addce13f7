# The checks are checked: each fault of the table is built into a library of its own, by --cfg memview_fault, and the step that
# is meant for it must stop at it and name it; the same case passes without the fault. A row without a case runs the step itself.
. tools/verify/sanitizer.sh

# fault                 step        program and case                                           what the step says
table='
  use_after_free        address     test_object references_keep_an_object                      heap-use-after-free
  overflow              address     test_bulk acceptance_065_copy_of_the_reverse               heap-buffer-overflow
  leak                  address     test_object_holders holders_are_the_labels_in_order        LeakSanitizer: detected memory leaks
  leak                  memcheck    test_object_holders holders_are_the_labels_in_order        definitely lost
  uninitialised         memcheck    test_object_array array_is_zeroed_aligned_and_in_order     depends on uninitialised value
  unhandled_allocation  memory_sweep - -                                                       ended by signal
  race                  thread      test_threads_owner labels_come_and_go                      ThreadSanitizer: data race
  reachable_panic       no_panic    - -                                                        memview_a_panic_is_reachable
  endianness            s390x       test_item scalars_of_each_integer_format                   is 128, expected -2147483648
  pointer_width         i686        test_object_memory description_of_a_pointer_table          returned MV_E_SHAPE
'

need valgrind qemu-s390x s390x-linux-gnu-gcc i686-linux-gnu-gcc
need_target s390x-unknown-linux-gnu
need_target i686-unknown-linux-gnu
faults=build/faults
mkdir -p $faults

# Runs one case as a step would, with the library that has a fault or `none`; or a whole step, where there is no case.
attempt() {
    fault=$1 step=$2 program=$3 case=$4
    export MEMVIEW_EFFORT=1 RUSTC_WORKSPACE_WRAPPER=
    if [ "$fault" != none ]; then
        # Cargo compiles what is of this project through the wrapper, and takes the rest from the cache of the other steps.
        RUSTC_WORKSPACE_WRAPPER=$PWD/$faults/$fault.rustc
        printf '#!/bin/sh\nexec "$@" --cfg '\''memview_fault="%s"'\''\n' "$fault" >"$RUSTC_WORKSPACE_WRAPPER"
        chmod +x "$RUSTC_WORKSPACE_WRAPPER"
    fi
    target=$host profile=release with= runner=
    export CARGO_BUILD_BUILD_DIR="$PWD/target"
    case $step in
    address | thread)
        CARGO_BUILD_BUILD_DIR=$PWD/target/sanitizers
        profile=checked with="with_sanitizer $step" compiler="clang-19 $(sanitizer_flags "$step")"
        ;;
    memcheck) compiler=cc runner=$memcheck ;;
    s390x) target=s390x-unknown-linux-gnu compiler="s390x-linux-gnu-gcc -static" runner=qemu-s390x ;;
    i686) target=i686-unknown-linux-gnu compiler="i686-linux-gnu-gcc -static" ;;
    memory_sweep)
        unset CARGO_BUILD_BUILD_DIR
        BUILD=$faults/$fault.sweep SWEEP=sweep_view sh -eu tools/verify/memory_sweep.sh
        return
        ;;
    *)
        unset CARGO_BUILD_BUILD_DIR
        sh -eu "tools/verify/$step.sh"
        return
        ;;
    esac
    library=target/faults/$fault/$target/$profile/libmemview.a
    # shellcheck disable=SC2086
    $with cargo rustc --locked --package memview-cdylib --crate-type staticlib --profile $profile --target "$target" \
        --target-dir "target/faults/$fault" &&
        $compiler -std=c11 -Iinclude -Ic-tests -o "$faults/$program" "c-tests/$program.c" "$library" -pthread &&
        $runner "$faults/$program" "$case"
}

checks=0 caught=0
while read -r fault step program case words; do
    [ -n "$fault" ] || continue
    checks=$((checks + 1))
    log=$faults/$fault.$step.log
    echo "$fault, $step" >&2
    if [ "$program" != - ] && ! (attempt none "$step" "$program" "$case") >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        fail "$step: $program $case fails without a fault"
    fi
    status=0
    (attempt "$fault" "$step" "$program" "$case") >"$log" 2>&1 </dev/null || status=$?
    if [ $status != 0 ] && grep -q "$words" "$log"; then
        caught=$((caught + 1))
    else
        cat "$log" >&2
        echo "$step ended with $status and did not say '$words'" >&2
    fi
done <<EOF
$table
EOF
echo "$caught of $checks faults caught by the step that is meant for them"
[ $caught = $checks ]
