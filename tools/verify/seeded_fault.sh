# One row of the table in seeded_faults.sh: build/faults/FAULT.STEP.caught is there once the step has stopped at the fault.
. tools/verify/sanitizer.sh

read -r fault step program case words <<EOF
$1
EOF
place=build/faults/$fault.$step

# Runs one case as a step would, with the library that has a fault or `none`; or a whole step, where there is no case.
attempt() {
    export MEMVIEW_EFFORT=1
    if [ "$1" != none ]; then
        # Cargo compiles what is of this project through the wrapper, and takes the rest from the cache of the other steps.
        export RUSTC_WORKSPACE_WRAPPER="$PWD/$place.rustc"
        printf '#!/bin/sh\nexec "$@" --cfg '\''memview_fault="%s"'\''\n' "$1" >"$RUSTC_WORKSPACE_WRAPPER"
        chmod +x "$RUSTC_WORKSPACE_WRAPPER"
    fi
    target='' profile=release with='' runner=''
    export CARGO_BUILD_BUILD_DIR="$PWD/target"
    case $step in
    address | thread)
        CARGO_BUILD_BUILD_DIR=$PWD/target/sanitizers
        target=$host profile=checked with="with_sanitizer $step" compiler="clang-19 $(sanitizer_flags "$step")"
        ;;
    memcheck) compiler=cc runner=$memcheck ;;
    s390x)
        target=s390x-unknown-linux-gnu compiler="s390x-linux-gnu-gcc -static" runner=qemu-s390x
        CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_LINKER=$(command -v s390x-linux-gnu-gcc)
        export CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_LINKER
        ;;
    i686)
        target=i686-unknown-linux-gnu compiler="i686-linux-gnu-gcc -static"
        CARGO_TARGET_I686_UNKNOWN_LINUX_GNU_LINKER=$(command -v i686-linux-gnu-gcc)
        export CARGO_TARGET_I686_UNKNOWN_LINUX_GNU_LINKER
        ;;
    memory_sweep)
        BUILD=$place.sweep SWEEP=sweep_view sh -eu tools/verify/memory_sweep.sh
        return
        ;;
    *)
        unset CARGO_BUILD_BUILD_DIR
        sh -eu "tools/verify/$step.sh"
        return
        ;;
    esac
    # Without a fault it is the library of the step itself, down to the linker's path: where that has run, nothing is compiled.
    output=$CARGO_BUILD_BUILD_DIR
    crate_type=''
    if [ "$1" != none ]; then
        output=target/faults/$1
        crate_type='--crate-type staticlib'
    fi
    library=$output/${target:+$target/}$profile/libmemview.a
    # shellcheck disable=SC2086
    $with cargo rustc --locked --package memview-cdylib $crate_type --profile $profile ${target:+--target $target} \
        --target-dir "$output" &&
        $compiler -std=c11 -Iinclude -Ic-tests -o "$place.$1" "c-tests/$program.c" "$library" -pthread &&
        $runner "./$place.$1" "$case"
}

if [ "$program" != - ] && ! (attempt none) >>"$place.log" 2>&1 </dev/null; then
    fail "$step: $program $case fails without a fault"
fi
status=0
(attempt "$fault") >"$place.found" 2>&1 </dev/null || status=$?
cat "$place.found" >>"$place.log"
if [ $status != 0 ] && grep -q "$words" "$place.found"; then
    touch "$place.caught"
else
    echo "$step ended with $status and did not say '$words'" >&2
fi
