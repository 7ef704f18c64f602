// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/handle.h"
#include "hypervisor/hypervisor.h"

extern "C" {
#include <libxl.h>
}

namespace qubes::mgmt::xen {

using DomainConfig =
    Value<libxl_domain_config, libxl_domain_config_init, libxl_domain_config_dispose>;

/// Says in libxl's terms what the domain is to be. Asks nobody and changes nothing, so it
/// works without Xen. The config is a fresh one and owns all that it gets.
void describe(const DomainSpec& spec, libxl_domain_config& config);

using DiskConfig = Value<libxl_device_disk, libxl_device_disk_init, libxl_device_disk_dispose>;

using PciConfig = Value<libxl_device_pci, libxl_device_pci_init, libxl_device_pci_dispose>;

/// The same for one device.
void describe(const PciSpec& device, libxl_device_pci& config);
void describe(const DiskSpec& disk, const std::string& block_script, libxl_device_disk& config);

}  // namespace qubes::mgmt::xen
