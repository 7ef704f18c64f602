#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a store with many VMs: tests/bench/make_store.py ROOT PROGRAMS NUMBER

The first store is made by a call, as on any machine; the VMs bench-0, bench-1... are written into
it by SQL, in one transaction, with what a VM usually has: some properties that are not at their
defaults, features, a tag and its volumes.
"""

import os
import pathlib
import sqlite3
import subprocess
import sys
import uuid

CLASSES = ("AppVM", "AppVM", "AppVM", "StandaloneVM")

# name, size, what it is made of at each start, whether its content is kept
GIB = 1 << 30
VOLUMES = (("root", 10 * GIB, True, False), ("private", 2 * GIB, False, True),
           ("volatile", 10 * GIB, False, False))


def make_first(root, programs):
    """Any call that may write makes the store; this one is refused and leaves nothing else."""
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "QUBES_MGMT_ROOT": str(root)}
    done = subprocess.run([programs / "mgmt.vm.property.Set", "none-such", "memory", "400"],
                          env=environment, check=False, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)
    store = root / "var/lib/qubes-mgmt/store.db"
    if not store.exists():
        sys.exit(f"make_store: the first call made no store: {done.stderr.strip()}")
    return store


def add_vm(store, qid, name, vm_class, template):
    store.execute("INSERT INTO vm (qid, uuid, name, class, label, template) "
                  "VALUES (?, ?, ?, ?, ?, ?)",
                  (qid, str(uuid.UUID(int=qid, version=4)), name, vm_class, 1 + qid % 8, template))


# Twenty values that are not the defaults.
PROPERTIES = {"autostart": "True", "backup_timestamp": "1700000000", "debug": "True",
              "default_user": "me", "include_in_backups": "False", "ip": "10.137.9.9",
              "keyboard_layout": "de++", "kernelopts": "quiet", "mac": "00:16:3e:5e:6c:01",
              "maxmem": "4000", "memory": "401", "qrexec_timeout": "61",
              "shutdown_timeout": "61", "vcpus": "3", "virt_mode": "pv"}
FEATURES = {"gui": "1", "os": "Linux", "qrexec": "1", "service.cups": "",
            "service.network-manager": "1"}


def add_settings(store, qid):
    store.executemany("INSERT INTO vm_property (vm, name, value) VALUES (?, ?, ?)",
                      [(qid, name, value) for name, value in PROPERTIES.items()])
    store.executemany("INSERT INTO vm_feature (vm, name, value, position) VALUES (?, ?, ?, ?)",
                      [(qid, name, value, i) for i, (name, value) in enumerate(FEATURES.items())])
    store.execute("INSERT INTO vm_tag (vm, tag) VALUES (?, 'created-by-dom0')", (qid,))


def add_volumes(store, qid, name, pool, source):
    """The volumes of a VM; the id of its root, from which others may be made."""
    first = None
    for volume, size, is_snapshot, is_kept in VOLUMES:
        is_snapshot = is_snapshot and source is not None
        is_kept = is_kept or (volume == "root" and not is_snapshot)
        row = store.execute(
            "INSERT INTO volume (vm, name, pool, vid, size, source, rw, save_on_stop, "
            "snap_on_start, revisions_to_keep) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, 1)",
            (qid, volume, pool, f"vms/{name}/{volume}", size, source if is_snapshot else None,
             is_kept, is_snapshot))
        first = first or row.lastrowid
    return first


def fill(store, number):
    (pool,) = store.execute("SELECT id FROM pool WHERE name = 'varlibqubes'").fetchone()
    add_vm(store, 1, "bench-template", "TemplateVM", None)
    source = add_volumes(store, 1, "bench-template", pool, None)
    for i in range(number):
        qid, name, vm_class = i + 2, f"bench-{i}", CLASSES[i % len(CLASSES)]
        is_based = vm_class == "AppVM"
        add_vm(store, qid, name, vm_class, 1 if is_based else None)
        add_settings(store, qid)
        add_volumes(store, qid, name, pool, source if is_based else None)


def main(root, programs, number):
    # A relative root does not count: the store of this very machine would be filled.
    store = sqlite3.connect(make_first(pathlib.Path(root).resolve(), pathlib.Path(programs)))
    with store:
        store.execute("PRAGMA foreign_keys = ON")
        fill(store, int(number))
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    os.umask(0o077)
    main(*sys.argv[1:])
