// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "ops/vms.h"

namespace qubes::mgmt {

/// All VMs where `target` is dom0, else that one; as far as the caller may see them. dom0 itself
/// sees all; another VM sees those to which the policy lets it make this very call.
std::vector<VmWithState> visible_vms(const Context& context, const VmReference& target);

}  // namespace qubes::mgmt
