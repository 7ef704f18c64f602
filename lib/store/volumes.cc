// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/volumes.h"

#include "base/text.h"

namespace qubes::mgmt {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, vm, name, pool, vid, size, source, rw, save_on_stop, snap_on_start, "
    "revisions_to_keep, ephemeral, frontend FROM volume ";

Volume row(const sqlite::Rows& rows) {
  Volume volume;
  volume.id = rows.number(0);
  volume.vm = rows.optional_number(1);
  volume.name = rows.text(2);
  volume.pool = rows.number(3);
  if (!rows.is_null(4)) volume.vid = rows.text(4);
  volume.size = static_cast<std::uint64_t>(rows.number(5));
  volume.source = rows.optional_number(6);
  volume.rw = rows.number(7) != 0;
  volume.save_on_stop = rows.number(8) != 0;
  volume.snap_on_start = rows.number(9) != 0;
  volume.revisions_to_keep = static_cast<int>(rows.number(10));
  if (!rows.is_null(11)) volume.ephemeral = rows.number(11) != 0;
  if (!rows.is_null(12)) volume.frontend = rows.text(12);
  return volume;
}

std::vector<Volume> every(sqlite::Rows rows) {
  std::vector<Volume> volumes;
  while (rows.next()) volumes.push_back(row(rows));
  return volumes;
}

std::optional<std::int64_t> number(std::optional<bool> truth) {
  if (!truth) return std::nullopt;
  return *truth ? 1 : 0;
}

std::optional<std::string_view> or_null(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<std::string_view> view(const std::optional<Vid>& vid) {
  if (!vid) return std::nullopt;
  return *vid;
}

}  // namespace

std::optional<Pool> PoolTable::first(sqlite::Rows rows) const {
  if (!rows.next()) return std::nullopt;
  Pool pool{rows.number(0), rows.text(1), rows.text(2), {}};
  auto options = store_.query("SELECT name, value FROM pool_option WHERE pool = ?", pool.id);
  while (options.next()) pool.options.emplace(options.text(0), options.text(1));
  return pool;
}

std::optional<Pool> PoolTable::find(std::string_view name) const {
  return first(store_.query("SELECT id, name, driver FROM pool WHERE name = ?", name));
}

Pool PoolTable::get(std::int64_t id) const {
  auto pool = first(store_.query("SELECT id, name, driver FROM pool WHERE id = ?", id));
  if (!pool) throw sqlite::damaged_store();
  return *pool;
}

std::vector<std::string> PoolTable::names() const {
  std::vector<std::string> names;
  auto rows = store_.query("SELECT name FROM pool ORDER BY id");
  while (rows.next()) names.push_back(rows.text(0));
  return names;
}

std::vector<Pool> PoolTable::all() const {
  std::vector<Pool> pools;
  auto ids = store_.query("SELECT id FROM pool ORDER BY id");
  while (ids.next()) pools.push_back(get(ids.number(0)));
  return pools;
}

std::int64_t PoolTable::add(const Pool& pool) const {
  store_.execute("INSERT INTO pool (id, name, driver) VALUES (nullif(?, 0), ?, ?)", pool.id,
                 pool.name, pool.driver);
  const std::int64_t id = store_.last_insert_id();
  for (const auto& [name, value] : pool.options) set_option(id, name, value);
  return id;
}

void PoolTable::set_option(std::int64_t id, std::string_view name, std::string_view value) const {
  store_.execute(
      "INSERT INTO pool_option (pool, name, value) VALUES (?, ?, ?) "
      "ON CONFLICT (pool, name) DO UPDATE SET value = excluded.value",
      id, name, value);
}

void PoolTable::remove(std::int64_t id) const {
  store_.execute("DELETE FROM pool_option WHERE pool = ?", id);
  store_.execute("DELETE FROM pool WHERE id = ?", id);
}

bool PoolTable::is_used(std::int64_t id) const {
  auto rows = store_.query(
      "SELECT 1 FROM volume WHERE pool = ?1 UNION ALL SELECT 1 FROM intent_volume WHERE pool = ?1",
      id);
  return rows.next();
}

std::vector<Volume> VolumeTable::of_vm(Qid vm) const {
  return every(store_.query(concat(kSelect, "WHERE vm = ? ORDER BY id"), vm));
}

std::optional<Volume> VolumeTable::find(Qid vm, std::string_view name) const {
  auto rows = store_.query(concat(kSelect, "WHERE vm = ? AND name = ?"), vm, name);
  if (!rows.next()) return std::nullopt;
  return row(rows);
}

std::optional<Volume> VolumeTable::find_by_id(std::int64_t id) const {
  auto rows = store_.query(concat(kSelect, "WHERE id = ?"), id);
  if (!rows.next()) return std::nullopt;
  return row(rows);
}

Volume VolumeTable::get(std::int64_t id) const {
  const auto found = find_by_id(id);
  if (!found) throw sqlite::damaged_store();
  return *found;
}

std::optional<Volume> VolumeTable::find(std::int64_t pool, const Vid& vid) const {
  auto rows = store_.query(concat(kSelect, "WHERE pool = ? AND vid = ?"), pool, vid);
  if (!rows.next()) return std::nullopt;
  return row(rows);
}

std::vector<Volume> VolumeTable::made_of(std::int64_t source) const {
  return every(store_.query(concat(kSelect, "WHERE source = ? ORDER BY id"), source));
}

std::vector<Volume> VolumeTable::of_pool(std::int64_t pool) const {
  return every(store_.query(concat(kSelect, "WHERE pool = ? ORDER BY id"), pool));
}

std::int64_t VolumeTable::add(const Volume& volume) const {
  store_.execute(
      "INSERT INTO volume (id, vm, name, pool, vid, size, source, rw, save_on_stop, "
      "snap_on_start, revisions_to_keep, ephemeral, frontend) "
      "VALUES (nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      volume.id, volume.vm, volume.name, volume.pool, view(volume.vid), volume.size, volume.source,
      volume.rw, volume.save_on_stop, volume.snap_on_start, volume.revisions_to_keep,
      number(volume.ephemeral), or_null(volume.frontend));
  return store_.last_insert_id();
}

std::int64_t VolumeTable::number_without_vm() const {
  auto rows = store_.query("SELECT count(*) FROM volume WHERE vm IS NULL");
  rows.next();
  return rows.number(0);
}

void VolumeTable::set_size(std::int64_t id, std::uint64_t size) const {
  store_.execute("UPDATE volume SET size = ? WHERE id = ?", size, id);
}

void VolumeTable::set_rw(std::int64_t id, bool rw) const {
  store_.execute("UPDATE volume SET rw = ? WHERE id = ?", rw, id);
}

void VolumeTable::set_revisions_to_keep(std::int64_t id, int number) const {
  store_.execute("UPDATE volume SET revisions_to_keep = ? WHERE id = ?", number, id);
}

void VolumeTable::set_ephemeral(std::int64_t id, bool ephemeral) const {
  store_.execute("UPDATE volume SET ephemeral = ? WHERE id = ?", ephemeral, id);
}

void VolumeTable::lend(std::int64_t id, Qid vm, std::string_view frontend) const {
  store_.execute("UPDATE volume SET vm = ?, frontend = ? WHERE id = ?", vm, frontend, id);
}

void VolumeTable::give_back(std::int64_t id) const {
  store_.execute("UPDATE volume SET vm = NULL, frontend = NULL WHERE id = ?", id);
}

void VolumeTable::remove(std::int64_t id) const {
  store_.execute("DELETE FROM volume_snapshot WHERE volume = ?", id);
  store_.execute("DELETE FROM volume WHERE id = ?", id);
}

std::vector<NamedSnapshot> VolumeTable::named_snapshots(std::int64_t id) const {
  std::vector<NamedSnapshot> named;
  auto rows =
      store_.query("SELECT revision, name FROM volume_snapshot WHERE volume = ? ORDER BY name", id);
  while (rows.next()) named.push_back({rows.text(0), rows.text(1)});
  return named;
}

void VolumeTable::name_snapshot(std::int64_t id, const NamedSnapshot& snapshot) const {
  store_.execute("INSERT INTO volume_snapshot (volume, revision, name) VALUES (?, ?, ?)", id,
                 snapshot.revision, snapshot.name);
}

void VolumeTable::forget_snapshot(std::int64_t id, std::string_view name) const {
  store_.execute("DELETE FROM volume_snapshot WHERE volume = ? AND name = ?", id, name);
}

void VolumeTable::set_source(std::int64_t id, const Volume& source) const {
  store_.execute("UPDATE volume SET source = ?, pool = ?, size = ? WHERE id = ?", source.id,
                 source.pool, source.size, id);
}

bool VolumeTable::is_taken(std::int64_t pool, const Vid& vid) const {
  auto rows = store_.query(
      "SELECT 1 FROM volume WHERE pool = ?1 AND vid = ?2 "
      "UNION ALL SELECT 1 FROM intent_volume WHERE pool = ?1 AND vid = ?2",
      pool, vid);
  return rows.next();
}

}  // namespace qubes::mgmt
