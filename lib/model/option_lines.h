// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace qubes::mgmt {

/// Options as a payload gives them, one on each line. Throws malformed for a line that is none,
/// and for one that is there twice.
struct OptionLines {
  static constexpr std::string_view kGrammar = "OPTION=VALUE, a line for each";
  static OptionLines parse(std::string_view untrusted);

  std::map<std::string, std::string, std::less<>> options;
};

}  // namespace qubes::mgmt
