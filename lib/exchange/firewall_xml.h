// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/firewall_rule.h"

namespace qubes::mgmt {

/// How large the firewall.xml of a VM may be.
constexpr std::size_t kLongestFirewallXml = 4U << 20U;

/// The rules in a VM's firewall.xml (core-admin, qubes/firewall.py): version 2, or version 1 of
/// Qubes 3. Throws malformed for another file, bad_value for a rule that is none: to leave out
/// single rules would let traffic through.
std::vector<FirewallRule> read_firewall_xml(std::string_view untrusted);

/// The same as version 2.
std::string write_firewall_xml(std::span<const FirewallRule> rules);

}  // namespace qubes::mgmt
