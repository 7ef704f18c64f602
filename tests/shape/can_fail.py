#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Shows that each test of shape can fail: tests/shape/can_fail.py

Each is given a good checkout, catalogue, manual or program, with which it must be content, and
then one with a single defect, of which it must speak.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import good_tree
import tree

HERE = pathlib.Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]

LICENCE = f"// {good_tree.LICENCE}\n"
LONG_BODY = "int f() {\n" + "  g();\n" * 40 + "}\n"

LAYERS = {
    "model may not include ops": {"lib/model/name.h": '#include "ops/list.h"\n'},
    "store may not include storage": {"lib/store/vms.cc": '#include "storage/pool_driver.h"\n'},
    "names no layer": {"lib/ops/list.cc": '#include "list.h"\n'},
    "is the driver": {"lib/ops/list.cc": '#include "hypervisor/xen/session.h"\n'},
    "<sqlite3.h> belongs": {"tools/mgmt.vm.List.cc": "#include <sqlite3.h>\n"},
    "<libxl.h> belongs": {"lib/ops/list.cc": "#include <libxl.h>\n"},
    "<CLI/CLI.hpp> belongs": {"lib/frame/run.cc": "#include <CLI/CLI.hpp>\n"},
    "prints: std::cout": {"lib/ops/list.cc": "void f() { std::cout << 1; }\n"},
    "prints: printf": {"lib/base/text.cc": 'void f() { std::printf("x"); }\n'},
    "exits: exit": {"lib/model/name.cc": "void f() { std::exit(1); }\n"},
    "uses the environment": {"lib/store/open.cc": 'auto f() { return std::getenv("X"); }\n'},
    "starts a shell": {"tools/mgmt.cc": 'void f() { std::system("ls"); }\n'},
    "lies in no known layer": {"lib/util/text.h": "\n"},
}

SIZES = {
    "301 lines": {"lib/base/text.cc": "\n" * 301},
    "f has 42 lines": {"lib/base/text.cc": LONG_BODY},
    "h has 42 lines": {"lib/base/text.cc": "struct A {\n  A() : b_{1} {}\n  int b_;\n};\n"
                                           + LONG_BODY.replace("f()", "A::h()")},
    "TEST_CASE has 42 lines": {"tests/a.cc": LONG_BODY.replace("int f()", 'TEST_CASE("a")')},
    "g has 42 lines": {"man/x.py": "def g():\n" + "    print()\n" * 41},
    "s has 42 lines": {"tests/a.sh": "s() {\n" + "  g\n" * 40 + "}\n"},
    "41 lines without the SPDX line": {"tools/mgmt.vm.List.cc": LICENCE + "\n" * 41},
    "101 characters": {"lib/base/text.cc": "//" + "x" * 99 + "\n"},
    "braces do not match": {"lib/base/text.cc": "int f() {\n"},
}

WORDS = {
    "not the SPDX line": {"lib/base/text.cc": "int f();\n"},
    "without the number of an issue": {"README.md": "TO" "DO: more\n"},
    "a machine's own path": {"lib/base/text.cc": LICENCE + "// see /home" "/alice/notes\n"},
    "blanks at the end": {"meson.build": f"# {good_tree.LICENCE}\nx = 1 \n"},
    "has no end": {"meson.build": f"# {good_tree.LICENCE}"},
    "clang-format would change it": {"lib/base/text.cc": LICENCE + "int  f() ;\n"},
    "SC2154": {"quickstart": f"#!/bin/sh\n# {good_tree.LICENCE}\necho $unset_word\n"},
    "reci" "eve": {"README.md": "What we reci" "eve.\n"},
}

CATALOGUES = {
    "not in tools/": {"name": "mgmt.vm.Lost"},
    "unknown fault": {"faults": ["no-such-thing"]},
    "its summary has 0": {"summary": ""},
    "its summary is a phrase": {"summary": "List the VMs."},
    "example does not call it": {"example": "mgmt.vm.Start work"},
    "scope is 'qube'": {"scope": "qube"},
    "its argument has no grammar": {"argument": {"presence": "required", "grammar": "",
                                                 "help": "x"}},
    "is no name of a service": {"names": {"mgmt": ["mgmt.vm.List"], "mgmt1": ["vm.List"],
                                          "admin": []}},
    "other names besides its own": {"name": "qubes.Lost", "names": {"qubes": ["qubes.Found"]}},
    "another call is called": {"names": {"mgmt": ["mgmt.vm.List"], "mgmt1": ["mgmt1.vm.List"],
                                         "admin": ["admin.vm.List", "admin.vm.List"]}},
}

# A line of a rendered file, and what stands there instead.
MANUALS = {
    "groff says": ("man1/mgmt.vm.List.1", ".SH NAME", ".SH NAME\n.fi\n.XX"),
    "has the sections": ("man1/mgmt.vm.List.1", ".SH OUTPUT", ".SH PRINTS"),
    "is wider than": ("man7/mgmt.7", ".SH DOORS", ".SH DOORS\n.nf\n" + "x" * 81 + "\n.fi"),
    "names mgmt.vm.Lost(1)": ("man1/mgmt.vm.List.1", ".SH OUTPUT",
                              ".SH OUTPUT\n\\fBmgmt.vm.Lost\\fR(1)"),
    "which does not exist": ("man1/mgmt1.vm.List.1", "mgmt.vm.List", "mgmt.vm.Lost"),
    "was not filled in": ("man7/mgmt.7", ".SH DOORS", ".SH DOORS\n@HEAD@"),
}

