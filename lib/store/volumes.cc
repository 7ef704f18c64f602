// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/volumes.h"

namespace qubes::mgmt {
namespace {

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
  return volume;
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
  auto rows = store_.query("SELECT name FROM pool ORDER BY name");
  while (rows.next()) names.push_back(rows.text(0));
  return names;
}

std::vector<Pool> PoolTable::all() const {
  std::vector<Pool> pools;
  auto ids = store_.query("SELECT id FROM pool ORDER BY id");
  while (ids.next()) pools.push_back(get(ids.number(0)));
  return pools;
}

void PoolTable::add(const Pool& pool) const {
  store_.execute("INSERT INTO pool (id, name, driver) VALUES (?, ?, ?)", pool.id, pool.name,
                 pool.driver);
  for (const auto& [name, value] : pool.options)
    store_.execute("INSERT INTO pool_option (pool, name, value) VALUES (?, ?, ?)", pool.id, name,
                   value);
}

std::vector<Volume> VolumeTable::of_vm(Qid vm) const {
  std::vector<Volume> volumes;
  auto rows = store_.query(
      "SELECT id, vm, name, pool, vid, size, source, rw, save_on_stop, snap_on_start, "
      "revisions_to_keep, ephemeral FROM volume WHERE vm = ? ORDER BY id",
      vm);
  while (rows.next()) volumes.push_back(row(rows));
  return volumes;
}

std::optional<Volume> VolumeTable::find(Qid vm, std::string_view name) const {
  auto rows = store_.query(
      "SELECT id, vm, name, pool, vid, size, source, rw, save_on_stop, snap_on_start, "
      "revisions_to_keep, ephemeral FROM volume WHERE vm = ? AND name = ?",
      vm, name);
  if (!rows.next()) return std::nullopt;
  return row(rows);
}

Volume VolumeTable::get(std::int64_t id) const {
  auto rows = store_.query(
      "SELECT id, vm, name, pool, vid, size, source, rw, save_on_stop, snap_on_start, "
      "revisions_to_keep, ephemeral FROM volume WHERE id = ?",
      id);
  if (!rows.next()) throw sqlite::damaged_store();
  return row(rows);
}

std::int64_t VolumeTable::add(const Volume& volume) const {
  const std::optional<std::int64_t> id = volume.id == 0 ? std::nullopt : std::optional{volume.id};
  const std::optional<std::int64_t> ephemeral =
      volume.ephemeral ? std::optional<std::int64_t>{*volume.ephemeral ? 1 : 0} : std::nullopt;
  store_.execute(
      "INSERT INTO volume (id, vm, name, pool, vid, size, source, rw, save_on_stop, "
      "snap_on_start, revisions_to_keep, ephemeral) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      id, volume.vm, volume.name, volume.pool, view(volume.vid), volume.size, volume.source,
      volume.rw, volume.save_on_stop, volume.snap_on_start, volume.revisions_to_keep, ephemeral);
  return store_.last_insert_id();
}

std::int64_t VolumeTable::number_without_vm() const {
  auto rows = store_.query("SELECT count(*) FROM volume WHERE vm IS NULL");
  rows.next();
  return rows.number(0);
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
