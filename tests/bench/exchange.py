#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How long a whole store takes in and out: tests/bench/exchange.py PROGRAMS [VMS [ROUNDS]]

Imports a qubes.xml of so many VMs, 1000 unless said, into a fresh store each time and exports it
again. Prints the median of the rounds and judges none.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

GIB = 1 << 30

HEAD = """<qubes>
<labels><label id="label-1" color="0xcc0000">red</label></labels>
<pools>
<pool name="p" driver="file" dir_path="/var/lib/qubes"/>
<pool name="linux-kernel" driver="linux-kernel" dir_path="/var/lib/qubes/vm-kernels"/>
</pools>
<properties><property name="default_pool">p</property></properties>
<domains>
<domain id="domain-0" class="AdminVM"><properties/></domain>
"""


def named(element, values):
    return "".join(f'<{element} name="{name}">{value}</{element}>' for name, value in values)


def volume(name, vid, kind):
    return f'<volume name="{name}" pool="p" vid="{vid}" rw="True" size="{2 * GIB}" {kind}/>'


def volumes(folder, is_based):
    root = 'snap_on_start="True" source="vm-templates/tmpl/root"' if is_based \
        else 'save_on_stop="True"'
    kernel = '<volume name="kernel" pool="linux-kernel" vid="6.1"/>'
    return (volume("root", f"{folder}/root", root)
            + volume("private", f"{folder}/private", 'save_on_stop="True"')
            + volume("volatile", f"{folder}/volatile", "") + kernel)


def domain(qid, name, is_based):
    properties = [("name", name), ("label", "red"), ("uuid", uuid.UUID(int=qid, version=4)),
                  ("memory", 400 + qid % 100), ("vcpus", 2)]
    properties += [("template", "tmpl")] if is_based else []
    features = [("menu-items", "firefox.desktop"), ("service.cups", ""), ("gui", "1")]
    tags = "".join(f'<tag name="{tag}"/>' for tag in ("guivm-dom0", "created-by-dom0"))
    folder = f"appvms/{name}" if is_based else f"vm-templates/{name}"
    return (f'<domain id="domain-{qid}" class="{"AppVM" if is_based else "TemplateVM"}">'
            f'<properties>{named("property", properties)}</properties>'
            f'<features>{named("feature", features)}</features><tags>{tags}</tags>'
            f'<volume-config>{volumes(folder, is_based)}</volume-config></domain>\n')


def document(vms):
    return (HEAD + domain(1, "tmpl", False)
            + "".join(domain(i + 2, f"bench-{i}", True) for i in range(vms)) + "</domains></qubes>")


def seconds(command, root):
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "QUBES_MGMT_ROOT": str(root)}
    begin = time.monotonic()
    subprocess.run(command, env=environment, check=True, stdin=subprocess.DEVNULL,
                   capture_output=True)
    return time.monotonic() - begin


def round_trip(programs, text):
    """The seconds of one import and of one export."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder, "root")
        root.mkdir(0o700)
        file = pathlib.Path(folder, "qubes.xml")
        file.write_text(text, encoding="utf-8")
        return (seconds([programs / "mgmt-import", file], root),
                seconds([programs / "mgmt-export", file], root))


def main(programs, vms=1000, rounds=5):
    text = document(int(vms))
    measured = [round_trip(pathlib.Path(programs).resolve(), text) for _ in range(int(rounds))]
    for name, values in zip(("import", "export"), zip(*measured)):
        print(f"{name}, {vms} VMs: {statistics.median(values):.3f} s "
              f"({min(values):.3f} to {max(values):.3f})")


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    os.umask(0o077)
    main(*sys.argv[1:])
