// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/vm.h"
#include "model/volume.h"
#include "store/sqlite.h"

namespace qubes::mgmt {

enum class IntentKind {
  create,
  start,
  remove,
  pause,  ///< for a moment, by a call that unpauses it again
};

struct VolumeId {
  std::int64_t pool;
  Vid vid;
};

/// Work outside the store that some process has begun and not yet recorded the outcome of.
struct Intent {
  std::int64_t id;
  IntentKind kind;
  std::optional<Qid> vm;
  std::string name;
  std::vector<VolumeId> volumes;
};

class IntentTable {
 public:
  explicit IntentTable(const sqlite::Database& store) : store_{store} {}

  /// Notes that this process begins; returns the intent's id.
  std::int64_t add(IntentKind kind, std::optional<Qid> vm, std::string_view name,
                   const std::vector<VolumeId>& volumes) const;

  void drop(std::int64_t id) const;

  /// Those whose process is gone: of this VM, or of no VM that exists.
  std::vector<Intent> orphans_of(Qid vm) const;
  std::vector<Intent> orphans_without_vm() const;

  /// Whether the name is that of a VM in the making, whose maker may be gone.
  bool is_being_created(std::string_view name) const;

  /// Whether a process that lives is making a VM of this name, or starting this VM.
  bool is_being_made_now(std::string_view name) const;
  bool is_being_started(Qid vm) const;

  /// Whether nothing at all was begun and is not yet ended.
  bool is_empty() const;

 private:
  std::vector<Intent> orphans(sqlite::Rows rows) const;

  const sqlite::Database& store_;
};

/// A VM whose domain was started, as recorded; Xen has the last word.
struct Running {
  std::uint32_t domain;
  std::int64_t started_at;
  bool shutdown_requested;
  /// Paused because dom0 went to sleep.
  bool is_asleep;
  /// Recorded since dom0 was last booted. If not, no domain of that time is left.
  bool of_this_boot;
};

class RunningTable {
 public:
  explicit RunningTable(const sqlite::Database& store) : store_{store} {}

  std::optional<Running> find(Qid vm) const;
  void add(Qid vm, std::uint32_t domain) const;
  void note_shutdown_request(Qid vm) const;
  void note_asleep(Qid vm, bool asleep) const;
  void drop(Qid vm) const;

 private:
  const sqlite::Database& store_;
};

}  // namespace qubes::mgmt
