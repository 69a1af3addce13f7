# The C suite on 64-bit Arm, under qemu.
. tools/verify/common.sh
. tools/verify/suite.sh

need qemu-aarch64 aarch64-linux-gnu-gcc aarch64-linux-gnu-g++
need_target aarch64-unknown-linux-gnu
suite aarch64
