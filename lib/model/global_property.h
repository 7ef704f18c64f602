// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string_view>

#include "model/property.h"

namespace qubes::mgmt {

/// The properties of all of Qubes, by name. Of these only type and check count: they belong to
/// no class, and have no default here.
std::span<const Property> global_property_table();

/// nullptr where there is none of this name.
const Property* find_global_property(std::string_view name);

/// Whether its value is the name of a pool.
bool names_pool(const Property& global);

}  // namespace qubes::mgmt
