// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "frame/call.h"

namespace qubes::mgmt {

/// What `--help` prints for a call that is known by this name; at most 80 columns.
std::string help_text(const Call& call, std::string_view name);

/// The words a shell user gives: "VM PROPERTY VALUE".
std::string synopsis(const Call& call);

}  // namespace qubes::mgmt
