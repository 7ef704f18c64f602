// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "base/fault.h"
#include "base/lock.h"
#include "hypervisor/domains.h"
#include "model/names.h"
#include "model/vm.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// A VM whose lock is held and which was settled, so that store and Xen agree.
struct HeldVm {
  FileLock lock;
  Vm vm;
  std::optional<Domain> domain;
};

/// For calls that change what a VM's domain does. Throws no_xen, no_such_vm, vm_failed for dom0,
/// busy where another call holds it.
HeldVm hold_vm(Context& context, const VmReference& reference);

/// Throws this kind where the VM is halted.
void require_domain(const HeldVm& held, FaultKind kind);

}  // namespace qubes::mgmt
