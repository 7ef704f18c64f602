#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Shows that the table of cases can fail: tests/conformance/can_fail.py TOOLS

The runner is given a good case, then tables with one wrong expectation each, then programs with
one fault each; of every defect it has to speak.
"""

import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent

GOOD = """
[[calls]]
call = "vm.tag.Get"
target = "work"
accepted = [{ argument = "guivm-dom0", draft = "1" }]
refused = [{ argument = "a.b", fault = "bad-tag" }]

[[calls]]
call = "vm.tag.Set"
target = "work"
accepted = [{ argument = "t", then = { "vm.tag.Get work t" = "1" } }]
refused = [{ source = "net", argument = "created-by-net", fault = "denied" }]

[[calls]]
call = "vm.property.Get"
target = "work"
accepted = [{ argument = "vcpus", draft = "default=yes 2", shipped = "default=True type=int 2" }]
"""

# What is said, and the words of the good table that are replaced.
EXPECTATIONS = {
    "expected  status 0, '0'": ('draft = "1"', 'draft = "0"'),
    "expected  status 0, '0\\0default=False type=int 2'": ("=True type", "=False type"),
    "expected  bad-value: status 1": ('"bad-tag"', '"bad-value"'),
    "expected  denied: status 4": ('"net", argument = "created-by-net"', '"net", argument = "t"'),
    "expected  status 0, ''": ('argument = "t"', 'argument = "a.b"'),
    "expected  afterwards mgmt.vm.tag.Get": ('tag.Get work t" = "1"', 'tag.Get work t" = "0"'),
    "that says 'nobody'": ('fault = "bad-tag"', 'fault = "bad-tag", says = "nobody"'),
}

# What is said, the program, and what runs in its place; $real is the program itself.
PROGRAMS = {
    "expected  nothing to be changed": (
        "mgmt.vm.tag.Get", 'QREXEC_SERVICE_FULL_NAME=mgmt.vm.tag.Set+x "$tools/mgmt.vm.tag.Set"; '
        'exec "$real"'),
    "got       status 2, ''": ("mgmt.vm.tag.Get", '"$real" >/dev/null'),
    "got       status 0, '1\\n'": ("mgmt.vm.tag.Get", '"$real" && echo'),
    "got       status 0, '2\\0PermissionDenied": (
        "admin.vm.tag.Set", "printf '2\\0PermissionDenied\\0\\0%%s\\0no\\0'"),
    "on stderr 'a warning\\n'": ("mgmt.vm.property.Get", 'echo "a warning" >&2; exec "$real"'),
}


def run(tools, table):
    done = subprocess.run([sys.executable, "-B", HERE / "run.py", tools, table],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def verdict(defect, tools, table):
    status, said = run(tools, table)
    if defect is None and status != 0:
        return [f"the runner is not content with what is good: {said.strip()}"]
    if defect is not None and (status != 1 or defect not in said):
        return [f"the runner does not say '{defect}', it ends with {status}: {said.strip()}"]
    return []


def with_program(tools, folder, name, body):
    """The folder of programs, in which one is another."""
    folder.mkdir()
    for program in tools.iterdir():
        (folder / program.name).symlink_to(program)
    (folder / name).unlink()
    (folder / name).write_text(f"#!/bin/sh\ntools='{tools}'\nreal='{tools / name}'\n{body}\n",
                               encoding="utf-8")
    (folder / name).chmod(0o755)
    return folder


def problems(tools, scratch):
    good = scratch / "good.toml"
    good.write_text(GOOD, encoding="utf-8")
    yield from verdict(None, tools, good)
    for number, (defect, (old, new)) in enumerate(EXPECTATIONS.items()):
        table = scratch / f"{number}.toml"
        table.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
        yield from verdict(defect, tools, table)
    for number, (defect, (name, body)) in enumerate(PROGRAMS.items()):
        yield from verdict(defect, with_program(tools, scratch / str(number), name, body), good)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory(prefix="qubes-can-fail-") as temporary:
        found = list(problems(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(temporary)))
    print("\n".join(found) or f"{len(EXPECTATIONS) + len(PROGRAMS)} defects seen")
    sys.exit(1 if found else 0)
