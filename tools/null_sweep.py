#!/usr/bin/env python3
"""Writes the C test that gives every exported function NULL for each of its pointers in turn.

    null_sweep.py include/memview.cdef c-tests/abi/symbols.txt OUTPUT.c

Each function is a case. It is first called with arguments that are all valid, which must succeed: so the
failures that follow are those of the NULL alone. Then each pointer is NULL in turn, with an error to fill and without:
MV_E_NULL, the number and the name of the argument in the error, out-handles NULL, other outputs untouched.

The valid arguments are found by function and parameter, then by type and parameter; what may be NULL is named below with
the reason. A function or a parameter that these tables do not know is an error.
"""

import sys

from declarations import functions

# What a parameter is given: by (function, name), else by (type, name).
VALID = {
    ("const mv_object *", "object"): "ground.object",
    ("mv_object *", "object"): "ground.object",
    ("mv_object *", "destination"): "ground.array",
    ("mv_object *", "source"): "ground.array",
    ("mv_object *", "array"): "ground.bytearray",
    ("mv_array_resize", "array"): "ground.lonely_array",
    ("mv_object_revoke", "object"): "ground.bytearray",
    ("mv_buffer_fill_info", "object"): "&ground.plain",
    ("const mv_view *", "view"): "ground.view",
    ("mv_view *", "view"): "ground.view",
    ("mv_view_set_f64", "view"): "ground.doubles",
    ("mv_view *", "destination"): "ground.view",
    ("const mv_view *", "source"): "ground.view",
    ("const mv_buffer *", "buffer"): "&ground.buffer",
    ("mv_buffer *", "buffer"): "&ground.second_buffer",
    ("const mv_buffer *", "description"): "&ground.description",
    ("const mv_request *", "request"): "&ground.request",
    ("const mv_exporter *", "callbacks"): "&ground.exporter",
    ("const mv_scalar *", "value"): "&ground.scalar",
    ("const mv_scalar *", "record"): "&ground.record",
    ("mv_format *", "format"): "ground.format",
    ("const mv_format *", "format"): "ground.format",
    ("mv_format_element", "format"): "ground.grid",
    ("const mv_member *", "members"): "&ground.member",
    ("mv_format_from_members", "itemsize"): "8",
    ("mv_format_from_members", "count"): "1",
    ("const mv_format *", "a"): "ground.format",
    ("const mv_format *", "b"): "ground.grid",
    ("const mv_view *", "a"): "ground.view",
    ("const mv_view *", "b"): "ground.view",
    ("mv_view_diagonal", "view"): "ground.square",
    ("mv_view_field", "view"): "ground.records",
    ("mv_view_hash", "view"): "ground.frozen",
    ("mv_walk *", "walk"): "&ground.walk",
    ("const mv_index *", "items"): "ground.items",
    ("const ptrdiff_t *", "shape"): "ground.shape",
    ("const ptrdiff_t *", "index"): "ground.index",
    ("const ptrdiff_t *", "strides"): "ground.strides",
    ("const ptrdiff_t *", "length"): "&ground.length",
    ("const int *", "axes"): "ground.axes",
    ("const void *", "data"): "ground.bytes",
    ("void *", "data"): "ground.bytes",
    ("void *", "base"): "ground.bytes",
    ("void *", "context"): "ground.bytes",
    ("void *", "self"): "ground.bytes",
    ("mv_free_fn", "free"): "keep",
    ("const char *", "format"): '"B"',
    ("const char *", "text"): '"1:3"',
    ("mv_format_parse", "text"): '"T{i:a:}"',
    ("mv_format_size", "text"): '"T{i:a:}"',
    ("mv_format_from_numpy", "text"): '"<i4"',
    ("const char *", "path"): '"a"',
    ("const char *", "separator"): '":"',
    ("mv_object **", "out"): "&ground.out.object",
    ("mv_view **", "out"): "&ground.out.view",
    ("mv_format **", "out"): "&ground.out.format",
    ("mv_field *", "out"): "&ground.out.field",
    ("ptrdiff_t *", "out"): "&ground.out.bytes",
    ("mv_buffer *", "out"): "&ground.out.buffer",
    ("mv_scalar *", "out"): "&ground.out.scalar",
    ("int *", "out"): "&ground.out.count",
    ("size_t *", "out"): "&ground.out.size",
    ("size_t *", "out_count"): "&ground.out.size",
    ("void **", "out_item"): "&ground.out.pointer",
    ("ptrdiff_t *", "out_count"): "&ground.out.bytes",
    ("ptrdiff_t *", "out_step"): "ground.out.strides",
    ("mv_run *", "runs"): "ground.out.runs",
    ("int64_t *", "out"): "&ground.out.i64",
    ("uint64_t *", "out"): "&ground.out.u64",
    ("double *", "out"): "&ground.out.f64",
    ("void **", "out"): "&ground.out.pointer",
    ("const void **", "out_low"): "&ground.out.low",
    ("size_t *", "out_size"): "&ground.out.size",
    ("size_t *", "out_length"): "&ground.out.size",
    ("int *", "out_count"): "&ground.out.count",
    ("ptrdiff_t *", "out_strides"): "ground.out.strides",
    ("mv_index *", "items"): "ground.out.items",
    ("char *", "text"): "ground.out.text",
    ("size_t", "size"): "sizeof ground.out.text",
    ("size_t", "length"): "4",
    ("size_t", "capacity"): "8",
    ("size_t", "extent"): "4",
    ("size_t", "at"): "0",
    ("size_t", "removed"): "4",
    ("size_t", "number"): "0",
    ("size_t", "start"): "0",
    ("size_t", "first"): "0",
    ("size_t", "limit"): "10",
    ("mv_view_runs", "capacity"): "2",
    ("uint32_t", "abi"): "MV_ABI",
    ("ptrdiff_t", "itemsize"): "1",
    ("ptrdiff_t", "offset"): "0",
    ("ptrdiff_t", "start"): "0",
    ("ptrdiff_t", "stop"): "PTRDIFF_MAX",
    ("int", "axis1"): "0",
    ("int", "axis2"): "1",
    ("int", "group"): "1",
    ("int", "rule"): "MV_STRICT",
    ("uint64_t", "seed"): "0",
    ("int", "ndim"): "1",
    ("int", "count"): "1",
    ("int", "capacity"): "4",
    ("int", "order"): "'C'",
    ("int", "flags"): "MV_FULL_RO",
    ("int", "readonly"): "0",
    ("int", "mode"): "MV_READ",
    ("int", "part"): "0",
    ("int", "parts"): "2",
    ("int", "rules"): "MV_RULES_STRUCT",
    ("int", "status"): "MV_E_NULL",
    ("int64_t", "value"): "1",
    ("uint64_t", "value"): "1",
    ("double", "value"): "1.0",
}

