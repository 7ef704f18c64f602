#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What copies of volumes cost on a file system that shares blocks: `meson compile -C build
bench-volumes`, as root.

Each call runs in turns with what does the same without us: cp for a copy, dd for an import.
"""

import contextlib
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

GIB = 1 << 30
ROUNDS = 5
PRIVATE = "var/lib/qubes/appvms/{}/private.img"


@contextlib.contextmanager
def xfs():
    """A folder on an XFS of its own."""
    with tempfile.TemporaryDirectory() as folder:
        image, mounted = pathlib.Path(folder, "disk"), pathlib.Path(folder, "mounted")
        mounted.mkdir()
        with open(image, "wb") as disk:
            disk.truncate(64 * GIB)
        subprocess.run(["mkfs.xfs", "-q", "-m", "reflink=1", image], check=True)
        subprocess.run(["mount", "-o", "loop", image, mounted], check=True)
        try:
            yield mounted
        finally:
            subprocess.run(["umount", mounted], check=True)


def timed(words, **streams):
    """Milliseconds, and the most memory that the process had, in MiB."""
    begun = time.monotonic()
    process = subprocess.Popen(words, **streams)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{words[0]}: status {os.waitstatus_to_exitcode(status)}")
    return (time.monotonic() - begun) * 1000, usage.ru_maxrss / 1024


class Bench:
    def __init__(self, tools, root):
        self.tools, self.root = pathlib.Path(tools), root
        os.environ["QUBES_MGMT_ROOT"] = str(root)
        os.chmod(root, 0o700)
        self.stream = root / "content"
        subprocess.run(["head", "-c", str(GIB), "/dev/urandom"], check=True,
                       stdout=open(self.stream, "wb"))
        self.answer("mgmt.vm.CreateTemplate", "deb", input=b"x" * 512)
        for vm in ("one", "two"):
            self.answer("mgmt.vm.Create.AppVM", "deb", f"name={vm}", "label=red")

    def answer(self, call, *words, **given):
        done = subprocess.run([self.tools / call, *words], check=True, capture_output=True, **given)
        return done.stdout.decode()

    def do(self, call, *words, **streams):
        return timed([self.tools / call, *words], **streams)

    def imported(self):
        self.answer("mgmt.vm.volume.Resize", "one", "private", str(GIB))
        with open(self.stream, "rb") as content:
            ours = self.do("mgmt.vm.volume.Import", "one", "private", stdin=content)
        floor = timed(["dd", f"if={self.stream}", f"of={self.root / 'copy'}", "bs=1M",
                       "conv=fsync", "status=none"])
        return ours, floor

    def cloned(self):
        token = self.answer("mgmt.vm.volume.CloneFrom", "one", "private")
        ours = self.do("mgmt.vm.volume.CloneTo", "two", "private", token)
        floor = timed(["cp", "--reflink=always", self.root / PRIVATE.format("one"),
                       self.root / "copy"])
        return ours, floor


def report(what, floor_name, rounds):
    ours = statistics.median(ours[0] for ours, _ in rounds)
    floor = statistics.median(floor[0] for _, floor in rounds)
    memory = max(ours[1] for ours, _ in rounds)
    print(f"{what}: {ours:.0f} ms, {floor_name} {floor:.0f} ms, ratio {ours / floor:.2f}, "
          f"at most {memory:.1f} MiB of memory")


def main(tools):
    with xfs() as root:
        bench = Bench(tools, root)
        report("import of 1 GiB", "dd", [bench.imported() for _ in range(ROUNDS)])
        # Of ten, so that a copy that is not shared would show.
        bench.answer("mgmt.vm.volume.Extend", "one", "private", str(10 * GIB))
        report("clone of 10 GiB, 1 of them written", "cp --reflink",
               [bench.cloned() for _ in range(ROUNDS)])


if __name__ == "__main__":
    main(sys.argv[1])
