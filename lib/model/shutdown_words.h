// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

namespace qubes::mgmt {

/// How a shutdown is wished for.
struct ShutdownWords {
  static constexpr std::string_view kGrammar = "force, wait or both, joined by '+'";

  /// Throws malformed.
  static ShutdownWords parse(std::string_view untrusted);

  bool force = false;
  bool wait = false;
};

}  // namespace qubes::mgmt