# What NULL is answered with where it is not MV_E_NULL, by (function, name), else by name, and why.
ANSWER = {
    "free": ("MV_OK", "the caller keeps the memory"),
    "context": ("MV_OK", "handed to the callback as it is"),
    "self": ("MV_OK", "handed to the callbacks as it is"),
    "separator": ("MV_OK", "no separators"),
    "data": ("MV_E_VALUE", "bytes are told by their length, and it is 4"),
    ("mv_bytearray_new", "data"): ("MV_OK", "zeros"),
    ("mv_memory_describe", "base"): ("MV_E_VALUE", "as data: there are items"),
    ("mv_buffer_fill_info", "object"): ("MV_OK", "borrowed memory that nobody releases"),
    "out_length": ("MV_OK", "the length need not be asked for"),
    ("mv_view_wrap", "format"): ("MV_OK", 'means "B"'),
    ("mv_view_cast", "format"): ("MV_OK", "keeps the format"),
    ("mv_view_read", "format"): ("MV_OK", "the view's own"),
    ("mv_view_write", "format"): ("MV_OK", "the view's own"),
}

# Before the valid call: what it uses up.
BEFORE = {
    "mv_object_unref": "mv_object_ref(ground.object);",
    "mv_view_unref": "mv_view_ref(ground.view);",
    "mv_format_unref": "mv_format_ref(ground.format);",
}
# After a valid call that returns a reference.
AFTER = {
    "mv_object_ref": "mv_object_unref(ground.object);",
    "mv_view_ref": "mv_view_unref(ground.view);",
    "mv_format_ref": "mv_format_unref(ground.format);",
}
# What failing functions do to the outputs that they were given; all other outputs stay as they were.
FAILED = {
    "&ground.out.object": "expected.object = NULL;",
    "&ground.out.view": "expected.view = NULL;",
    "&ground.out.format": "expected.format = NULL;",
    "&ground.out.buffer": "memset(&expected.buffer, 0, sizeof expected.buffer);",
}


