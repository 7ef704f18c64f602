// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "model/global_property.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// Applies the rules that need the store: what a value names exists and fits. The value is
/// canonical; empty for a VM means none. Throws bad_property_value.
void check_global(const Context& context, const GlobalProperty& property, const std::string& value);

}  // namespace qubes::mgmt
