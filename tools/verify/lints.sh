# Clippy over the workspace.
. tools/verify/common.sh

cargo clippy --workspace --all-targets --locked -- -D warnings >&2
echo "clippy, pedantic: no warnings"
