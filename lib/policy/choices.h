// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <span>
#include <string>

#include "policy/destination.h"
#include "policy/rule.h"

namespace qubes::mgmt {

/// The destinations, by their text, which these rules leave a person to choose from: what they
/// allow or ask for, less what an earlier one of them denies. `@dispvm` is one of them as such.
std::map<std::string, Destination> choices_of(std::span<const PolicyRule* const> rules,
                                              const SystemInfo& system);

}  // namespace qubes::mgmt
