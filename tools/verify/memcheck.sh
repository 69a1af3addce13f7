# Every C test program, two copies of the library in one process, and the examples, under valgrind's memcheck. One valgrind a
# program: it follows the process of every case. The random programs and the crowds of threads do a hundredth of their rounds.
. tools/verify/common.sh

need valgrind
PATH=$(sh tools/cmake.sh):$PATH
cmake --preset release >&2
cmake --build build/release --parallel "$jobs" >&2
export MEMVIEW_EFFORT=1
failed=0
find build/release/c-tests -maxdepth 1 -type f -name 'shared_*' -perm -u+x | sort |
    # shellcheck disable=SC2086
    xargs -n 1 -P "$jobs" $memcheck >&2 || failed=1
copies=build/release/c-tests/copies
for pair in shared:static static:shared static:static; do
    MEMVIEW_COMPONENT=$copies/copies_component_${pair#*:}.so $memcheck $copies/copies_host_${pair%:*} >&2 || failed=1
done
examples="exporter parallel"
for example in $examples; do
    $memcheck build/release/examples/shared_example_"$example" >&2 || failed=1
done
note=$(count_programs build/verify/memcheck.log) || failed=1
echo "$note; examples: $examples"
[ $failed = 0 ]
