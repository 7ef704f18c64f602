// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace qubes::mgmt {

/// Four decimal numbers without leading zeros, and nothing around them.
bool is_ipv4(std::string_view text);

/// An IPv6 address in its canonical form (RFC 5952); nothing for any other text.
std::optional<std::string> canonical_ipv6(std::string_view text);

}  // namespace qubes::mgmt
