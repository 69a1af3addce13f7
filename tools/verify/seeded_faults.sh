# The checks are checked: each fault of the table is built into a library of its own, by --cfg memview_fault, and the step that
# is meant for it must stop at it and name it; the same case passes without the fault. A row without a case runs the step itself.
. tools/verify/common.sh

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
logs=build/faults
rm -rf $logs
mkdir -p $logs

# The longest first. More at once than there are processors: cargo builds one library at a time in each of its directories, and
# who waits for that takes none.
echo "$table" | grep -v '^ *$' | tac | xargs -P $((2 * jobs)) -n 1 -d '\n' sh -eu tools/verify/seeded_fault.sh >&2 || :
cat $logs/*.log >&2
checks=$(echo "$table" | grep -vc '^ *$')
caught=$(find $logs -name '*.caught' | wc -l)
echo "$caught of $checks faults caught by the step that is meant for them"
[ "$caught" = "$checks" ]
