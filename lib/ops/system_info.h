// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ops/context.h"
#include "ops/vms.h"
#include "store/labels.h"

namespace qubes::mgmt {

/// What the policy daemon of qrexec wants to know of a VM.
struct SystemEntry {
  VmWithState vm;
  Label label;
  std::vector<std::string> tags;
  std::optional<std::string> internal;
  bool template_for_dispvms;
  /// Names of VMs, or empty.
  std::string default_dispvm;
  std::string guivm;
};

/// All VMs, dom0 first. Asked at each call of any VM: two queries and one look at Xen, however
/// many VMs there are.
std::vector<SystemEntry> system_info(const Context& context);

}  // namespace qubes::mgmt
