#!/bin/sh
# Holds memview against CPython's own memoryview, struct and ctypes, and NumPy: run.sh LIBMEMVIEW.SO. Status 77: skipped.
python=${MEMVIEW_PYTHON:-python3}
if ! "$python" -c 'import ctypes, random; random.Random().randbytes' 2>/dev/null; then
    echo "SKIP: $python is not a CPython 3.9 or later with ctypes"
    exit 77
fi
# NumPy: this python's own, or fetched from PyPI into .tools; without it its part is skipped.
if ! "$python" -c 'import numpy' 2>/dev/null; then
    tag=$("$python" -c 'import sysconfig; print(sysconfig.get_config_var("SOABI"))')
    numpy=$(cd "$(dirname "$0")/../.." && pwd)/.tools/numpy-$tag
    [ -d "$numpy/numpy" ] || "$python" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
        --target "$numpy" numpy >/dev/null 2>&1 || true
    export PYTHONPATH="$numpy${PYTHONPATH:+:$PYTHONPATH}"
fi
exec "$python" -B "$(dirname "$0")/oracle.py" "$1"
