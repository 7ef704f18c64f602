// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/pending_updates.h"

#include <algorithm>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {

PendingUpdates PendingUpdates::parse(std::string_view untrusted) {
  constexpr std::string_view kBlanks = " \t\r\n\v\f";
  const std::size_t first = untrusted.find_first_not_of(kBlanks);
  const std::size_t last = untrusted.find_last_not_of(kBlanks);
  const std::string_view digits =
      first == untrusted.npos ? "" : untrusted.substr(first, last + 1 - first);
  const bool is_number =
      !digits.empty() && std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number)
    throw Fault{FaultKind::malformed, concat("'", printable(untrusted),
                                             "' is no number of updates: digits are expected")};
  return {digits.find_first_not_of('0') != digits.npos};
}

}  // namespace qubes::mgmt
