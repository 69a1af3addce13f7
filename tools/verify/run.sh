# Runs a step: tools/verify/run.sh STEP. Leaves its note, its log, and its status and seconds in build/verify.
rm -f "build/verify/$1.end"
begun=$(date +%s)
status=0
sh -eu "tools/verify/$1.sh" >"build/verify/$1.note" 2>"build/verify/$1.log" || status=$?
echo "$status $(($(date +%s) - begun))" >"build/verify/$1.end"
