// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "hypervisor/hypervisor.h"

namespace qubes::mgmt::xen {

/// Throws failed unless the files that a domain boots from and its block devices are there,
/// in better words than libxl's, and before it waits for any of them.
void require_files(const DomainSpec& spec);

/// The same for a disk by itself.
void require_block_device(const DiskSpec& disk);

}  // namespace qubes::mgmt::xen
