// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "ops/vms.h"

namespace qubes::mgmt {

/// All VMs where `target` is dom0, else that one; as far as the caller may see them: dom0
/// itself sees all, another VM dom0, itself and those that it has created.
std::vector<VmWithState> visible_vms(const Context& context, const VmReference& target);

}  // namespace qubes::mgmt
