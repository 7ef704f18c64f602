# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds the functions of a C++ source and how long each is, by its braces."""

import re

import tree

SCOPE = re.compile(r"\b(namespace|class|struct|union|enum)\b|\bextern\b")

# A body comes after the parameters, what may follow them, or the initializers of members.
BODY = re.compile(
    r"(\)|\]|\b(const|noexcept|override|final|mutable|try|requires)|[&}]|->[^()]*)\s*$")


def without_parentheses(text):
    """What stands outside of all round and square brackets."""
    out, depth = [], 0
    for letter in text:
        if letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
            out.append(letter if depth == 0 else "")
            continue
        if depth == 0 or (depth == 1 and letter in "(["):
            out.append(letter)
    return "".join(out)


def kind(head):
    """What a brace after these words opens: a scope, a function, or values."""
    flat = without_parentheses(head).strip()
    if "(" not in flat and "[" not in flat:
        return "scope" if SCOPE.search(flat) else "values"
    if re.search(r"\b(class|struct|union|enum|namespace)\b[^()]*$", flat) and "=" not in flat:
        return "scope"
    # A member's initializer, as in `Rows(…) : database_{`, is no body.
    initializers = re.search(r"\)[^():]*(?<!:):(?!:)(?P<rest>.*)$", flat, re.S)
    if initializers and re.search(r"[\w>]\s*$", initializers["rest"]):
        return "values"
    return "function" if BODY.search(flat) else "values"


def name_of(head):
    called = re.search(r"([~\w:]+|operator\s*\S+?)\s*\(", head)
    return called.group(1) if called else "lambda"


def without_directives(code):
    """A line of the preprocessor has braces of its own."""
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda found: tree.blank(found.group()), code,
                  flags=re.M)


class Reader:
    """Walks over the braces of a source and keeps in mind which of them are open."""

    def __init__(self, code):
        self.code = code
        self.open = []   # (kind, where its words begin)
        self.start = 0   # where the words before the next brace begin
        self.depth = 0   # of round brackets: a semicolon in them ends no words
        self.found = []

    def inside_function(self):
        return any(opened == "function" for opened, _ in self.open)

    def begin(self, at):
        head = self.code[self.start:at]
        opened = "inner" if self.inside_function() else kind(head)
        begin = self.start + len(head) - len(head.lstrip())
        self.open.append((opened, begin))
        if opened != "values":
            self.start = at + 1

    def finish(self, at):
        if not self.open:
            return
        opened, begin = self.open.pop()
        if opened == "function":
            first, last = tree.line_of(self.code, begin), tree.line_of(self.code, at)
            self.found.append((name_of(self.code[begin:at]), first, last - first + 1))
        if opened != "values":
            self.start = at + 1

    def run(self):
        for token in re.finditer(r"[{}();]", self.code):
            at, sign = token.start(), token.group()
            self.depth = max(0, self.depth + (sign == "(") - (sign == ")"))
            if sign == "{":
                self.begin(at)
            elif sign == "}":
                self.finish(at)
            elif sign == ";" and self.depth == 0 and not self.inside_values():
                self.start = at + 1
        return self.found

    def inside_values(self):
        return bool(self.open) and self.open[-1][0] == "values"


def functions(text):
    """(name, first line, number of lines) of each function; lambdas count to what holds them."""
    return Reader(without_directives(tree.bare(text))).run()


def is_balanced(text):
    reader = Reader(without_directives(tree.bare(text)))
    reader.run()
    return not reader.open
