// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "model/vm.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// What Xen is to be told of the VM, its disks left out. Throws what makes it unstartable.
DomainSpec domain_spec(const Context& context, const Vm& vm);

/// Throws no_memory, with the figures, when Xen has less than the VM starts with.
void require_memory(const Hypervisor& xen, const Vm& vm, const DomainSpec& spec);

}  // namespace qubes::mgmt
