#!/bin/sh
# Holds memview against CPython's own memoryview: run.sh LIBMEMVIEW.SO. Status 77: skipped.
python=${MEMVIEW_PYTHON:-python3}
if ! "$python" -c 'import ctypes, random; random.Random().randbytes' 2>/dev/null; then
    echo "SKIP: $python is not a CPython 3.9 or later with ctypes"
    exit 77
fi
exec "$python" -B "$(dirname "$0")/oracle.py" "$1"
