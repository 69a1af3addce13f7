# The shared library needs libc alone.
. tools/verify/common.sh

need readelf strip
cargo build --locked --package memview-cdylib --release >&2
library=target/release/libmemview.so
names=$(readelf -d $library | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort | tr '\n' ' ')
echo "$names" >&2
for name in $names; do
    case $name in libc.so.6 | ld-linux*) ;; *) fail "needs $name" ;; esac
done
strip -o build/verify/stripped.so $library
echo "needs $names, $(($(stat -c %s build/verify/stripped.so) / 1024)) KiB"
