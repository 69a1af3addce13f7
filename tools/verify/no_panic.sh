# Under this cfg the panic handler calls a symbol that does not exist: the library links only if no path leads there.
. tools/verify/common.sh

cargo rustc --locked --package memview-cdylib --release --crate-type cdylib --target-dir target/no-panic -- \
    --cfg prove_no_panic -C link-arg=-Wl,-z,defs -C link-arg=-lc >&2
library=target/no-panic/release/libmemview.so
echo "$(nm -D --defined-only $library | grep -c ' mv_') functions, no panic can be reached"
