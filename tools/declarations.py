"""Reads include/memview.cdef, for the tests that are made from it."""

import re


def functions(path):
    """(result, name, [(type, name)]) of each function."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"\{[^{}]*\}", "", text)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    found = []
    for statement in text.split(";"):
        statement = " ".join(statement.split())
        match = re.fullmatch(r"(.*[ *])(mv_\w+)\((.*)\)", statement)
        if not match or statement.startswith("typedef"):
            continue
        result, name, rest = match.groups()
        parameters = []
        for parameter in rest.split(", ") if rest != "void" else []:
            kind, word = re.fullmatch(r"(.*[ *])(\w+)", parameter).groups()
            parameters.append((kind.strip() if kind.endswith(" ") else kind, word))
        found.append((result.strip(), name, parameters))
    return found
