// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/vm.h"
#include "model/volume.h"
#include "store/sqlite.h"

namespace qubes::mgmt {

struct Pool {
  std::int64_t id;
  std::string name;
  std::string driver;
  std::map<std::string, std::string, std::less<>> options;
};

class PoolTable {
 public:
  explicit PoolTable(const sqlite::Database& store) : store_{store} {}

  std::optional<Pool> find(std::string_view name) const;
  Pool get(std::int64_t id) const;

  /// Both in the order in which they were added.
  std::vector<std::string> names() const;
  std::vector<Pool> all() const;

  /// With the id that it says; 0: the next one. Gives the id.
  std::int64_t add(const Pool& pool) const;
  void set_option(std::int64_t id, std::string_view name, std::string_view value) const;
  void remove(std::int64_t id) const;

  /// Whether any volume or intent names it.
  bool is_used(std::int64_t id) const;

 private:
  std::optional<Pool> first(sqlite::Rows rows) const;

  const sqlite::Database& store_;
};

/// A volume as the store knows it.
struct Volume {
  std::int64_t id = 0;
  std::optional<Qid> vm;
  std::string name;
  std::int64_t pool = 0;
  /// None for a kernel volume: which kernel it is, the VM's property says.
  std::optional<Vid> vid;
  std::uint64_t size = 0;
  std::optional<std::int64_t> source;
  bool rw = true;
  bool save_on_stop = false;
  bool snap_on_start = false;
  int revisions_to_keep = 1;
  /// Nothing: as the pool says.
  std::optional<bool> ephemeral;
  /// What the guest calls it, of one that was attached; empty for the others.
  std::string frontend;
};

/// A snapshot that has a name, and is kept for it.
struct NamedSnapshot {
  std::string revision;
  std::string name;
};

class VolumeTable {
 public:
  explicit VolumeTable(const sqlite::Database& store) : store_{store} {}

  /// In the order in which a guest sees them: root, private, volatile, kernel.
  std::vector<Volume> of_vm(Qid vm) const;

  std::optional<Volume> find(Qid vm, std::string_view name) const;
  Volume get(std::int64_t id) const;
  std::optional<Volume> find(std::int64_t pool, const Vid& vid) const;
  std::optional<Volume> find_by_id(std::int64_t id) const;

  /// Those that are snapshots of this one at each start.
  std::vector<Volume> made_of(std::int64_t source) const;

  /// Of a pool, as they were made.
  std::vector<Volume> of_pool(std::int64_t pool) const;

  /// With the id that it says; 0: the next one. Gives the id.
  std::int64_t add(const Volume& volume) const;

  /// How many belong to no VM, but to their pool alone.
  std::int64_t number_without_vm() const;

  /// Each writes what it names and nothing else, as other calls may change the rest.
  void set_size(std::int64_t id, std::uint64_t size) const;
  void set_rw(std::int64_t id, bool rw) const;
  void set_revisions_to_keep(std::int64_t id, int number) const;
  void set_ephemeral(std::int64_t id, bool ephemeral) const;

  /// Lends it to a VM, whose disk of this name it is.
  void lend(std::int64_t id, Qid vm, std::string_view frontend) const;
  void give_back(std::int64_t id) const;

  /// The row alone, with the names of its snapshots.
  void remove(std::int64_t id) const;

  /// By name; several may be of one revision.
  std::vector<NamedSnapshot> named_snapshots(std::int64_t id) const;
  void name_snapshot(std::int64_t id, const NamedSnapshot& snapshot) const;
  void forget_snapshot(std::int64_t id, std::string_view name) const;

  /// Makes `source` what the volume is a snapshot of; pool and size are the source's.
  void set_source(std::int64_t id, const Volume& source) const;

  /// Whether a volume or an intent has this id in this pool.
  bool is_taken(std::int64_t pool, const Vid& vid) const;

 private:
  const sqlite::Database& store_;
};

}  // namespace qubes::mgmt