DOORS = {
    "does not name each service": ("services", "mgmt1.vm.List", "mgmt1.vm.Lost"),
    "is linked to": ("services", "bin/mgmt.vm.List", "bin/mgmt.vm.Lost"),
    "does not send each": ("90-mgmt-default.policy", "global-ro\n", "global-rwx\n"),
    "allows something": ("mgmt-local-rwx", "##   mgmtvm", "mgmtvm"),
    "without target=dom0": ("mgmt-local-rwx", "allow target=dom0", "allow"),
    "sudoers: differs": ("sudoers", "\n", "\nX = /usr/bin/mgmt.vm.List\n"),
}

PROGRAMS = {
    "--help ends with 1": ("--help) echo", "--help) exit 1; echo"),
    "--help prints nothing": ("--help) echo 'Usage: mgmt.vm.List' ;;", "--help) ;;"),
    "--help is wider": ("Usage: ", "Usage: " + "x" * 80),
    "--version ends with 0": ("--version) echo 1", "--version) echo 1; echo 2"),
    "a wrong option ends with 1": ("exit 2", "exit 1"),
    "a wrong option ends with 2": (">&2;", ";"),
}


UNITS = {
    "would end it": ("qubesd.socket", "TriggerLimitIntervalSec=0", ""),
    "would be cut": ("qubesd-misc.socket", "MaxConnections=1024", "MaxConnections=64"),
    "is open to others": ("qubesd-internal.socket", "SocketMode=0660", "SocketMode=0666"),
    "is not /run/qubes-mgmt.sock": ("qubesd.socket", "Symlinks=", "# "),
    "would end what a call leaves": ("qubesd@.service", "KillMode=process", ""),
    "does not speak on the connection": ("qubesd@.service", "StandardOutput=socket", ""),
    "Unknown key 'KilMode'": ("qubesd@.service", "KillMode", "KilMode=process\nKillMode"),
}


def run(script, *words):
    command = [sys.executable, "-B", str(script), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def verdict(test, defect, *words):
    """What is wrong with a test that is given these words; the defect is None for a good case."""
    status, said = run(HERE / test, *words)
    if defect is None and status != 0:
        return [f"{test} is not content with what is good: {said.strip()}"]
    if defect is not None and (status == 0 or defect not in said):
        return [f"{test} does not say '{defect}', it ends with {status}: {said.strip()}"]
    return []


def check_trees(scratch):
    for test, cases in (("layers.py", LAYERS), ("sizes.py", SIZES), ("words.py", WORDS)):
        for number, (defect, changes) in enumerate([(None, {}), *cases.items()]):
            folder = scratch / test / str(number)
            good_tree.write(folder, changes)
            yield from verdict(test, defect, folder)


def check_catalogues(scratch):
    good_tree.write(scratch / "checkout", {})
    golden, present = scratch / "golden.json", scratch / "present.json"
    golden.write_text(json.dumps(good_tree.catalogue()), encoding="utf-8")
    for defect, changes in [(None, {}), *CATALOGUES.items()]:
        present.write_text(json.dumps(good_tree.catalogue(**changes)), encoding="utf-8")
        yield from verdict("catalogue.py", defect, scratch / "checkout", present)
        yield from verdict("golden.py", defect and "has changed", golden, present)


def check_rendered(test, renderer, cases, scratch, *words):
    """A test of files that are made of the catalogue, by a script that takes these words too."""
    catalogue = scratch / "good.json"
    catalogue.write_text(json.dumps(good_tree.CATALOGUE), encoding="utf-8")
    for number, (defect, change) in enumerate([(None, None), *cases.items()]):
        folder = scratch / test / str(number)
        folder.mkdir(parents=True)
        run(CHECKOUT / renderer, catalogue, folder, *words)
        if change:
            name, old, new = change
            file = folder / name
            file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        yield from verdict(test, defect, folder, *([catalogue] if words else []))


def check_units(scratch):
    """Of the units as they lie in packaging/, which need nothing to be filled in but a path."""
    for number, (defect, change) in enumerate([(None, None), *UNITS.items()]):
        folder = scratch / "units" / str(number)
        folder.mkdir(parents=True)
        for file in (CHECKOUT / "packaging/systemd").glob("*.in"):
            text = file.read_text(encoding="utf-8")
            if change and file.name == f"{change[0]}.in":
                text = text.replace(*change[1:])
            (folder / file.stem).write_text(text, encoding="utf-8")
        yield from verdict("units.py", defect, folder, "/bin/true")


def check_programs(scratch):
    for number, (defect, change) in enumerate([(None, ("", "")), *PROGRAMS.items()]):
        program = scratch / f"programs-{number}" / "mgmt.vm.List"
        program.parent.mkdir()
        program.write_text(good_tree.PROGRAM.replace(*change), encoding="utf-8")
        program.chmod(0o755)
        yield from verdict("help.py", defect, program.parent)


def check():
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        yield from check_trees(scratch)
        yield from check_catalogues(scratch)
        yield from check_rendered("manual.py", "man/render.py", MANUALS, scratch)
        yield from check_rendered("doors.py", "rpc-links/render.py", DOORS, scratch, "/usr/bin",
                                  "/etc/qubes-rpc")
        yield from check_programs(scratch)
        yield from check_units(scratch)


if __name__ == "__main__":
    tree.end(list(check()))
