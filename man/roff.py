# SPDX-License-Identifier: GPL-2.0-or-later
"""Plain sentences as roff. What it is given may hold any printable character."""

import re

# What roff would take for its own, or a typesetter would turn into another character.
ESCAPES = {
    "\\": r"\e",
    "-": r"\-",
    "'": r"\(aq",
    "`": r"\(ga",
    "^": r"\(ha",
    "~": r"\(ti",
}

CALL_NAME = re.compile(r"\b(?:mgmt1?|admin)\.[A-Za-z]+(?:\.[A-Za-z]+)*")
SENTENCE_END = re.compile(r"(?<=[.?!]) +(?=[A-Z'])")


def escape(text):
    return "".join(ESCAPES.get(letter, letter) for letter in text)


def bold(text):
    return rf"\fB{escape(text)}\fR"


def italic(text):
    return rf"\fI{escape(text)}\fR"


def guarded(line):
    """A line that is text, whatever it begins with."""
    return rf"\&{line}" if line.startswith((".", "'")) else line


def inline(text):
    """One line of text in which names of calls are bold."""
    parts, at = [], 0
    for name in CALL_NAME.finditer(text):
        parts += [escape(text[at:name.start()]), bold(name.group())]
        at = name.end()
    return guarded("".join(parts) + escape(text[at:]))


def sentences(text):
    """A line for each sentence, so that roff sees where one ends."""
    return [inline(sentence) for sentence in SENTENCE_END.split(" ".join(text.split())) if sentence]


def paragraphs(text):
    """The lines of a text whose paragraphs are parted by empty lines."""
    lines = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines += ([".PP"] if lines else []) + sentences(paragraph)
    return lines


def capitalized(text):
    """A phrase as a sentence of its own."""
    text = text.strip()
    if not text:
        return text
    is_name = CALL_NAME.match(text) or text.startswith("dom0")
    first = text if is_name else text[0].upper() + text[1:]
    return first if first.endswith((".", "?", "!")) else first + "."


def tagged(tag, lines, width=8):
    """A tag, itself roff, with a text hanging beside it."""
    return [f".TP {width}", tag, *lines]


def literal(lines):
    """Lines that stay as they are, indented."""
    return [".PP", ".RS 4", ".nf", *(guarded(line) for line in lines), ".fi", ".RE"]


def head(title, section, version):
    """The first lines of a page; the middle of its head only where it fits in 80 columns."""
    middle = "Qubes OS Management API"
    if 2 * len(f"{title}({section})") + len(middle) + 4 > 78:
        middle = ""
    return [
        r'.\" SPDX-License-Identifier: GPL-2.0-or-later',
        f'.TH {title} {section} "" "qubes\\-mgmt {version}" "{middle}"',
        ".ad l",
        ".nr HY 0",
        ".nh",
    ]
