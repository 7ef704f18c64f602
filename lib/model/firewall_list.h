// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/firewall_rule.h"

namespace qubes::mgmt {

/// What a rule of a VM is called as long as it exists; no other rule of the VM ever is.
/// Throws malformed.
struct FirewallRuleId {
  static constexpr std::string_view kGrammar = "r<number>, as Get prints it";
  static FirewallRuleId parse(std::string_view untrusted);

  std::int64_t number;

  std::string text() const;

  bool operator==(const FirewallRuleId&) const = default;
};

/// Where in a list: at a rule, or at so many rules from its beginning. Throws malformed.
struct FirewallPlace {
  static constexpr std::string_view kGrammar =
      "r<number>, a rule, or a position, of which 0 is the first";
  static FirewallPlace parse(std::string_view untrusted);

  std::variant<FirewallRuleId, std::size_t> place;
};

/// A rule that is put in a list: one that was there, changed or not, or a new one.
struct FirewallLine {
  std::optional<FirewallRuleId> id;
  FirewallRule rule;
};

/// The rules of a VM as one payload: a line for each, the last one's end may be missing.
struct FirewallLines {
  /// More than the clients of Qubes ever count; positions in a netvm's keys have four digits.
  static constexpr std::size_t kMost = 9999;
  static constexpr std::size_t kLongest = std::size_t{2} << 20U;  ///< bytes
  static constexpr std::string_view kGrammar =
      "one rule a line: r<number> for one that is there, or nothing; action=accept|drop, then "
      "key=value with one blank between, comment last";

  /// Throws bad_value, naming the line.
  static FirewallLines parse(std::string_view untrusted);

  std::vector<FirewallLine> lines;
};

/// Numbers that put rules in order, ascending, changing as few of those that have one as can be:
/// none where rules were only added or taken away.
std::vector<std::int64_t> firewall_positions(
    std::span<const std::optional<std::int64_t>> old_positions);

}  // namespace qubes::mgmt
