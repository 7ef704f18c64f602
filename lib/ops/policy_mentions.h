// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "ops/context.h"

namespace qubes::mgmt {

/// A sentence for each line of the qrexec policy that names the VM, by itself or in a tag such
/// as created-by-NAME. Files that cannot be read are named too.
std::vector<std::string> policy_mentions(const Context& context, const std::string& vm);

}  // namespace qubes::mgmt
