// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/names.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// Starts a VM. One that runs or is paused already is no fault and stays as it is; one that
/// another call starts just now is waited for. Returns what a person should be told besides.
std::vector<std::string> start_vm(Context& context, const VmReference& reference);

}  // namespace qubes::mgmt
