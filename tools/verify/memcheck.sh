# Every C test program under valgrind's memcheck. One valgrind a program: it follows the process of every case. The random
# programs run a hundredth of their cases.
. tools/verify/common.sh

need valgrind
PATH=$(sh tools/cmake.sh):$PATH
cmake --preset release >&2
cmake --build build/release --parallel "$jobs" >&2
failed=0
find build/release/c-tests -maxdepth 1 -type f -name 'shared_*' -perm -u+x | sort |
    MEMVIEW_EFFORT=1 xargs -n 1 -P "$jobs" valgrind --quiet --error-exitcode=99 --leak-check=full \
        --errors-for-leak-kinds=definite,indirect,possible >&2 || failed=1
count_programs build/verify/memcheck.log
[ $failed = 0 ]
