# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of shape share: the files of a checkout, C++ without its words, the verdict."""

import os
import pathlib
import re
import sys

# Folders that hold what was made, fetched or recorded rather than written.
NOT_OURS = {".git", "__pycache__", "subprojects"}
RECORDED = ("tests/golden/", "tests/schema/", "tests/fuzz/seeds/")

CPP = {".cc", ".h", ".c"}

TOKEN = re.compile(
    r'(?P<raw>R"(?P<mark>[^()\\\s]{0,16})\((?:.|\n)*?\)(?P=mark)")'
    r'|(?P<text>"(?:\\.|[^"\\\n])*")'
    r"|(?P<letter>(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+')"
    r"|(?P<comment>//[^\n]*|/\*(?:.|\n)*?\*/)")


def is_build(folder):
    return (folder / "meson-info").exists() or (folder / "build.ninja").exists()


def files(root):
    """Every file of the checkout that somebody wrote, as paths relative to it, sorted."""
    root = pathlib.Path(root)
    found = []
    for folder, folders, names in os.walk(root):
        inside = pathlib.Path(folder).relative_to(root)
        folders[:] = [name for name in folders
                      if name not in NOT_OURS and not is_build(pathlib.Path(folder, name))]
        found += [inside / name for name in names]
    return sorted(path for path in found if not path.as_posix().startswith(RECORDED))


def read(root, path):
    return (pathlib.Path(root) / path).read_text(encoding="utf-8", errors="replace")


def is_script(root, path):
    """Whether a file without an ending names its interpreter."""
    if path.suffix:
        return False
    with open(pathlib.Path(root) / path, "rb") as file:
        return file.read(2) == b"#!"


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    """C++ with each comment turned into blanks; lines and columns stay."""
    return TOKEN.sub(lambda token: blank(token.group()) if token.group("comment")
                     else token.group(), text)


def bare(text):
    """C++ with comments and the insides of literals turned into blanks."""
    def replace(token):
        whole = token.group()
        if token.group("comment"):
            return blank(whole)
        return whole[0] + blank(whole[1:-1]) + whole[-1]
    return TOKEN.sub(replace, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def end(problems):
    """Prints what is wrong and ends the test."""
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problem(s)" if problems else "in order")
    sys.exit(1 if problems else 0)


def root_argument():
    """The checkout to look at: the first word, or the one this file lies in."""
    return sys.argv[1] if len(sys.argv) > 1 else str(pathlib.Path(__file__).resolve().parents[2])
