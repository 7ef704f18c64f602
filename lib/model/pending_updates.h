// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

namespace qubes::mgmt {

/// Whether a VM has updates to install, as it says itself: by their number. Throws malformed.
struct PendingUpdates {
  static constexpr std::string_view kGrammar = "a decimal number, perhaps with blanks around it";
  static PendingUpdates parse(std::string_view untrusted);

  bool any;
};

}  // namespace qubes::mgmt
