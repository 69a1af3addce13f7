# The unit tests and the mirror of the C tests under Miri with strict provenance: 64 bits, 32 bits, and big-endian. Tests that
# read files or call the C compiler are targets of cargo's that Miri cannot run. Who may alias what, how threads meet, and what
# is answered where NULL is given does not depend on the machine: it is looked at on the first, and the others take half the time.
. tools/verify/common.sh

need_nightly miri rust-src
targets="x86_64-unknown-linux-gnu i686-unknown-linux-gnu s390x-unknown-linux-gnu"
logs=build/verify/miri
rm -rf $logs
mkdir -p $logs
# shellcheck disable=SC2086
printf '%s\0' $targets | xargs -0 -n 1 -P "$jobs" cargo +$nightly miri setup --target >&2

# The mirror is halved, so that the processors get equal shares; the longer half goes first.
number=0 failed=0
for part in "--test mirror -- --skip fault_" "--test mirror -- fault_" --lib; do
    number=$((number + 1))
    for target in $targets; do
        aliasing='' skip=''
        case $target,$part in
        x86_64-*) ;;
        *mirror*) aliasing=-Zmiri-disable-stacked-borrows skip='--skip null_ --skip threads' ;;
        *) aliasing=-Zmiri-disable-stacked-borrows skip='-- --skip ::race::' ;;
        esac
        test="MIRIFLAGS='-Zmiri-strict-provenance $aliasing' cargo +$nightly miri test --locked --no-fail-fast --target $target $part $skip"
        printf '%s >%s 2>&1\0' "$test" "$logs/$target.$number"
    done
done | xargs -0 -n 1 -P "$jobs" sh -c || failed=1
cat $logs/* >&2

for target in $targets; do
    awk -v target="${target%%-*}" '/^test result:/ { parts++; passed += $4; failed += $6; ignored += $8 }
        END { printf "%s %d%s%s, ", target, passed, ignored ? " (" ignored " too long for it)" : "",
                     parts < 3 || failed ? " (not all)" : ""
              exit parts < 3 || passed == 0 || failed != 0 }' "$logs/$target".* || failed=1
done
echo "cases, strict provenance"
[ $failed = 0 ]
