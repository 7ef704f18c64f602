// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "hypervisor/hypervisor.h"
#include "hypervisor/xen/session.h"

namespace qubes::mgmt::xen {

// What Hypervisor does with PCI devices, without its limits in time.

/// Faults: not_running where the domain is gone; failed.
void attach_pci(Session& session, DomainId domain, const PciSpec& device);
/// One that it does not have is no fault.
void detach_pci(Session& session, DomainId domain, const std::string& address);
void release_pci(Session& session, const std::string& address);

}  // namespace qubes::mgmt::xen
