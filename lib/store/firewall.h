// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/firewall_list.h"
#include "model/firewall_rule.h"
#include "model/vm.h"
#include "store/sqlite.h"

namespace qubes::mgmt {

/// A rule as the store keeps it.
struct FirewallRow {
  FirewallRuleId id;
  /// Rules apply by it, in ascending order.
  std::int64_t position;
  FirewallRule rule;

  bool operator==(const FirewallRow&) const = default;
};

/// The firewall rules of VMs.
class FirewallTable {
 public:
  explicit FirewallTable(const sqlite::Database& store) : store_{store} {}

  /// In the order in which they apply, expired ones too. Nothing where a VM has none of its
  /// own, so that everything is let through; an empty list drops everything.
  std::optional<std::vector<FirewallRow>> of_vm(Qid vm) const;

  /// Replaces the whole list of a VM. A line that names an id keeps it; the others get ids that
  /// no rule of the VM has had. Answers what is there then.
  std::vector<FirewallRow> put(Qid vm, std::span<const FirewallLine> lines) const;

 private:
  std::int64_t last_id(Qid vm) const;
  void drop(Qid vm, const FirewallRow& row) const;
  void insert(Qid vm, const FirewallRow& row) const;

  const sqlite::Database& store_;
};

}  // namespace qubes::mgmt
