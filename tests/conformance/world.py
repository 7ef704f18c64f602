# SPDX-License-Identifier: GPL-2.0-or-later
"""The real programs on a scratch root, which is put back between cases."""

import contextlib
import dataclasses
import os
import pathlib
import sqlite3
import subprocess

STORE = "var/lib/qubes-mgmt/store.db"
BESIDE_STORE = (STORE, STORE + "-wal")
SECONDS = 20


@dataclasses.dataclass(frozen=True)
class Request:
    """A call as qrexec delivers it: its name with a prefix, who calls, and the three places."""
    method: str
    source: str = "dom0"
    target: bytes = b"dom0"
    argument: bytes = b""
    payload: bytes = b""
    # In place of a target: a keyword that is no VM, such as `default`.
    keyword: str = ""

    def environment(self):
        if self.keyword or self.target == b"dom0":
            place = {"QREXEC_REQUESTED_TARGET_TYPE": "keyword",
                     "QREXEC_REQUESTED_TARGET_KEYWORD": self.keyword or "adminvm"}
        else:
            place = {"QREXEC_REQUESTED_TARGET_TYPE": "name",
                     "QREXEC_REQUESTED_TARGET": self.target}
        return {"QREXEC_REMOTE_DOMAIN": self.source,
                "QREXEC_SERVICE_FULL_NAME": self.method.encode() + b"+" + self.argument,
                "QREXEC_SERVICE_ARGUMENT": self.argument, **place}


@dataclasses.dataclass(frozen=True)
class Result:
    status: int
    out: bytes
    err: bytes


def files_below(root):
    """Every file below a root but the store's and the locks, with its size."""
    found = {}
    for folder, folders, names in os.walk(root):
        if folder == str(root):
            folders[:] = [name for name in folders if name != "run"]
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), root)
            if not path.startswith(STORE):
                found[path] = os.stat(root / path).st_size
    return found


class World:
    """A root of its own. Images are sparse and never read here, so only their sizes are kept."""

    def __init__(self, tools, root):
        self.tools, self.root = pathlib.Path(tools), pathlib.Path(root)
        self.root.mkdir(mode=0o700, parents=True)
        self.is_changed = False

    def call(self, request):
        environment = {"QUBES_MGMT_ROOT": str(self.root), **request.environment()}
        done = subprocess.run([self.tools / request.method, request.argument],
                              input=request.payload, capture_output=True, check=False, cwd="/",
                              env=environment, timeout=SECONDS)
        return Result(done.returncode, done.stdout, done.stderr)

    def state(self):
        """What the store holds, row by row, and which files there are."""
        rows = [f"{path}: {size} bytes" for path, size in files_below(self.root).items()]
        if not (self.root / STORE).exists():
            return frozenset(rows)
        with self.open_store() as store:
            tables = store.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            for (table,) in tables:
                rows += [f"{table}{row}" for row in store.execute(f"SELECT * FROM {table}")]
        return frozenset(rows)

    def open_store(self):
        uri = f"file:{self.root / STORE}?mode=ro"
        return contextlib.closing(sqlite3.connect(uri, uri=True))

    def restore(self, snapshot):
        """Puts back what the snapshot says, where a call has changed anything since."""
        if not self.is_changed:
            return
        snapshot.write(self.root)
        self.is_changed = False


class Snapshot:
    """What a root holds at a time: the bytes of the store, of configuration and of what stands for
    hardware, folders, the sizes of other files."""

    def __init__(self, world):
        self.files = files_below(world.root)
        read = [path for path in self.files if path.startswith(("etc/", "sys/", "proc/"))]
        read += [path for path in BESIDE_STORE if (world.root / path).exists()]
        self.bytes = {path: (world.root / path).read_bytes() for path in read}
        self.folders = {os.path.relpath(folder, world.root): os.stat(folder).st_mode & 0o7777
                        for folder, _, _ in os.walk(world.root)}
        with world.open_store() as store:
            self.facts = {"uuid": dict(store.execute("SELECT name, uuid FROM vm")),
                          "dispid": dict(store.execute(
                              "SELECT vm.name, value FROM vm_property JOIN vm ON vm = qid "
                              "WHERE vm_property.name = 'dispid'"))}
        self.state = world.state()

    def write(self, root):
        for folder, mode in self.folders.items():
            (root / folder).mkdir(exist_ok=True)
            (root / folder).chmod(mode)
        for path in (STORE, STORE + "-wal", STORE + "-shm"):
            (root / path).unlink(missing_ok=True)
        for path, data in self.bytes.items():
            (root / path).write_bytes(data)
            (root / path).chmod(0o660)
        for path in files_below(root).keys() - self.files.keys():
            (root / path).unlink()
        for path, size in self.files.items():
            if not (root / path).exists() or os.stat(root / path).st_size != size:
                (root / path).unlink(missing_ok=True)
                with open(root / path, "wb") as file:
                    file.truncate(size)

