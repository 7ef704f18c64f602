// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>

#include "model/property.h"

namespace qubes::mgmt {

/// Every property there is, in the order in which they are listed.
std::span<const Property> property_table();

}  // namespace qubes::mgmt
