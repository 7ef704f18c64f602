#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Looks at systemd's units: tests/shape/units.py FOLDER PROGRAM

FOLDER holds them as they are installed, PROGRAM is the mgmt-socket-call that they start. systemd
has nothing to say of any, each socket has its service, a burst of a thousand calls ends no socket,
and each is known to clients by a link.
"""

import configparser
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import tree

# What is served, by which link clients know it, and what it leads to.
SOCKETS = {
    "qubesd": ("/run/qubesd.sock", "/run/qubes-mgmt.sock"),
    "qubesd-internal": ("/run/qubesd.internal.sock", "/run/qubes-mgmt.internal.sock"),
    "qubesd-misc": ("/run/qubesd.misc.sock", "/run/qubes-mgmt.misc.sock"),
}

BURST = 1000


def unit(file):
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_string(file.read_text(encoding="utf-8"))
    return parser


def check_socket(folder, name):
    settings = unit(folder / f"{name}.socket")["Socket"]
    link, path = SOCKETS[name]
    if (settings.get("ListenStream"), settings.get("Symlinks")) != (path, link):
        yield f"{name}.socket: is not {path} with the link {link}"
    if settings.get("Accept") != "yes" or settings.get("TriggerLimitIntervalSec") != "0":
        yield f"{name}.socket: a burst of calls would end it"
    if min(int(settings.get(key, 0)) for key in ("MaxConnections", "Backlog")) < BURST:
        yield f"{name}.socket: a burst of {BURST} calls would be cut"
    if (settings.get("SocketMode"), settings.get("SocketGroup")) != ("0660", "qubes"):
        yield f"{name}.socket: is open to others than root and the group qubes"


def check_service(folder, name):
    settings = unit(folder / f"{name}@.service")["Service"]
    if settings.get("KillMode") != "process":
        yield f"{name}@.service: would end what a call leaves behind"
    if settings.get("StandardInput") != "socket" or settings.get("StandardOutput") != "socket":
        yield f"{name}@.service: does not speak on the connection"


def verify(folder, program):
    """What systemd says of the units, with the program where it lies now."""
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        yield "systemd-analyze is missing"
        return
    with tempfile.TemporaryDirectory() as scratch:
        copies = []
        for file in sorted(folder.glob("qubesd*.s*")):
            lines = file.read_text(encoding="utf-8").splitlines()
            lines = [f"ExecStart=-{program}" if line.startswith("ExecStart=") else line
                     for line in lines]
            copies.append(pathlib.Path(scratch, file.name.replace("@", "@1")))
            pathlib.Path(scratch, file.name).write_text("\n".join(lines), encoding="utf-8")
        done = subprocess.run([analyze, "verify", "--man=no", *copies], text=True, check=False,
                              capture_output=True, timeout=60,
                              env={**os.environ, "SYSTEMD_UNIT_PATH": f"{scratch}:"})
    for line in (done.stdout + done.stderr).splitlines():
        if "qubesd" in line:
            yield line.replace(scratch + "/", "")
    if done.returncode:
        yield f"systemd-analyze verify ends with {done.returncode}"


def check(folder, program):
    names = {file.name for file in folder.glob("qubesd*.s*")}
    expected = {f"{name}{end}" for name in SOCKETS for end in (".socket", "@.service")}
    if names != expected:
        return [f"the units are {', '.join(sorted(names))}"]
    problems = []
    for name in SOCKETS:
        problems += [*check_socket(folder, name), *check_service(folder, name)]
    return problems + list(verify(folder, program))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    tree.end(check(pathlib.Path(sys.argv[1]), str(pathlib.Path(sys.argv[2]).resolve())))
