// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "hypervisor/domains.h"
#include "model/vm.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// Brings the store and the VM's volumes in line with what Xen shows; the caller holds the
/// VM's lock. However a domain has ended (shut down, killed, crashed, rebooted itself, lost
/// with dom0), and wherever a start has broken off, this is the one place where it is tidied:
/// what is left of the domain is destroyed, volumes are committed or dropped, notes of it go,
/// the events say so. Gives the domain if the VM has one that lives.
std::optional<Domain> settle_vm(Context& context, const Vm& vm);

/// Settles every VM that may need it and that no other call works on. Says how many VMs still
/// have a domain, so that the reaper knows when it may go.
std::size_t settle_all(Context& context);

}  // namespace qubes::mgmt
