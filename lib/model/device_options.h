// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>

#include "model/device_payload.h"

namespace qubes::mgmt {

/// How a disk is to be shown to the VM that gets it. Throws bad_value.
struct BlockOptions {
  static BlockOptions parse(const DeviceOptions& options);

  std::string frontend = {};  ///< what the guest calls it; the first that is free, if empty
  std::optional<bool> read_only = {};
  bool is_cdrom = false;
};

/// How a PCI device is to be given to a VM. Throws bad_value.
struct PciOptions {
  static PciOptions parse(const DeviceOptions& options);

  bool permissive = false;
};

/// Throws bad_value for an option, or a value of one, that devices of the class
/// do not have, and failed where these have none at all.
void check_options(DeviceClass device_class, const DeviceOptions& options);

/// The first name for a disk in a guest that is not taken. Throws failed where
/// all are.
std::string free_disk_name(const std::vector<std::string>& taken, bool is_cdrom);

}  // namespace qubes::mgmt
