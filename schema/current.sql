-- SPDX-License-Identifier: GPL-2.0-or-later
CREATE TABLE label (
  id INTEGER PRIMARY KEY CHECK (id >= 1),
  name TEXT NOT NULL CHECK (name <> '' AND name NOT GLOB '*[^A-Za-z0-9._-]*'),
  -- 0xRRGGBB
  color TEXT NOT NULL CHECK (length(color) = 8 AND color GLOB '0x*')
) STRICT;
CREATE UNIQUE INDEX label_by_name ON label (name);
CREATE TABLE pool (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL CHECK (name <> '' AND name NOT GLOB '*[^A-Za-z0-9._-]*'),
  driver TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX pool_by_name ON pool (name);
CREATE TABLE pool_option (
  pool INTEGER NOT NULL REFERENCES pool (id),
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (pool, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE vm (
  qid INTEGER PRIMARY KEY CHECK (qid BETWEEN 0 AND 9999),
  uuid TEXT NOT NULL CHECK (length(uuid) = 36),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 31 AND name NOT GLOB '*[^A-Za-z0-9._-]*'),
  class TEXT NOT NULL
    CHECK (class IN ('AdminVM', 'AppVM', 'DispVM', 'RemoteVM', 'StandaloneVM', 'TemplateVM')),
  label INTEGER NOT NULL REFERENCES label (id),
  template INTEGER REFERENCES vm (qid),
  CHECK ((class = 'AdminVM') = (qid = 0)),
  CHECK ((class IN ('AppVM', 'DispVM')) = (template IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX vm_by_name ON vm (name);
CREATE UNIQUE INDEX vm_by_uuid ON vm (uuid);
CREATE INDEX vm_by_label ON vm (label);
CREATE INDEX vm_by_template ON vm (template) WHERE template IS NOT NULL;
CREATE TABLE vm_property (
  vm INTEGER NOT NULL REFERENCES vm (qid),
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (vm, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE vm_reference (
  vm INTEGER NOT NULL REFERENCES vm (qid),
  name TEXT NOT NULL,
  target INTEGER REFERENCES vm (qid),
  PRIMARY KEY (vm, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX vm_reference_by_target ON vm_reference (target, name) WHERE target IS NOT NULL;
CREATE TABLE vm_feature (
  vm INTEGER NOT NULL REFERENCES vm (qid),
  name TEXT NOT NULL CHECK (name <> ''),
  value TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (vm, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE vm_tag (
  vm INTEGER NOT NULL REFERENCES vm (qid),
  tag TEXT NOT NULL CHECK (tag <> '' AND tag NOT GLOB '*[^A-Za-z0-9_-]*'),
  PRIMARY KEY (vm, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX vm_tag_by_tag ON vm_tag (tag);
CREATE TABLE vm_note (
  vm INTEGER PRIMARY KEY REFERENCES vm (qid),
  text TEXT NOT NULL CHECK (text <> '')
) STRICT;
CREATE TABLE global_property (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE global_reference (
  name TEXT PRIMARY KEY NOT NULL,
  target INTEGER REFERENCES vm (qid)
) STRICT, WITHOUT ROWID;
CREATE INDEX global_reference_by_target ON global_reference (target) WHERE target IS NOT NULL;
CREATE TABLE volume (
  id INTEGER PRIMARY KEY,
  -- NULL: no VM's; a volume of its pool alone.
  vm INTEGER REFERENCES vm (qid),
  name TEXT NOT NULL CHECK (name <> ''),
  pool INTEGER NOT NULL REFERENCES pool (id),
  -- Made once, from the name at that time, and never parsed. NULL: follows the kernel property.
  vid TEXT CHECK (vid <> ''),
  -- bytes
  size INTEGER NOT NULL CHECK (size >= 0),
  -- what a snapshot is made of at each start
  source INTEGER REFERENCES volume (id),
  rw INTEGER NOT NULL CHECK (rw IN (0, 1)),
  save_on_stop INTEGER NOT NULL CHECK (save_on_stop IN (0, 1)),
  snap_on_start INTEGER NOT NULL CHECK (snap_on_start IN (0, 1)),
  revisions_to_keep INTEGER NOT NULL CHECK (revisions_to_keep >= -1),
  -- NULL: as the pool says
  ephemeral INTEGER CHECK (ephemeral IN (0, 1)),
  -- What the guest calls it; NULL for those whose place follows from their name.
  frontend TEXT CHECK (frontend GLOB 'xvd[e-z]'),
  CHECK (snap_on_start = (source IS NOT NULL)),
  CHECK (NOT (snap_on_start AND save_on_stop))
) STRICT;
CREATE UNIQUE INDEX volume_by_vm ON volume (vm, name) WHERE vm IS NOT NULL;
CREATE UNIQUE INDEX volume_by_vid ON volume (pool, vid) WHERE vid IS NOT NULL;
CREATE INDEX volume_by_source ON volume (source) WHERE source IS NOT NULL;
CREATE UNIQUE INDEX volume_by_frontend ON volume (vm, frontend)
  WHERE vm IS NOT NULL AND frontend IS NOT NULL;
CREATE TABLE volume_snapshot (
  volume INTEGER NOT NULL REFERENCES volume (id),
  name TEXT NOT NULL CHECK (name <> ''),
  -- the driver's id
  revision TEXT NOT NULL,
  PRIMARY KEY (volume, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE vm_device (
  id INTEGER PRIMARY KEY,
  vm INTEGER NOT NULL REFERENCES vm (qid),
  class TEXT NOT NULL CHECK (class <> '' AND class NOT GLOB '*[^a-z0-9_-]*'),
  -- the VM that offers it; NULL where there is none of that name
  backend INTEGER REFERENCES vm (qid),
  backend_name TEXT,
  -- * in either of these: any
  port TEXT NOT NULL CHECK (port <> ''),
  identity TEXT NOT NULL CHECK (identity <> ''),
  mode TEXT NOT NULL CHECK (mode IN ('required', 'auto-attach', 'ask-to-attach')),
  CHECK ((backend IS NULL) = (backend_name IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX vm_device_by_vm
  ON vm_device (vm, class, coalesce(backend, backend_name), port, identity);
CREATE INDEX vm_device_by_backend ON vm_device (backend) WHERE backend IS NOT NULL;
CREATE TABLE vm_device_option (
  device INTEGER NOT NULL REFERENCES vm_device (id),
  name TEXT NOT NULL CHECK (name <> ''),
  value TEXT NOT NULL,
  PRIMARY KEY (device, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE firewall (
  vm INTEGER PRIMARY KEY REFERENCES vm (qid),
  -- the highest id that a rule has ever had; ids are not used again
  last_rule INTEGER NOT NULL CHECK (last_rule >= 0)
) STRICT;
CREATE TABLE firewall_rule (
  vm INTEGER NOT NULL REFERENCES firewall (vm),
  id INTEGER NOT NULL CHECK (id >= 1),
  -- Rules apply by it, in ascending order. Gaps leave room, so that an insertion changes no
  -- other row.
  position INTEGER NOT NULL,
  -- canonical, without expire and comment: what is told to the netvm
  rule TEXT NOT NULL CHECK (rule GLOB 'action=*'),
  -- seconds since 1970, UTC; NULL: never
  expire INTEGER CHECK (expire >= 0),
  comment TEXT NOT NULL,
  PRIMARY KEY (vm, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX firewall_rule_by_position ON firewall_rule (vm, position);
CREATE INDEX firewall_rule_by_expire ON firewall_rule (expire) WHERE expire IS NOT NULL;
CREATE TABLE change (
  seq INTEGER PRIMARY KEY,
  -- microseconds since 1970, UTC
  at INTEGER NOT NULL,
  source TEXT NOT NULL,
  call TEXT NOT NULL,
  target TEXT NOT NULL,
  argument TEXT NOT NULL,
  -- user_version when it was made
  schema INTEGER NOT NULL
) STRICT;
CREATE TABLE change_row (
  seq INTEGER NOT NULL REFERENCES change (seq),
  tbl TEXT NOT NULL,
  -- the row's primary key as SQL literals, joined by commas
  key TEXT NOT NULL,
  col TEXT NOT NULL,
  old ANY,
  new ANY,
  PRIMARY KEY (seq, tbl, key, col)
) STRICT, WITHOUT ROWID;
CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  -- the VM's name, or empty
  subject TEXT NOT NULL,
  name TEXT NOT NULL,
  -- key NUL value NUL …, as on the wire
  keys BLOB NOT NULL
) STRICT;
CREATE TABLE intent (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('create', 'start', 'remove', 'pause')),
  -- what it is about; a create has no VM yet, a remove no more
  vm INTEGER,
  name TEXT NOT NULL,
  pid INTEGER NOT NULL,
  -- clock ticks from boot, as in /proc/PID/stat
  pid_start TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX intent_by_vm ON intent (vm) WHERE vm IS NOT NULL;
CREATE UNIQUE INDEX intent_by_new_name ON intent (name) WHERE kind = 'create';
CREATE TABLE intent_volume (
  intent INTEGER NOT NULL REFERENCES intent (id),
  pool INTEGER NOT NULL REFERENCES pool (id),
  vid TEXT NOT NULL,
  PRIMARY KEY (intent, pool, vid)
) STRICT, WITHOUT ROWID;
CREATE TABLE running (
  vm INTEGER PRIMARY KEY REFERENCES vm (qid),
  -- rows of another boot of dom0 are not believed
  boot_id TEXT NOT NULL,
  domain INTEGER NOT NULL,
  -- microseconds since 1970, UTC
  started_at INTEGER NOT NULL,
  shutdown_requested INTEGER NOT NULL CHECK (shutdown_requested IN (0, 1)),
  -- paused while dom0 sleeps, to be unpaused when it wakes
  asleep INTEGER NOT NULL DEFAULT 0 CHECK (asleep IN (0, 1))
) STRICT;
CREATE TABLE clone_token (
  token TEXT PRIMARY KEY NOT NULL,
  -- goes with it, since another volume may get its id
  volume INTEGER NOT NULL REFERENCES volume (id) ON DELETE CASCADE,
  -- microseconds since 1970, UTC
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
