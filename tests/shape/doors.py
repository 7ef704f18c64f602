#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Looks at what rpc-links/ makes: tests/shape/doors.py FOLDER CATALOGUE.json

Every service has one program and one line of policy, by its scope and access; nothing is allowed
as installed; sudo is asked for no call that works on the store alone, and understands the rule.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import tree

FILES = [("services", "90-mgmt-default.policy", ("mgmt", "mgmt1")),
         ("services-qubesd", "90-mgmt-qubesd.policy", ("admin", "qubes"))]

# What a VM may say of itself to anybody's dom0 is answered by a socket, not by a program.
SOCKET, SOCKET_RULE = "/run/qubesd.misc.sock", "{} * @anyvm @adminvm allow"


def rules(file):
    """The lines of a policy file that are not comments."""
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def is_right(program, call):
    if call["names"]["qubes"]:
        return program == SOCKET
    return pathlib.Path(program).name == call["name"]


def check_services(folder, calls):
    for services, policy, prefixes in FILES:
        wanted = {name: call for call in calls for prefix in prefixes
                  for name in call["names"][prefix]}
        linked = [line.split("\t") for line in
                  (folder / services).read_text(encoding="utf-8").splitlines()]
        if sorted(name for name, _ in linked) != sorted(wanted):
            yield f"{services}: does not name each service once"
        for name, program in linked:
            if name in wanted and not is_right(program, wanted[name]):
                yield f"{services}: {name} is linked to {program}"
        wider = {"read": "ro", "write": "rwx", "execute": "rwx"}
        expected = [SOCKET_RULE.format(name) if name.startswith("qubes.") else
                    f"!include-service {name} * include/mgmt-{call['scope']}-"
                    f"{wider[call['access']]}" for name, call in sorted(wanted.items())]
        if rules(folder / policy) != expected:
            yield f"{policy}: does not send each service to the file for its scope and access"


def check_includes(folder):
    for scope in ("local", "global"):
        for kind, expected in (("rwx", []), ("ro", [f"!include include/mgmt-{scope}-rwx"])):
            file = folder / f"mgmt-{scope}-{kind}"
            if rules(file) != expected:
                yield f"{file.name}: allows something as installed"
            examples = re.findall(r"^## .*\ballow\b.*", file.read_text(encoding="utf-8"), re.M)
            if not examples or not all(line.endswith("target=dom0") for line in examples):
                yield f"{file.name}: shows a rule without target=dom0, or none"


def complaint(rule):
    """What visudo has to say of a file, if it is installed."""
    visudo = shutil.which("visudo", path="/usr/sbin:/usr/bin:/sbin")
    if not visudo:
        print("visudo is not installed: nobody has read the sudoers rule")
        return None
    with tempfile.TemporaryDirectory() as scratch:
        copy = pathlib.Path(scratch, "rule")
        copy.write_text(rule, encoding="utf-8")
        copy.chmod(0o440)
        done = subprocess.run([visudo, "-cf", copy], capture_output=True, text=True, check=False)
    return (done.stderr.strip() or done.stdout.strip()) if done.returncode else None


def check_sudoers(folder, calls):
    rooted = [call for call in calls if call["names"]["mgmt"]
              and (call["needs"] != "store" or call["asks_xen"])]
    ours = {name for call in rooted for name in
            (call["name"], *call["names"]["mgmt"], *call["names"]["mgmt1"])}
    shipped = {name for call in rooted for name in call["names"]["admin"]}
    for name, wanted in (("sudoers", ours), ("sudoers-qubesd", shipped)):
        text = (folder / name).read_text(encoding="utf-8")
        allowed = {pathlib.Path(path).name
                   for path in re.findall(r"/[\w./-]+/(?:mgmt1?|admin)\.[\w.]+", text)}
        if allowed != wanted:
            yield f"{name}: differs in {', '.join(sorted(allowed ^ wanted))}"
        said = complaint(text)
        if said:
            yield f"{name}: visudo says {said}"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    calls = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))["calls"]
    tree.end([*check_services(folder, calls), *check_includes(folder),
              *check_sudoers(folder, calls)])


if __name__ == "__main__":
    main()
