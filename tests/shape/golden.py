#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the catalogue with the one that was last looked at:
tests/shape/golden.py GOLDEN.json CATALOGUE.json

Whoever changes what a call takes, answers or refuses sees it here as a difference, and accepts
it by running the test with QUBES_TEST_ACCEPT=1.
"""

import difflib
import json
import os
import pathlib
import sys


def lines(file):
    """The catalogue without the version, which changes with every release."""
    catalogue = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))
    catalogue.pop("version", None)
    return json.dumps(catalogue, indent=1, ensure_ascii=False).splitlines(keepends=True)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    golden, catalogue = sys.argv[1:]
    present = lines(catalogue)
    if os.environ.get("QUBES_TEST_ACCEPT") == "1":
        pathlib.Path(golden).parent.mkdir(parents=True, exist_ok=True)
        pathlib.Path(golden).write_text("".join(present) + "\n", encoding="utf-8")
        print("accepted")
        return
    accepted = lines(golden) if pathlib.Path(golden).exists() else []
    difference = list(difflib.unified_diff(accepted, present, "accepted", "present", n=2))
    print("".join(difference) or "in order")
    if difference:
        sys.exit("the catalogue has changed: accept it with QUBES_TEST_ACCEPT=1 if that is meant")


if __name__ == "__main__":
    main()
