# SPDX-License-Identifier: GPL-2.0-or-later
"""A small checkout and catalogue with which every test of shape is content."""

import copy
import pathlib

LICENCE = "SPDX-License-Identifier: GPL-2.0-or-later"

FILES = {
    "lib/base/text.h": f"// {LICENCE}\n#pragma once\n\nint length();\n",
    "lib/model/name.h": f'// {LICENCE}\n#pragma once\n\n#include "base/text.h"\n',
    "lib/store/sqlite.cc": f'// {LICENCE}\n#include <sqlite3.h>\n\n#include "model/name.h"\n',
    "lib/ops/list.cc": f'// {LICENCE}\n#include "base/text.h"\n\n'
                       'int length() { return 1; }\n',
    "tools/mgmt.vm.List.cc": f'// {LICENCE}\n#include "frame/call.h"\n',
    "tools/meson.build": f"# {LICENCE}\ncalls = ['mgmt.vm.List']\n",
    "quickstart": f"#!/bin/sh\n# {LICENCE}\necho ready\n",
}

CALL = {
    "name": "mgmt.vm.List",
    "variants": [],
    "names": {"mgmt": ["mgmt.vm.List"], "mgmt1": ["mgmt1.vm.List"], "admin": ["admin.vm.List"],
              "internal": [], "qubes": []},
    "summary": "list the VMs",
    "notes": "dom0 comes first.",
    "scope": "global",
    "access": "read",
    "needs": "store",
    "asks_xen": False,
    "synopsis": " [VM]",
    "target": {"kind": "any", "help": "one VM, or dom0 for all"},
    "argument": {"presence": "none", "grammar": "", "help": ""},
    "payload": {"presence": "none", "kind": "text", "grammar": "", "help": ""},
    "reply": {"draft": "NAME LF", "shipped": "NAME uuid=UUID LF"},
    "faults": ["no-such-vm"],
    "example": "mgmt.vm.List",
}

WORDS = [("no-such-vm", "QubesVMNotFoundError", 3), ("malformed", "ProtocolError", 2),
         ("denied", "PermissionDenied", 4)]

CATALOGUE = {
    "version": "1",
    "statuses": [{"status": status, "meaning": meaning} for status, meaning in
                 ((0, "done"), (2, "malformed"), (3, "no such VM"), (4, "refused"))],
    "faults": [{"word": word, "wire": wire, "status": status} for word, wire, status in WORDS],
    "calls": [CALL],
}

PROGRAM = """\
#!/bin/sh
case $1 in
  --help) echo 'Usage: mgmt.vm.List' ;;
  --version) echo 1 ;;
  *) echo 'no such option' >&2; exit 2 ;;
esac
"""


def write(folder, changes):
    """The checkout with some files otherwise; None takes one away."""
    for name, text in {**FILES, **changes}.items():
        if text is not None:
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def catalogue(**changes):
    """The catalogue with its one call otherwise."""
    changed = copy.deepcopy(CATALOGUE)
    changed["calls"][0].update(changes)
    return changed
