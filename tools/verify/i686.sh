# The C suite on 32-bit x86, which a 64-bit one runs.
. tools/verify/common.sh
. tools/verify/suite.sh

[ "$(uname -m)" = x86_64 ] || skip "32-bit x86 does not run on $(uname -m)"
need i686-linux-gnu-gcc i686-linux-gnu-g++
need_target i686-unknown-linux-gnu
suite i686
