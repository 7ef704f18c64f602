// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/option_lines.h"

#include <algorithm>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

Fault refused(std::string_view line, std::string_view why) {
  return {FaultKind::malformed,
          concat("'", printable(line), "' ", why, "; expected ", OptionLines::kGrammar)};
}

}  // namespace

OptionLines OptionLines::parse(std::string_view untrusted) {
  OptionLines parsed;
  if (untrusted.ends_with('\n')) untrusted.remove_suffix(1);
  for (const std::string& line : split(untrusted, '\n')) {
    const bool is_clean = std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; });
    const std::size_t equals = line.find('=');
    if (!is_clean) throw refused(line, "holds more than printable ASCII");
    if (equals == line.npos || equals == 0) throw refused(line, "is no option");
    if (!parsed.options.emplace(line.substr(0, equals), line.substr(equals + 1)).second)
      throw refused(line, "is there twice");
  }
  return parsed;
}

}  // namespace qubes::mgmt