# The keys of these tables that some function needed; the others are stale.
used = set()


def fail(text):
    sys.exit(f"null_sweep.py: {text}")


def is_pointer(kind):
    return kind.endswith("*") or kind == "mv_free_fn"


def valid(function, kind, name):
    for key in ((function, name), (kind, name)):
        if key in VALID:
            used.add(key)
            return VALID[key]
    fail(f"{function} has a parameter '{kind} {name}' that VALID does not know: add what it is given")


def answer(function, name):
    for key in ((function, name), name):
        if key in ANSWER:
            used.add(key)
            return ANSWER[key]
    return "MV_E_NULL", None


def call(function, parameters, nulls):
    given = ["NULL" if name in nulls else "&error" if name == "error" else valid(function, kind, name)
             for kind, name in parameters]
    return f"{function}({', '.join(given)})"


def case(result, function, parameters):
    """The C text of one function's case."""
    has_status = result == "mv_status"
    names = [name for _, name in parameters]
    if has_status and names[-1:] != ["error"]:
        fail(f"{function} returns a status, but its last parameter is not 'error'")
    lines = [f"TEST(fault_001_and_002_null_to_{function})", "{", "    lay();"]
    once = call(function, parameters, ())
    lines.append(f"    {BEFORE[function]}" if function in BEFORE else "")
    lines.append(f"    CHECK_OK({once});" if has_status else f"    (void){once};")
    lines.append(f"    {AFTER[function]}" if function in AFTER else "")
    for number, (kind, name) in enumerate(parameters, 1):
        if not is_pointer(kind) or name == "error":
            continue
        if not has_status:
            lines.append(f"    (void){call(function, parameters, (name,))};")
            continue
        status, why = answer(function, name)
        lines.append(f"    /* {name}{': ' + why if why else ''} */")
        for silent in (False, True):
            nulls = (name, "error") if silent else (name,)
            text = call(function, parameters, nulls)
            lines.append("    renew();")
            if status == "MV_OK":
                lines.append(f"    CHECK_INT({text}, MV_OK);")
                continue
            lines.append(f"    CHECK_INT({text}, {status});" if silent else
                         f"    CHECK_STATUS({text}, {status});")
            if status == "MV_E_NULL" and not silent:
                lines.append(f'    names_argument({number}, "{name}");')
            for other_kind, other in parameters:
                given = valid(function, other_kind, other) if other != "error" else ""
                if other != name and given in FAILED:
                    lines.append(f"    {FAILED[given]}")
            lines.append("    outputs_are_as_expected();")
    lines += ["    lay_down();", "}"]
    return "\n".join(line for line in lines if line)


def main():
    declarations, symbols, output = sys.argv[1:]
    found = functions(declarations)
    with open(symbols, encoding="utf-8") as file:
        allowed = file.read().split()
    if sorted(name for _, name, _ in found) != allowed:
        difference = set(allowed) ^ {name for _, name, _ in found}
        fail(f"{declarations} and {symbols} differ: {', '.join(sorted(difference))}")
    cases = [case(*function) for function in found]
    used.update(allowed)
    stale = [key for table in (VALID, ANSWER, BEFORE, AFTER) for key in table if key not in used]
    if stale:
        fail(f"the tables know what no function has any more: {stale}")
    text = '/* Made by tools/null_sweep.py. */\n#include "null_sweep.h"\n\n' + "\n\n".join(cases) + "\n"
    with open(output, "w", encoding="utf-8") as file:
        file.write(text)


main()
