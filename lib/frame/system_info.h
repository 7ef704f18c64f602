// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "ops/system_info.h"

namespace qubes::mgmt {

/// The JSON that the policy daemon of qrexec reads (qrexec/utils.py, get_system_info), in which
/// a VM without a name for something has null.
std::string system_info_json(const std::vector<SystemEntry>& entries);

}  // namespace qubes::mgmt
