# Under this cfg the panic handler calls a symbol that does not exist: the library links only if no path leads there.
# Shown for each machine, since what the optimiser removes depends on its words and instructions.
. tools/verify/common.sh

need readelf
host=$(rustc -vV | sed -n 's/^host: //p')
functions=$(grep -c . c-tests/abi/symbols.txt)
proven='' missing=''

# Whether the compiler and the linker of a target are there.
can_link() {
    [ "$1" = "$host" ] && return
    command -v "$2" >/dev/null && rustup target list --installed 2>/dev/null | grep -qx "$1"
}

for machine in x86_64 aarch64 i686 s390x; do
    target=$machine-unknown-linux-gnu
    linker=$machine-linux-gnu-gcc
    if ! can_link $target $linker; then
        missing="$missing $machine"
        continue
    fi
    variable=CARGO_TARGET_$(echo $target | tr a-z- A-Z_)_LINKER
    [ $target = "$host" ] || export "$variable=$linker"
    cargo rustc --locked --package memview-cdylib --release --crate-type cdylib --target $target --target-dir \
        target/no-panic -- --cfg prove_no_panic -C link-arg=-Wl,-z,defs -C link-arg=-lc >&2 ||
        fail "$machine: the library does not link"
    exported=$(readelf --dyn-syms --wide target/no-panic/$target/release/libmemview.so | grep -c ' mv_')
    [ "$exported" = "$functions" ] || fail "$machine: $exported functions instead of $functions"
    proven="$proven $machine"
done
[ -n "$proven" ] || skip "none of the machines can be linked for here"
[ -z "$missing" ] || ! may_install || fail "no compiler or linker for$missing"
echo "$functions functions, no panic can be reached on$proven${missing:+; not shown for$missing}"
