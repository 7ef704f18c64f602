// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/global_property.h"
#include "ops/context.h"
#include "ops/properties.h"

namespace qubes::mgmt {

/// The value in force of a global property; a VM's is its name, or empty.
std::string global_value(const Context& context, std::string_view name);

PropertyReading read_global(const Context& context, const GlobalProperty& property);

/// What holds where none is set.
std::string default_of_global(const Context& context, const GlobalProperty& property);

/// Both work within the open change: decoded, checked, stored, with their events.
void set_global(Context& context, const GlobalPropertyName& name, const AnyValue& untrusted);
void reset_global(Context& context, const GlobalPropertyName& name);

}  // namespace qubes::mgmt
