#!/usr/bin/env python3
"""Writes the wrappers through which every call of the C tests runs out of memory: see c-tests/memory/sweep.h.

    memory_sweep.py include/memview.cdef OUTPUT.h

Each function of the header becomes a macro of its name, which calls the wrapper with the place of the call.
"""

import re
import sys

from declarations import functions

# What may succeed though a request was refused, and why. Everything else answers MV_E_NO_MEMORY.
LENIENT = {
    "mv_bytearray_resize": "where the block cannot be shrunk it stays; growing asks twice",
    "mv_bytearray_splice": "the same, and what it grows by in advance it can do without",
    "mv_bytearray_reserve": "growing asks twice",
}

# What may keep one block although it fails, and why; it is given back with the view.
KEEPING = {
    "mv_view_field": "the format that was parsed stays with the view",
}

# What ends something never fails, and so requests nothing.
NOTHING = re.compile(r"mv_\w+_(unref|release)")

# What is empty after a failure; texts are untouched.
MADE = ("mv_object **", "mv_view **", "mv_buffer *")


def join(kind, name):
    return kind + name if kind.endswith("*") else f"{kind} {name}"


def wrapper(result, name, parameters):
    """The C text of one function's wrapper."""
    has_status = result == "mv_status"
    kind = ("SWEEP_NOTHING" if NOTHING.fullmatch(name) or not has_status else
            "SWEEP_LENIENT" if name in LENIENT else "SWEEP_KEEPING" if name in KEEPING else "SWEEP_USUAL")
    made = [word for kind_of, word in parameters if word == "out" and kind_of in MADE]
    declared = ", ".join(join(kind_of, word) for kind_of, word in parameters)
    call = f"{name}({', '.join(word for _, word in parameters)})"
    members = {"function": f'"{name}"', "file": "file", "line": "line", "kind": kind}
    if ("mv_error *", "error") in parameters:
        members["error"] = "error"
    if made:
        members |= {"out": made[0], "out_size": f"sizeof *{made[0]}"}
    if ("char *", "text") in parameters:
        members |= {"text": "text", "text_size": "size", "text_length": "out_length"}
    lines = [
        f"static inline {join(result, f'sweep_{name}')}(const char *file, int line, {declared})",
        "{",
        "    struct sweep_call call;",
        "    memset(&call, 0, sizeof call);",
        *(f"    call.{member} = {value};" for member, value in members.items()),
        "    sweep_begin(&call);",
    ]
    if has_status:
        lines += ["    mv_status status;", f"    do status = {call};",
                  "    while (sweep_again(&call, status));", "    return status;"]
    elif result == "void":
        lines += [f"    {call};", "    sweep_again(&call, MV_OK);"]
    else:
        lines += [f"    {join(result, 'result')} = {call};", "    sweep_again(&call, MV_OK);", "    return result;"]
    return "\n".join(lines + ["}"])


def main():
    declarations, output = sys.argv[1:]
    found = [function for function in functions(declarations) if function[2]]
    stale = (LENIENT | KEEPING).keys() - {name for _, name, _ in found}
    if stale:
        sys.exit(f"memory_sweep.py: the tables know what no function is called any more: {', '.join(sorted(stale))}")
    text = '/* Made by tools/memory_sweep.py. */\n#include <string.h>\n\n#include "memory/sweep.h"\n\n'
    text += "\n\n".join(wrapper(*function) for function in found) + "\n\n"
    text += "".join(f"#define {name}(...) sweep_{name}(__FILE__, __LINE__, __VA_ARGS__)\n" for _, name, _ in found)
    with open(output, "w", encoding="utf-8") as file:
        file.write(text)


main()
