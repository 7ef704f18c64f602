// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/device.h"

namespace qubes::mgmt {

/// Where dom0's kernel shows its hardware: /sys and /proc, or what stands for them.
struct HostFolders {
  std::filesystem::path sys;
  std::filesystem::path proc;
};

/// All of dom0's PCI devices, by port.
std::vector<Device> host_pci_devices(const HostFolders& host);

/// The port of a PCI device, which stays the same whatever else is plugged in: the way to it
/// over bridges, "00_1d.0-00_00.0". Nothing where dom0 has no device of this address.
std::optional<std::string> pci_port(const HostFolders& host, const std::string& address);

/// The address of the device at a port, "0000:00:1d.0".
std::optional<std::string> pci_address(const HostFolders& host, const std::string& port);

/// The driver of dom0 that a PCI device is bound to; empty where there is none.
std::string pci_driver(const HostFolders& host, const std::string& address);

/// dom0's disks, partitions and loop devices that nothing in dom0 uses, by name. What lies on LVM
/// or in a file below one of the `hidden` folders is some VM's already.
std::vector<Device> host_block_devices(const HostFolders& host,
                                       const std::vector<std::filesystem::path>& hidden);

}  // namespace qubes::mgmt
