# The models of the counting under loom, and then with faults in the library, each of which its model must find.
. tools/verify/common.sh

host=$(rustc -vV | sed -n 's/^host: //p')
export RUSTFLAGS="--cfg loom -C opt-level=1 -C debuginfo=0"

# The unit tests as a program. With a target named, the flags are not those of build.rs, which is built with everybody else's.
cargo test --locked --lib --target "$host" --no-run --message-format json >build/verify/models.json
program=$(sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' build/verify/models.json)
[ -x "$program" ]

status=0
"$program" --nocapture object::models >build/verify/models.txt || status=$?
cat build/verify/models.txt >&2
[ $status = 0 ]
models=$(grep -c '^test .*object::models' build/verify/models.txt)
executions=$(grep -o 'explored [0-9]* executions' build/verify/models.txt | awk '{ sum += $2 } END { print sum }')

# A fault, and the model that must find it.
faults=0
while read -r fault model; do
    if MEMVIEW_MODEL_FAULT=$fault "$program" --exact "object::models::$model" >build/verify/models.txt 2>&1; then
        fail "$model did not find $fault"
    fi
    cat build/verify/models.txt >&2
    grep -q '^test result: FAILED. 0 passed; 1 failed;' build/verify/models.txt
    faults=$((faults + 1))
done <<EOF
resize_ignores_holders count::an_acquire_and_a_resize_are_never_both
resize_ends_relaxed count::an_acquire_and_a_resize_are_never_both
free_is_relaxed count::the_last_release_and_the_last_handle_free_once
second_handle_is_not_told count::a_handle_that_replaces_the_last_one_is_no_holder
view_is_added_to_none stakes::a_view_is_added_while_the_last_one_ends
pin_is_not_in_one_order revoke::an_operation_sees_the_revoke_or_the_revoke_sees_the_operation
release_ignores_operations view::an_operation_and_a_release_are_never_both
lock_is_relaxed holders::entries_come_and_go_while_others_walk
EOF

echo "$models models, $executions executions; each of $faults faults found"
