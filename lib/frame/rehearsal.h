// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "ops/context.h"

namespace qubes::mgmt {

/// What --dry-run prints: a line for each value that would change, then what would follow.
std::string describe(const Rehearsed& rehearsed);

}  // namespace qubes::mgmt
