// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/fault.h"

namespace qubes::mgmt {

/// A number of bytes. White space around it is not its own. Throws malformed.
struct ByteCount {
  static constexpr std::string_view kGrammar = "a number of bytes, at most 9223372036854775807";
  static ByteCount parse(std::string_view untrusted);

  std::uint64_t bytes;
};

/// How many former contents of a volume are kept; -1: none, and no copy at start.
/// Throws bad_value.
struct RevisionCount {
  static constexpr std::array kFaults{FaultKind::bad_value};
  static constexpr std::string_view kGrammar = "a whole number from -1 to 9999";
  static RevisionCount parse(std::string_view untrusted);

  int number;
};

/// A word for yes or no. Throws malformed.
struct Switch {
  static constexpr std::string_view kGrammar = "True or False (1, yes, on; 0, no, off)";
  static Switch parse(std::string_view untrusted);

  bool is_on;
};

}  // namespace qubes::mgmt
