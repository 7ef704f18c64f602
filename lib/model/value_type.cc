// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/value_type.h"

#include <algorithm>

#include "base/fault.h"
#include "base/text.h"
#include "model/names.h"

namespace qubes::mgmt {
namespace {

Fault refused(std::string_view property, std::string_view untrusted, std::string_view accepted) {
  return {FaultKind::bad_value,
          concat("'", printable(untrusted), "' cannot be the value of ", property, ": ", accepted)};
}

std::string decode_text(std::string_view property, std::string_view untrusted) {
  const bool is_clean = std::ranges::all_of(
      untrusted, [](char c) { return (c >= ' ' && c <= '~') || (c >= '\t' && c <= '\r'); });
  if (!is_clean) throw refused(property, untrusted, "printable ASCII is accepted");
  return std::string{untrusted};
}

// As Qubes has always taken numbers: a sign, white space around, single underscores within.
std::string decode_number(std::string_view property, std::string_view untrusted) {
  const auto refuse = [&] { return refused(property, untrusted, "a whole number is accepted"); };
  std::string_view rest = trimmed(untrusted);
  if (rest.empty()) throw refuse();
  std::string digits;
  if (rest.front() == '-') digits += '-';
  if (rest.front() == '-' || rest.front() == '+') rest.remove_prefix(1);
  if (rest.starts_with('-')) throw refuse();  // a second sign
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const bool is_joint = rest[i] == '_' && i > 0 && i + 1 < rest.size() && rest[i - 1] != '_';
    if (!is_joint) digits += rest[i];
  }
  const auto number = to_number<std::int64_t>(digits);
  if (!number) throw refuse();
  return std::to_string(*number);
}

std::string decode_boolean(std::string_view property, std::string_view untrusted) {
  const std::string word = lower(untrusted);
  for (const std::string_view yes : {"1", "yes", "true", "on"})
    if (word == yes) return "True";
  for (const std::string_view no : {"0", "no", "false", "off"})
    if (word == no) return "False";
  throw refused(property, untrusted, "True or False is accepted (1, yes, on; 0, no, off)");
}

}  // namespace

std::string decoded(std::string_view property, ValueType type, std::string_view untrusted) {
  const bool is_ascii =
      std::ranges::all_of(untrusted, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!is_ascii) throw refused(property, untrusted, "only ASCII is accepted");
  switch (type) {
    case ValueType::number:
      return decode_number(property, untrusted);
    case ValueType::boolean:
      return decode_boolean(property, untrusted);
    case ValueType::vm:
      return untrusted.empty() ? "" : VmName::parse(untrusted).text();
    case ValueType::label:
    case ValueType::text:
      return decode_text(property, untrusted);
  }
  return {};
}

}  // namespace qubes::mgmt
