# The C suite on 64-bit Windows: built by mingw-w64, run by wine.
. tools/verify/common.sh
. tools/verify/suite.sh

need x86_64-w64-mingw32-gcc x86_64-w64-mingw32-g++ wine wineserver
need_target x86_64-pc-windows-gnu

# One server, with files of its own, for all of the processes: one that is just ending would drop those that come then.
export WINEPREFIX="$PWD/build/wine" WINEDEBUG=-all
wineserver -p >&2
trap 'wineserver -k' EXIT
wineboot --init >&2
suite windows
