# The C suite on s390x, which is big-endian, under qemu.
. tools/verify/common.sh
. tools/verify/suite.sh

need qemu-s390x s390x-linux-gnu-gcc s390x-linux-gnu-g++
need_target s390x-unknown-linux-gnu
suite s390x
