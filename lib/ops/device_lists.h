// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hypervisor/host_devices.h"
#include "model/device.h"
#include "model/device_assignment.h"
#include "model/device_reference.h"
#include "model/vm.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// What a VM offers to others, by port; none while it is halted. Xen and guests are asked.
struct OfferedDevices {
  std::vector<Device> devices = {};
  /// What a person should know besides.
  std::vector<std::string> warnings = {};
};

OfferedDevices offered_devices(const Context& context, const Vm& backend, DeviceClass device_class);

/// A device that a VM has, or is to have.
struct HeldDevice {
  DeviceReference device;
  /// Nothing where it was attached by hand.
  std::optional<DeviceMode> mode;
  std::map<std::string, std::string, std::less<>> options = {};
};

/// What a VM has now, whatever the store says of it.
std::vector<HeldDevice> attached_devices(const Context& context, const Vm& vm,
                                         DeviceClass device_class);

/// What the store says that a VM is to have.
std::vector<HeldDevice> assigned_devices(const Context& context, const Vm& vm,
                                         DeviceClass device_class);

/// Leaves the one that is asked for, by backend and port. Throws no_such_device where that does
/// not say which.
void keep_only(std::vector<HeldDevice>& devices, const std::optional<DeviceReference>& wanted);

/// A disk that is none of a VM's own or lent volumes, and the device behind it.
struct BlockAttachment {
  std::string backend;
  std::string port;
  AttachedDisk disk;
};

std::vector<BlockAttachment> block_attachments(const Context& context, const Vm& vm,
                                               DomainId domain);

/// Where dom0's hardware is seen; a scratch root has its own.
HostFolders host_folders(const Context& context);

}  // namespace qubes::mgmt
