// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/vm.h"
#include "store/labels.h"
#include "store/sqlite.h"

namespace qubes::mgmt {

/// Values by name. A property that names a VM has the VM's name, or is empty for "none".
using StoredValues = std::map<std::string, std::string, std::less<>>;

/// What is stored about all VMs, read in one query for those who look at every VM.
struct Overview {
  struct OfVm {
    /// Those that differ from their defaults, and the template.
    StoredValues properties;
    /// Sorted.
    std::vector<std::string> tags;
    /// The feature `internal`.
    std::optional<std::string> internal;
  };

  std::map<Qid, OfVm> vms;
  std::map<std::int64_t, Label> labels;
  StoredValues globals;
};

Overview read_overview(const sqlite::Database& store);

}  // namespace qubes::mgmt
