#!/bin/sh
# Prints the directory of a cmake and ctest of version 3.25 or newer: from the PATH, else from PyPI into .tools,
# else from apt. Says on stderr what it did.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
tools=$root/.tools
least=3.25

new_enough() {
    found=$("$1" --version 2>/dev/null | sed -n '1s/^cmake version \([0-9.]*\).*/\1/p') || return 1
    [ -n "$found" ] && [ "$(printf '%s\n%s\n' $least "$found" | sort -V | head -n 1)" = $least ]
}

# Ends the script with the given cmake, if it is one.
try() {
    if [ -n "$1" ] && new_enough "$1"; then
        echo "cmake $found: $2" >&2
        dirname "$1"
        exit 0
    fi
}

fetched() {
    find "$tools" -type f -path '*/cmake/data/bin/cmake' 2>/dev/null | head -n 1
}

try "$(command -v cmake || true)" "from the PATH"
try "$(fetched)" "fetched earlier into .tools"

export PIP_ROOT_USER_ACTION=ignore
pip="--quiet --disable-pip-version-check"
if python3 -m pip --version >/dev/null 2>&1; then
    # shellcheck disable=SC2086
    python3 -m pip install $pip --upgrade --target "$tools/cmake" "cmake>=$least,<5" >&2 2>&1 || true
elif python3 -m venv "$tools/venv" >/dev/null 2>&1; then
    # shellcheck disable=SC2086
    "$tools/venv/bin/python" -m pip install $pip "cmake>=$least,<5" >&2 || true
fi
try "$(fetched)" "fetched from PyPI into .tools"

sudo=
[ "$(id -u)" = 0 ] || sudo="sudo -n"
if command -v apt-get >/dev/null; then
    { $sudo apt-get update -qq && $sudo apt-get install -y -qq cmake; } >&2 || true
fi
try "$(command -v cmake || true)" "installed by apt"

echo "CMake $least or newer is needed: it is not on the PATH, and neither PyPI nor apt gave one" >&2
exit 1
