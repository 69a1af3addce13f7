# The C suite on 64-bit Windows: built by mingw-w64, run by wine.
. tools/verify/common.sh
. tools/verify/suite.sh

need x86_64-w64-mingw32-gcc x86_64-w64-mingw32-g++ wine wineserver
need_target x86_64-pc-windows-gnu

# Wine gets files of its own, and one server for all of the processes: one that is just ending drops whoever comes then.
export WINEPREFIX="$PWD/build/wine" WINEDLLOVERRIDES=mscoree,mshtml=
wineboot --init >&2
wineserver -w
wineserver -p
trap 'wineserver -k' EXIT
suite windows ", tests that refuse memory"
