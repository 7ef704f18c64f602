// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "hypervisor/hypervisor.h"
#include "hypervisor/xen/session.h"

namespace qubes::mgmt::xen {

// What Hypervisor does, without its limits in time: each of these waits as long as libxl does.

/// Makes the domain, paused, or leaves nothing of it. Faults: not_halted where Xen has a
/// domain of this uuid that is not dying; no_memory; failed.
DomainId create_domain(Session& session, const DomainSpec& spec);

/// Throws not_running where the domain is gone.
void require_there(Session& session, DomainId domain);

/// Takes away what is there of the domain; one that is gone is no fault.
void destroy_domain(Session& session, DomainId domain);
/// Faults: not_running where the domain is gone; failed.
void pause_domain(Session& session, DomainId domain);
void unpause_domain(Session& session, DomainId domain);
void suspend_domain(Session& session, DomainId domain);
void resume_domain(Session& session, DomainId domain);
bool has_disk(Session& session, DomainId domain, const std::string& frontend);
/// Faults: not_running where the domain is gone; failed.
void attach_disk(Session& session, DomainId domain, const DiskSpec& disk,
                 const std::string& block_script);
void detach_disk(Session& session, DomainId domain, const std::string& frontend);
std::uint64_t free_memory_kib(Session& session);

}  // namespace qubes::mgmt::xen
