// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace qubes::mgmt {

enum class NetworkFamily { ipv4, ipv6 };

/// Whether it is one address of the family, written as inet_pton() reads it.
bool is_address(std::string_view untrusted, NetworkFamily family);

/// An IPv6 address in its canonical form (RFC 5952); nothing for any other text.
std::optional<std::string> canonical_ipv6(std::string_view untrusted);

/// An address or network with the length of its prefix, as written but for a bare address,
/// which gets the longest. Nothing where it is none of this family.
std::optional<std::string> with_prefix_length(std::string_view untrusted, NetworkFamily family);

/// Whether it can be the name of a host: labels of small letters, digits, '_' and '-', joined
/// by dots, that do not end in a number as an address does.
bool is_host_name(std::string_view untrusted);

}  // namespace qubes::mgmt
