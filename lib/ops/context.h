// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/root.h"
#include "guest/guest_store.h"
#include "hypervisor/attachments.h"
#include "hypervisor/domains.h"
#include "hypervisor/hypervisor.h"
#include "storage/pool_driver.h"
#include "store/change.h"
#include "store/sqlite.h"
#include "store/volumes.h"

namespace qubes::mgmt {

/// What lies outside the store. The frame makes the real things when they are first asked for;
/// tests hand in false ones.
class Outside {
 public:
  virtual ~Outside() = default;

  /// nullptr on a machine without Xen, where every VM is halted. Throws no_xen where Xen is
  /// there and cannot be asked.
  virtual Domains* domains() = 0;

  /// All three throw no_xen on a machine without Xen.
  virtual Hypervisor& hypervisor() = 0;
  virtual Attachments& attachments() = 0;
  virtual GuestStore& guest_store() = 0;

  virtual std::unique_ptr<PoolDriver> open_pool(const Pool& pool) = 0;

  virtual Progress& progress() = 0;

  /// The path of one of our own programs.
  virtual std::string program(std::string_view name) const = 0;
};

/// Thrown where a rehearsed call (--dry-run) would do its first lasting thing. Not a fault.
struct Rehearsed {
  std::vector<ChangedValue> changes;
  /// What would follow outside the store, in order.
  std::vector<std::string> effects;
};

enum class Rehearsal { no, yes };

/// What one call works with, and for whom.
class Context {
 public:
  Context(const sqlite::Database& open_store, const Root& file_root, Outside& the_outside,
          Origin of_call, Rehearsal rehearsal)
      : store{open_store},
        root{file_root},
        outside{the_outside},
        origin{std::move(of_call)},
        rehearsal_{rehearsal} {}

  const sqlite::Database& store;
  const Root& root;
  Outside& outside;
  const Origin origin;

  bool is_from_dom0() const { return origin.source == "dom0"; }

  bool is_rehearsal() const { return rehearsal_ == Rehearsal::yes; }

  /// Opens the write transaction; there is at most one at a time.
  Change& begin(Recorded recorded = Recorded::values);

  /// The one that is open.
  Change& change();

  /// Makes it last. Throws Rehearsed instead in a rehearsal.
  void commit();

  /// Gives it up.
  void roll_back() { change_.reset(); }

  /// Says what comes next outside the store. Throws Rehearsed instead in a rehearsal.
  void before_effect(std::string_view effect) const;

 private:
  Rehearsal rehearsal_;
  std::optional<Change> change_;
};

}  // namespace qubes::mgmt
