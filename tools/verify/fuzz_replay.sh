# Every committed seed through its fuzz target: on stable with overflow checks, and under AddressSanitizer on nightly.
. tools/verify/common.sh

need_nightly
host=$(rustc -vV | sed -n 's/^host: //p')
out=build/verify/fuzz_replay.out

# Each seed is named before it runs: where the process dies, the last one is the cause.
replay() {
    cargo "$@" test --locked --manifest-path fuzz/Cargo.toml --no-default-features --test replay $options -- \
        --nocapture --test-threads=1 >$out || { cat $out >&2; fail "a seed finds a fault: see the end of the log"; }
    cat $out >&2
    seeds=$(grep -o 'seed [a-z_]*/' $out | wc -l)
    targets=$(grep -o 'seed [a-z_]*/' $out | sort -u | wc -l)
    [ "$targets" = "$(find fuzz/fuzz_targets -name '*.rs' | wc -l)" ] || fail "only $targets targets have been replayed"
}

cargo clippy --locked --manifest-path fuzz/Cargo.toml --no-default-features --all-targets --target-dir target -- \
    -D warnings >&2
cargo fmt --manifest-path fuzz/Cargo.toml --check >&2
options="--target-dir target" && replay
stable=$seeds
options="--target-dir target/fuzz --target $host" && RUSTFLAGS=-Zsanitizer=address replay "+$nightly"
echo "$targets targets, $stable seeds on stable, $seeds under AddressSanitizer"
