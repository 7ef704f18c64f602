// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <string_view>

namespace qubes::mgmt {

/// In whose form a call is answered: the prefix of the name by which it was called decides.
enum class Dialect {
  draft,    ///< mgmt. and mgmt1.
  shipped,  ///< admin., internal. and qubes., as Qubes' own server answers
};

/// How the names of calls may begin.
struct Prefix {
  std::string_view text;
  Dialect dialect;
  /// Whether it is one of those that a call declared as mgmt. goes by. A call declared with
  /// another prefix has that name alone.
  bool is_of_api;
};

constexpr std::array kPrefixes{
    Prefix{"mgmt.", Dialect::draft, true},
    Prefix{"mgmt1.", Dialect::draft, true},
    Prefix{"admin.", Dialect::shipped, true},
    Prefix{"internal.", Dialect::shipped, false},  // what dom0's own programs ask
    Prefix{"qubes.", Dialect::shipped, false},     // what VMs tell of themselves
};

/// The prefix of a name that may be no call's at all; nullptr for one with none of them.
constexpr const Prefix* prefix_of(std::string_view untrusted_name) {
  for (const Prefix& prefix : kPrefixes)
    if (untrusted_name.starts_with(prefix.text)) return &prefix;
  return nullptr;
}

}  // namespace qubes::mgmt
