// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hypervisor/domains.h"
#include "model/vm.h"
#include "ops/context.h"

namespace qubes::mgmt {

struct Settled {
  /// If the VM has one that lives.
  std::optional<Domain> domain;
  /// The VM is no more.
  bool is_removed = false;
};

/// Brings the store and the VM's volumes in line with what Xen shows; the caller holds the
/// VM's lock. However a domain has ended (shut down, killed, crashed, rebooted itself, lost
/// with dom0), and wherever a start has broken off, this is the one place where it is tidied:
/// what is left of the domain is destroyed, volumes are committed or dropped, notes of it go,
/// the events say so. A disposable that has ended and cleans up is removed.
Settled settle_vm(Context& context, const Vm& vm);

/// What the reaper goes by: VMs that have a domain, and VMs that another call works on. What
/// those will be, nobody can tell yet.
struct Unsettled {
  std::size_t running = 0;
  std::size_t worked_on = 0;
  /// What could not be settled, a sentence each.
  std::vector<std::string> failures = {};
};

/// Settles every VM that may need it and that no other call works on.
Unsettled settle_all(Context& context);

}  // namespace qubes::mgmt
