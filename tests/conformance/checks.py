# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds what a program answered against what a case expects."""

import re

# Today's clients turn an empty answer into "access denied" and stumble over these two.
EMPTY = ("PermissionDenied", "ProtocolError")

PRINTABLE = re.compile(rb"[ -~]+")


def shown(data, longest=300):
    """Bytes for a person: as they are where they can be printed."""
    text = "".join(chr(byte) if 0x20 <= byte < 0x7F and byte != 0x5C else
                   {0x0A: "\\n", 0x00: "\\0", 0x5C: "\\\\"}.get(byte, f"\\x{byte:02x}")
                   for byte in data[:longest])
    more = f" and {len(data) - longest} bytes more" if len(data) > longest else ""
    return f"'{text}'{more}"


def result_text(result):
    says = f", on stderr {shown(result.err)}" if result.err else ""
    return f"status {result.status}, {shown(result.out)}{says}"


def is_paragraph(data, phrase):
    return phrase.encode() in data and re.fullmatch(rb"[A-Z][ -~]+\.", data.replace(
        "…".encode(), b"...")) is not None


def accepted(expected, shipped, result):
    """What is wrong with an answer, or nothing."""
    head = b"0\0" if shipped else b""
    if expected.says:
        good = (result.status, result.err) == (0, b"") and result.out.startswith(head) and \
            is_paragraph(result.out.removeprefix(head), expected.says)
        return None if good else f"status 0, a paragraph that says '{expected.says}'"
    wanted = head + (expected.shipped if shipped else expected.draft)
    if (result.status, result.err, result.out) == (0, b"", wanted):
        return None
    return f"status 0, {shown(wanted)}"


def refused_draft(row, says, result, head):
    """Status by kind; a line that begins with call and target, on both ends."""
    line = result.err
    text = line.removeprefix(head).removesuffix(b"\n")
    out = b"denied\n" if row["word"] == "denied" else line
    good = result.status == row["status"] and line.startswith(head) and line.endswith(b"\n") and \
        PRINTABLE.fullmatch(text) and says.encode() in text and result.out == out
    if good:
        return None
    return (f"{row['word']}: status {row['status']}, {shown(head)} and a sentence"
            f"{says and f' that says {says!r}'}, on stderr and, as {shown(out[:6])}..., on stdout")


def refused_shipped(row, says, result):
    if row["wire"] in EMPTY:
        good = (result.status, result.out, result.err) == (0, b"", b"")
        return None if good else f"{row['word']}: status 0, no bytes"
    head, end = b"2\0" + row["wire"].encode() + b"\0\0%s\0", b"\0"
    text = result.out.removeprefix(head).removesuffix(end)
    good = (result.status, result.err) == (0, b"") and result.out.startswith(head) and \
        result.out.endswith(end) and PRINTABLE.fullmatch(text) and says.encode() in text
    if good:
        return None
    return (f"{row['word']}: status 0, {shown(head)}, a sentence"
            f"{says and f' that says {says!r}'} and {shown(end)}")


def printable(data):
    """As programs quote what came from outside."""
    text = bytes(byte if 0x20 <= byte < 0x7F else ord("?") for byte in data[:80])
    return text + (b"..." if len(data) > 80 else b"")


def head_of(request):
    """What the line of a refusal begins with: a target that could not be read is not in it."""
    target = b"" if request.keyword else printable(request.target) + b": "
    return request.method.encode() + b": " + target


def problem(expected, request, result, faults):
    """What was expected instead, or nothing where the result is right."""
    shipped = request.method.startswith("admin.")
    if not expected.fault:
        return accepted(expected, shipped, result)
    row = faults[expected.fault]
    if shipped:
        return refused_shipped(row, expected.says, result)
    return refused_draft(row, expected.says, result, head_of(request))
