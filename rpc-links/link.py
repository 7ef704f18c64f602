#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Links the services of a list to their programs: rpc-links/link.py LIST FOLDER

Run by `meson install`, which says in the environment below which folder all of it is to lie. The
links are relative, so that they hold wherever that is mounted.
"""

import os
import pathlib
import sys


def main(services, folder):
    inside = pathlib.Path(os.environ.get("DESTDIR", "") + folder)
    inside.mkdir(parents=True, exist_ok=True)
    for line in pathlib.Path(services).read_text(encoding="utf-8").splitlines():
        name, program = line.split("\t")
        link = inside / name
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(program, folder))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
