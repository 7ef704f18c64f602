# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the tables of cases; README.md says how they are written."""

import dataclasses
import pathlib
import shlex
import tomllib

import inputs
import properties
from world import Request

PREFIXES = ("mgmt", "mgmt1", "admin")


@dataclasses.dataclass(frozen=True)
class Expected:
    """What a call answers: bytes in each form, or a fault by its word in the catalogue."""
    draft: bytes = b""
    shipped: bytes = b""
    fault: str = ""
    says: str = ""


@dataclasses.dataclass(frozen=True)
class Case:
    where: str
    call: str
    request: Request
    expected: Expected
    fixture: str = "every class"
    prefixes: tuple = PREFIXES
    # Calls that have to be done first, and those that show what the case did: by mgmt. names.
    before: tuple = ()
    then: tuple = ()
    # Of a set, each input is tried by one of the call's names in turn; others by all of them.
    turn: int | None = None


def to_bytes(value):
    return value if isinstance(value, bytes) else value.encode()


def read_request(text):
    """CALL TARGET ARGUMENT PAYLOAD, with the quotes of a shell."""
    call, *places = shlex.split(text)
    return Request("mgmt." + call, "dom0", *map(str.encode, places))


def read_expected(row):
    if isinstance(row, (str, bytes)):
        row = {"draft": row}
    draft = to_bytes(row.get("draft", ""))
    return Expected(draft, to_bytes(row.get("shipped", draft)), row.get("fault", ""),
                    row.get("says", ""))


def read_then(row):
    for text, expected in row.items():
        yield read_request(text), read_expected(expected)


def place(row, name, default):
    if name + "_hex" in row:
        return bytes.fromhex(row[name + "_hex"])
    return to_bytes(row.get(name, default))


def read_case(where, row):
    request = Request(row["call"], row.get("source", "dom0"), place(row, "target", "dom0"),
                      place(row, "argument", ""), place(row, "payload", ""),
                      row.get("keyword", ""))
    return Case(where, row["call"], request, read_expected(row),
                row.get("fixture", "every class"), tuple(row.get("prefixes", PREFIXES)),
                tuple(map(read_request, row.get("before", ()))),
                tuple(read_then(row.get("then", {}))), row.get("turn"))


def change_places(request, change):
    return dataclasses.replace(request, target=change(request.target),
                               argument=change(request.argument), payload=change(request.payload))


def change_bytes(case, change):
    """The case with each of its byte strings changed."""
    def expected(what):
        return dataclasses.replace(what, draft=change(what.draft), shipped=change(what.shipped))
    return dataclasses.replace(
        case, request=change_places(case.request, change), expected=expected(case.expected),
        before=tuple(change_places(step, change) for step in case.before),
        then=tuple((change_places(step, change), expected(what)) for step, what in case.then))


def each(case, name):
    """The case once for each input of a set, in place of {}; {result} is what becomes of it."""
    found = inputs.find(name)
    pairs = found.items() if isinstance(found, dict) else zip(found, found)
    for turn, (word, result) in enumerate(pairs):
        filled = change_bytes(case, lambda data, word=word, result=result:
                              data.replace(b"{result}", result).replace(b"{}", word))
        yield dataclasses.replace(filled, turn=turn)


def read_group(file, group):
    common = {key: value for key, value in group.items() if key not in ("accepted", "refused")}
    for kind in ("accepted", "refused"):
        for number, row in enumerate(group.get(kind, ()), start=1):
            whole = {**common, **row}
            if (kind == "refused") != ("fault" in whole):
                raise ValueError(f"{file}: {whole['call']}: {kind} {number} is in the wrong list")
            about = row.get("about") or common.get("about", "")
            where = f"{file}: {whole['call']}, {kind} {number}{about and ': ' + about}"
            case = read_case(where, whole)
            yield from each(case, whole["each"]) if "each" in whole else [case]


def read_file(path):
    """The cases of a file by group, so that those of a group can run on one root."""
    with open(path, "rb") as file:
        table = tomllib.load(file)
    groups = [*table.get("calls", ()), *properties.groups(table)]
    return [list(read_group(pathlib.Path(path).name, group)) for group in groups]
