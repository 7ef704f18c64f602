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

  /// By name.
  std::vector<std::string> names() const;

  /// In the order in which they were added.
  std::vector<Pool> all() const;

  /// With the id that it says.
  void add(const Pool& pool) const;

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
  /// None: as the pool says.
  std::optional<bool> ephemeral;
};

class VolumeTable {
 public:
  explicit VolumeTable(const sqlite::Database& store) : store_{store} {}

  /// In the order in which a guest sees them: root, private, volatile, kernel.
  std::vector<Volume> of_vm(Qid vm) const;

  std::optional<Volume> find(Qid vm, std::string_view name) const;
  Volume get(std::int64_t id) const;

  /// With the id that it says; 0: the next one. Gives the id.
  std::int64_t add(const Volume& volume) const;

  /// How many belong to no VM, but to their pool alone.
  std::int64_t number_without_vm() const;

  /// Makes `source` what the volume is a snapshot of; pool and size are the source's.
  void set_source(std::int64_t id, const Volume& source) const;

  /// Whether a volume or an intent has this id in this pool.
  bool is_taken(std::int64_t pool, const Vid& vid) const;

 private:
  const sqlite::Database& store_;
};

}  // namespace qubes::mgmt
