#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Looks at the rendered manual: tests/shape/manual.py FOLDER

FOLDER holds man1/ and man7/. groff has nothing to say of any page, no line is wider than 80
columns, the usual sections are there, and whatever a page names as another page exists.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import tree

SECTIONS = {
    "1": ["NAME", "SYNOPSIS", "DESCRIPTION", "OUTPUT", "EXIT STATUS", "EXAMPLE", "SEE ALSO"],
    "7": ["NAME", "SYNOPSIS", "DESCRIPTION", "CALLS", "EXIT STATUS", "ENVIRONMENT", "FILES",
          "SEE ALSO"],
}

WIDTH = 80


def groff(file, *options):
    """What groff prints, and what it has to say."""
    command = ["groff", "-man", "-ww", "-Tascii", *options, str(file.relative_to(file.parents[1]))]
    done = subprocess.run(command, cwd=file.parents[1], capture_output=True, text=True, check=False,
                          env={**os.environ, "GROFF_NO_SGR": "1", "LC_ALL": "C"})
    silent = f"status {done.returncode}" if done.returncode else ""
    return done.stdout, done.stderr.strip() or silent


def check_sections(text, section):
    """The headings of a page, in the order in which they should come."""
    present = re.findall(r"^\.SH (.*)$", text, re.M)
    wanted = SECTIONS[section]
    if [name for name in present if name in wanted] != wanted:
        yield f"has the sections {', '.join(present)}"


def check_links(text, folder):
    for name, section in re.findall(r"((?:mgmt1?)(?:\.[A-Za-z]+)*)(?:\\fR)?\((\d)\)", text):
        if not (folder / f"man{section}" / f"{name}.{section}").exists():
            yield f"names {name}({section}), which does not exist"


def check_look(printed):
    # A letter struck twice, or over a line, is how a bare terminal shows bold and italic.
    plain = re.sub(r".\x08", "", printed)
    for line in plain.splitlines():
        if len(line) > WIDTH:
            yield f"is wider than {WIDTH} columns: {line.strip()}"
    if re.search(r"@[A-Z]+@", plain):
        yield "has a place that was not filled in"


def check_page(file, folder):
    text = file.read_text(encoding="utf-8")
    printed, complaint = groff(file)
    if complaint:
        yield f"groff says: {complaint}"
    if text.startswith(".so "):
        if not (folder / text.split()[1]).exists():
            yield f"is a link to {text.split()[1]}, which does not exist"
        return
    yield from check_sections(text, file.suffix[1:])
    yield from check_links(text, folder)
    yield from check_look(printed)


def check(folder):
    if not shutil.which("groff"):
        yield "groff is missing"
        return
    pages = sorted(folder.glob("man?/*"))
    if not pages:
        yield f"{folder}: no pages"
    for file in pages:
        for problem in check_page(file, folder):
            yield f"{file.name}: {problem}"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    tree.end(list(check(pathlib.Path(sys.argv[1]))))
