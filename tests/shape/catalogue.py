#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the list of calls: tests/shape/catalogue.py CHECKOUT CATALOGUE.json

The files in tools/, the list in tools/meson.build and the names that the calls declare are the
same; and each declaration says all that its manual page, its policy and its links are made of.
"""

import json
import pathlib
import re
import sys

import tree

ONE_OF = {
    ("scope",): {"local", "global"},
    ("access",): {"read", "write", "execute"},
    ("needs",): {"store", "root", "xen"},
    ("target", "kind"): {"dom0", "vm", "any"},
    ("argument", "presence"): {"none", "optional", "required"},
    ("payload", "presence"): {"none", "optional", "required"},
    ("payload", "kind"): {"text", "stream"},
}

LONGEST_SUMMARY = 60

# How the names of calls begin: those of the API, and those that only a socket knows.
PREFIXES = ("mgmt.", "internal.", "qubes.")


def in_folder(root):
    return {path.name[:-len(".cc")] for path in pathlib.Path(root, "tools").glob("*.cc")
            if path.name.startswith(PREFIXES) and path.name != "mgmt.cc"}


def in_list(root):
    text = re.sub(r"#.*", "", pathlib.Path(root, "tools/meson.build").read_text(encoding="utf-8"))
    return set(re.findall(r"'((?:mgmt|internal|qubes)\.[A-Za-z_.]+?)(?:\.cc)?'", text)) - {"mgmt"}


def differences(sets):
    """What is missing where, among sets of names that should be the same."""
    every = set().union(*sets.values())
    for where, names in sets.items():
        for name in sorted(every - names):
            yield f"{name}: not in {where}"


def check_words(call, words):
    for path, allowed in ONE_OF.items():
        value = call
        for key in path:
            value = value[key]
        if value not in allowed:
            yield f"{'.'.join(path)} is {value!r}, not one of {', '.join(sorted(allowed))}"
    for word in call["faults"]:
        if word not in words:
            yield f"unknown fault {word}"
    if len(set(call["faults"])) != len(call["faults"]):
        yield "declares a fault twice"


def check_texts(call):
    summary = call["summary"]
    if not summary or len(summary) > LONGEST_SUMMARY:
        yield f"its summary has {len(summary)} characters, not 1 to {LONGEST_SUMMARY}"
    if summary.endswith(".") or summary[:1].isupper():
        yield "its summary is a phrase: small letter first, no full stop"
    if call["notes"] and not call["notes"].rstrip().endswith((".", "?", "!", ":")):
        yield "its notes do not end like a sentence"
    for part in ("argument", "payload"):
        if call[part]["presence"] != "none" and not (call[part]["grammar"] and call[part]["help"]):
            yield f"its {part} has no grammar or no help"
    if call["target"]["kind"] != "dom0" and not call["target"]["help"]:
        yield "its target has no help"


def check_names(call):
    names = call["names"]
    for prefix, of_prefix in names.items():
        for name in of_prefix:
            if not re.fullmatch(prefix + r"(\.[A-Za-z_]+)+", name):
                yield f"{name!r} is no name of a service with the prefix {prefix}"
    if not call["name"].startswith("mgmt."):
        if [call["name"]] != [name for of_prefix in names.values() for name in of_prefix]:
            yield "has other names besides its own"
        return
    if len(names["mgmt"]) != max(1, len(call["variants"])):
        yield "has not one name mgmt. for each variant"
    if not call["variants"] and names["mgmt"] != [call["name"]]:
        yield f"is called {names['mgmt']}"
    used = call["example"].replace("|", " ").split()
    if not {*names["mgmt"], *names["mgmt1"]} & set(used):
        yield "its example does not call it"


def check_statuses(catalogue):
    known = [row["status"] for row in catalogue["statuses"]]
    if known != sorted(set(known)) or known[:1] != [0]:
        yield "the statuses are not in order, from 0"
    for fault in catalogue["faults"]:
        if fault["status"] not in known or fault["status"] == 0:
            yield f"{fault['word']}: status {fault['status']} is not in the table"


def check(root, catalogue):
    calls = catalogue["calls"]
    declared = {call["name"] for call in calls}
    yield from differences({"tools/": in_folder(root), "tools/meson.build": in_list(root),
                            "the catalogue": declared})
    yield from check_statuses(catalogue)
    words = {fault["word"] for fault in catalogue["faults"]}
    seen = set()
    for call in calls:
        for problem in [*check_words(call, words), *check_texts(call), *check_names(call)]:
            yield f"{call['name']}: {problem}"
        for name in (name for names in call["names"].values() for name in names):
            if name in seen:
                yield f"{call['name']}: another call is called {name} too"
            seen.add(name)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    catalogue = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))
    tree.end(list(check(sys.argv[1], catalogue)))


if __name__ == "__main__":
    main()
