#!/bin/sh
# Builds the library and the contact sheet, and runs it: tools/demo.sh [IMAGE], a PNG or a PPM.
# Needs cargo, and gcc or another C compiler; installs libpng where it may, and does without where it may not.
# Writes to target/, build/demo/ and out/ of this checkout.
set -eu

image=${1:-}
case $image in
'' | /*) ;;
*) image=$PWD/$image ;;
esac
cd "$(dirname "$0")/.."
build=build/demo
compiler=${CC:-cc}
target=${CARGO_TARGET_DIR:-target}

say() { printf 'demo: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
install() {
    say "installing $* with apt-get"
    log=$build/apt.log
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } \
        >"$log" 2>&1 || { say "apt-get failed; $log says why"; return 1; }
}

[ -z "$image" ] || [ -f "$image" ] || fail "$image: no such file"
mkdir -p "$build" out
command -v cargo >/dev/null || fail "cargo is missing: install Rust, https://rustup.rs"
if ! command -v "$compiler" >/dev/null; then
    may_install && install gcc libc6-dev || fail "a C compiler is missing: install gcc"
fi

has_png() {
    {
        echo '#include <png.h>'
        echo 'int main(void) { return png_access_version_number() == 0; }'
    } >"$build/has_png.c"
    "$compiler" "$build/has_png.c" -o "$build/has_png" -lpng 2>/dev/null
}
if ! has_png && may_install; then install libpng-dev || true; fi
if has_png; then
    format=png
    with_png=-DWITH_PNG
    png=-lpng
else
    format=ppm
    with_png=
    png=
    say "the picture is a PPM: libpng is missing and not installed here (Debian: libpng-dev)"
fi

say "building the library"
cargo build --release --locked --package memview-cdylib --target-dir "$target"
cp "$target/release/libmemview.so" "$build/libmemview.so"
version=$(sed -n 's/^version = "\([0-9]*\)\.\([0-9]*\)\..*/\1.\2/p' Cargo.toml | head -n 1)
case $version in
0.*) ;;
*) version=${version%%.*} ;;
esac
ln -sf libmemview.so "$build/libmemview.so.$version"

say "building the host and the plugin"
flags="-std=c11 -O2 -Wall -Wextra -Wpedantic -Wconversion -Werror -Iinclude"
for name in contact_sheet caption image_file landscape plugin; do
    "$compiler" $flags -D_POSIX_C_SOURCE=200809L $with_png -c "examples/c/$name.c" -o "$build/$name.o"
done
"$compiler" "$build/contact_sheet.o" "$build/caption.o" "$build/image_file.o" "$build/landscape.o" \
    "$build/plugin.o" -o "$build/contact_sheet" -L"$build" -lmemview -Wl,-rpath,'$ORIGIN' $png -lm -ldl
"$compiler" $flags -fPIC -shared examples/c/stripes_plugin.c -o "$build/stripes_plugin.so"

say "running it"
"$build/contact_sheet" "$build/stripes_plugin.so" "out/contact_sheet.$format" ${image:+"$image"}
