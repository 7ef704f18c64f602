// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "model/firewall_rule.h"
#include "model/vm.h"
#include "store/sqlite.h"

namespace qubes::mgmt {

/// The firewall rules of VMs.
class FirewallTable {
 public:
  explicit FirewallTable(const sqlite::Database& store) : store_{store} {}

  /// In the order in which they apply, expired ones too. Nothing where a VM has none of its
  /// own, so that everything is let through; an empty list drops everything.
  std::optional<std::vector<FirewallRule>> of_vm(Qid vm) const;

  /// Gives a VM that has none its own rules, numbered from 1.
  void add(Qid vm, std::span<const FirewallRule> rules) const;

 private:
  const sqlite::Database& store_;
};

}  // namespace qubes::mgmt
