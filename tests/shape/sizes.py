#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the sizes: tests/shape/sizes.py [CHECKOUT]

A file has at most 300 lines, a function 40, a call file 40 without its SPDX line, a line 100
characters.
"""

import ast
import re

import functions
import tree

FILE, FUNCTION, CALL, LINE = 300, 40, 40, 100

SOURCES = {*tree.CPP, ".py", ".sh", ".sql", ".S", ".in", ".build", ".yaml"}

CALL_FILE = re.compile(r"tools/(mgmt|internal|qubes)\..+\.cc")
SHELL_FUNCTION = re.compile(r"^(?:function )?([\w-]+) ?\(\) ?\{\n(?:(?!\}).*\n)*\}", re.M)


def cpp_functions(text):
    return functions.functions(text)


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno - node.lineno + 1


def shell_functions(text):
    for found in SHELL_FUNCTION.finditer(text):
        yield found[1], tree.line_of(text, found.start()), found.group().count("\n") + 1


def reader(path, text):
    """What finds the functions in this kind of source."""
    first = text.split("\n", 1)[0]
    if path.suffix in tree.CPP:
        return cpp_functions
    if path.suffix == ".py" or "python" in first:
        return python_functions
    if path.suffix == ".sh" or first.startswith("#!"):
        return shell_functions
    return lambda _: ()


def check_file(path, text):
    lines = text.splitlines()
    if len(lines) > FILE:
        yield f"{path}: {len(lines)} lines, {FILE} at most"
    if CALL_FILE.fullmatch(path.as_posix()) and len(lines) - 1 > CALL:
        yield f"{path}: {len(lines) - 1} lines without the SPDX line, {CALL} at most in a call file"
    for number, line in enumerate(lines, start=1):
        if len(line) > LINE:
            yield f"{path}:{number}: {len(line)} characters, {LINE} at most"
    for name, number, length in reader(path, text)(text):
        if length > FUNCTION:
            yield f"{path}:{number}: {name} has {length} lines, {FUNCTION} at most"
    if path.suffix in tree.CPP and not functions.is_balanced(text):
        yield f"{path}: its braces do not match, so its functions cannot be measured"


def check(root):
    for path in tree.files(root):
        if path.suffix in SOURCES or tree.is_script(root, path):
            yield from check_file(path, tree.read(root, path))


if __name__ == "__main__":
    tree.end(list(check(tree.root_argument())))
