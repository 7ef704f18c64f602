#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads every file as a text: tests/shape/words.py [CHECKOUT]

The SPDX line comes first, no path of somebody's machine and no unnumbered task is left behind,
clang-format would change nothing, shellcheck and codespell have nothing to say. A tool that is
missing is a failure.
"""

import pathlib
import re
import shutil
import subprocess

import tree

LICENCE = "SPDX-License-Identifier: GPL-2.0-or-later"

# The endings and names of files that can carry a licence line.
SOURCES = {*tree.CPP, ".py", ".sh", ".sql", ".S", ".ld", ".in", ".build", ".yaml", ".yml"}
NAMED = {"meson_options.txt", ".clang-tidy"}

# Read as texts besides the sources.
TEXTS = {".md", ".txt", ".json", ".service", ".conf"}

# In two parts, so that this file does not hold what it looks for.
UNFINISHED = "|".join(("TO" "DO", "FIX" "ME", "XX" "X", "HA" "CK"))

FORBIDDEN = [
    (rf"\b({UNFINISHED})\b(?!\(#\d+\))", "a task without the number of an issue"),
    (r"(?<![\w.$}/-])/(?:work|root|home/(?!user\b)\w+|Users|workspace)/", "a machine's own path"),
    (r"^(?:<{7}|>{7}|={7})(?: |$)", "a conflict that was not resolved"),
    (r"[ \t]+$", "blanks at the end of the line"),
    (r"\r", "a carriage return"),
]

IGNORED_WORDS = pathlib.Path(__file__).resolve().parent / "codespell-ignore"


def is_source(root, path):
    return path.suffix in SOURCES or path.name in NAMED or tree.is_script(root, path)


def check_licence(path, text):
    lines = text.split("\n")
    first = lines[1] if lines[0].startswith("#!") and len(lines) > 1 else lines[0]
    if not re.fullmatch(rf"\W*{re.escape(LICENCE)}(?: \*/)?", first):
        yield f"{path}:1: its first line is not the SPDX line"


def check_words(path, text):
    for pattern, what in FORBIDDEN:
        for found in re.finditer(pattern, text, re.M):
            if path.suffix == ".md" and "blanks" in what:
                continue
            yield f"{path}:{tree.line_of(text, found.start())}: {what}"
    if text and not text.endswith("\n"):
        yield f"{path}: its last line has no end"


def tool(root, command, paths):
    """The lines of complaint of a tool that is given these files."""
    if not shutil.which(command[0]):
        return [f"{command[0]} is missing"]
    if not paths:
        return []
    done = subprocess.run([*command, *map(str, paths)], cwd=root, capture_output=True, text=True,
                          check=False)
    said = (done.stdout + done.stderr).strip().splitlines()
    return said or [f"{command[0]} ends with {done.returncode}"] if done.returncode else []


def check_format(root, paths):
    said = tool(root, ["clang-format", "--dry-run", "-Werror"], paths)
    # It shows each place; which files they are in is enough.
    changed = {re.sub(r":\d+:\d+: error:.*", ": clang-format would change it", line)
               for line in said if ": error:" in line}
    return sorted(changed) or said


def is_shell_script(root, path):
    return bool(re.match(r"#!.*\b(ba|da)?sh\b", tree.read(root, path).split("\n", 1)[0]))


def check_shell(root, paths):
    scripts = [path for path in paths if is_shell_script(root, path)]
    # A part that scripts read in shares its variables with them.
    parts = [path for path in paths if path.suffix == ".sh" and path not in scripts]
    yield from tool(root, ["shellcheck", "-fgcc", "-Swarning", "-x", "-PSCRIPTDIR"], scripts)
    yield from tool(root, ["shellcheck", "-fgcc", "-Swarning", "-eSC2034,SC2154"], parts)


def check(root):
    paths = tree.files(root)
    sources = [path for path in paths if is_source(root, path)]
    texts = sources + [path for path in paths if path.suffix in TEXTS]
    problems = []
    for path in sources:
        problems += check_licence(path, tree.read(root, path))
    for path in texts:
        problems += check_words(path, tree.read(root, path))
    problems += check_format(root, [path for path in paths if path.suffix in tree.CPP])
    problems += check_shell(root, sources)
    problems += tool(root, ["codespell", "--ignore-words", str(IGNORED_WORDS)], texts)
    return problems


if __name__ == "__main__":
    tree.end(check(tree.root_argument()))
