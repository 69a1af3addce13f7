#!/usr/bin/env python3
"""Compiles and runs every C snippet of README.md and docs/, and compares the README with what it quotes.

    check_snippets.py ROOT FOLDER COMPILER [OPTION...]

A block with a main is a program; a text block right after it is what it prints. The others of a page become
one program: a block that begins with `static`, `#include` or `typedef` stands at its top, any other is the
body of a function `mv_status snippet(mv_error *error)`. OPTIONs link the library.
"""

import os
import re
import subprocess
import sys

root, folder, compiler, *options = sys.argv[1:]
flags = ["-std=c11", "-g", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror",
         "-I", os.path.join(root, "include")]
HEADERS = "".join(f"#include <{name}.h>\n" for name in ("assert", "stdint", "stdio", "stdlib", "string"))
MAIN = """int main(void)
{
    mv_error error;
    static mv_status (*const snippets[])(mv_error *) = {%s};
    for (size_t i = 0; i < sizeof snippets / sizeof snippets[0]; i++)
        if (snippets[i](&error) != MV_OK)
            return fprintf(stderr, "snippet %%zu: %%s\\n", i + 1, error.message), 1;
    return 0;
}
"""


def read(*path):
    with open(os.path.join(root, *path), encoding="utf-8") as file:
        return file.read()


def build_and_run(name, text, expected):
    source, program = (os.path.join(folder, name + end) for end in (".c", ""))
    with open(source, "w", encoding="utf-8") as file:
        file.write(text)
    command = [compiler, *flags, source, "-o", program, *options]
    built = subprocess.run(command, capture_output=True, text=True)
    if built.returncode:
        return built.stderr
    done = subprocess.run([program], capture_output=True, text=True)
    if done.returncode:
        return f"ended with {done.returncode}: {done.stdout}{done.stderr}"
    return f"printed\n{done.stdout}instead of\n{expected}" if expected and done.stdout != expected else ""


def programs(page, text):
    """The programs of a page: a name, a source, and what it prints where a text block after it says so."""
    top, bodies = "", []
    for match in re.finditer(r"^```c\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        block, line = match.group(1), text.count("\n", 0, match.start()) + 2
        if "int main(" in block:
            printed = re.match(r"\n\n```text\n(.*?)^```$", text[match.end() :], re.MULTILINE | re.DOTALL)
            yield f"{page}_{line}", f'#line {line} "{page}.md"\n{block}', printed and printed.group(1)
        elif re.match(r"static|#include|typedef", block):
            top += f'#line {line} "{page}.md"\n{block}\n'
        elif block.lstrip().startswith("/* A plugin"):
            continue  # compared with its file
        else:
            bodies.append(f'static mv_status snippet_{line}(mv_error *error)\n{{\n#line {line} "{page}.md"\n'
                          f"{block}    return MV_OK;\n}}\n")
    if bodies:
        names = ", ".join(re.search(r"snippet_\d+", body).group() for body in bodies)
        yield page, HEADERS + '#include "memview.h"\n' + top + "".join(bodies) + MAIN % names, None


def links(page, text):
    """The links of a page to files that do not exist."""
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        if not os.path.exists(os.path.join(root, os.path.dirname(page), target)):
            yield target


def main():
    os.makedirs(folder, exist_ok=True)
    others = sorted(name for name in os.listdir(os.path.join(root, "docs")) if name.endswith(".md"))
    pages = ["README.md", *("docs/" + name for name in others)]
    failures, count = [], 0
    for page in pages:
        text = read(page)
        failures += [f"{page}: no file {target}" for target in links(page, text)]
        for name, source, expected in programs(os.path.splitext(os.path.basename(page))[0], text):
            count += source.count("static mv_status snippet_") or 1
            failure = build_and_run(name, source, expected)
            if failure:
                failures.append(f"{page}: {failure}")
    if f"```c\n{read('examples', 'c', 'stripes_plugin.c')}```" not in read("README.md"):
        failures.append("README.md: the plugin is not examples/c/stripes_plugin.c")
    print(f"{count} snippets of {len(pages)} pages, {len(failures)} failures")
    if failures or count == 0:
        sys.exit("\n".join(failures))


main()
