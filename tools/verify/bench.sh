# Every workload of the benchmark once, every contender's result held against the portable loop's; nothing is measured.
. tools/verify/common.sh

need readelf
out=build/verify/bench.out
sh tools/bench.sh --check >$out || fail "$(tail -n 1 $out)"
cat $out >&2
there=$(sed -n '/takes no part/d; 2,$s/^\([A-Z][A-Za-z]*\|pybind11\) [0-9].*/\1/p' $out | paste -s -d ' ')
absent=$(sed -n 's/ takes no part:.*//p' $out | paste -s -d ' ')
echo "$(tail -n 1 $out); with ${there:-nobody}${absent:+, without $absent}"
