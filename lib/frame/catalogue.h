// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace qubes::mgmt {

/// Everything that the calls linked into this program say about themselves, as JSON. Manual
/// pages, policy, links, completion and the golden copy in tests/ are made of it.
std::string catalogue_json();

}  // namespace qubes::mgmt
