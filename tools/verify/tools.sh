# Installs what the other steps need: packages by apt, compilers by rustup, programs by cargo.
. tools/verify/common.sh

packages="clang-format-14 valgrind clang-19 libclang-rt-19-dev llvm-19 qemu-user g++-aarch64-linux-gnu g++-i686-linux-gnu g++-s390x-linux-gnu g++-mingw-w64-x86-64 wine wine64"
targets="aarch64-unknown-linux-gnu i686-unknown-linux-gnu s390x-unknown-linux-gnu x86_64-pc-windows-gnu"
components="miri rust-src"

missing=
for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
if [ -n "$missing" ] && may_install; then
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    { apt-get update -qq && apt-get install --yes --no-install-recommends $missing; } >&2
fi
if command -v rustup >/dev/null; then
    rustup toolchain list | grep -q "^$nightly" ||
        rustup toolchain install $nightly --profile minimal --no-self-update >&2
    # shellcheck disable=SC2086
    rustup component add --toolchain $nightly $components >&2
    # shellcheck disable=SC2086
    rustup target add $targets >&2
fi
echo "packages, compilers and targets of the other steps are there"
