#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Links every name of each call to its program: tools/link_names.py CATALOGUE.json STAMP

The links lie beside the stamp, in the build folder.
"""

import json
import pathlib
import sys


def main():
    catalogue, stamp = map(pathlib.Path, sys.argv[1:])
    for call in json.loads(catalogue.read_text())["calls"]:
        for name in sum(call["names"].values(), []):
            if name == call["name"]:
                continue
            link = stamp.parent / name
            link.unlink(missing_ok=True)
            link.symlink_to(call["name"])
    stamp.touch()


main()
