# Every file is laid out as rustfmt and clang-format have it.
. tools/verify/common.sh

cargo fmt --all --check >&2
rust=$(git ls-files '*.rs' | wc -l)

# Other versions break lines elsewhere; memview.h and what it is made of have a layout of their own.
need clang-format-14
files=$(git ls-files '*.c' '*.cpp' '*.h' '*.hpp' | grep -v -e '^include/memview.h$' -e '^src/')
# shellcheck disable=SC2086
clang-format-14 --dry-run --Werror $files >&2
echo "$rust files of Rust, $(echo "$files" | wc -l) of C"
