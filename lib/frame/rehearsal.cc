// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/rehearsal.h"

#include "base/text.h"

namespace qubes::mgmt {
namespace {

std::string shown(const std::optional<std::string>& value) {
  return value ? concat("'", printable(*value), "'") : "nothing";
}

}  // namespace

std::string describe(const Rehearsed& rehearsed) {
  if (rehearsed.changes.empty() && rehearsed.effects.empty()) return "nothing would change\n";
  std::string out;
  for (const ChangedValue& value : rehearsed.changes) {
    if (!value.old_value && !value.new_value) continue;
    out += concat("would change ", value.table, " ", value.key, " ", value.column, ": ",
                  shown(value.old_value), " -> ", shown(value.new_value), "\n");
  }
  for (const std::string& effect : rehearsed.effects) out += concat("would ", effect, "\n");
  return out;
}

}  // namespace qubes::mgmt
