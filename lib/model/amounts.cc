// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/amounts.h"

#include <limits>

#include "base/fault.h"
#include "base/text.h"
#include "model/value_type.h"

namespace qubes::mgmt {
namespace {

Fault refused(std::string_view untrusted, std::string_view grammar,
              FaultKind kind = FaultKind::malformed) {
  return {kind, concat("'", printable(untrusted), "' is not accepted: expected ", grammar)};
}

// Digits alone, and no zero before others, since that could mean another base to somebody.
bool is_plain(std::string_view digits) {
  return !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos &&
         (digits == "0" || digits.front() != '0');
}

}  // namespace

ByteCount ByteCount::parse(std::string_view untrusted) {
  const std::string_view digits = trimmed(untrusted);
  const auto number = is_plain(digits) ? to_number<std::int64_t>(digits) : std::nullopt;
  if (!number) throw refused(untrusted, kGrammar);
  return {static_cast<std::uint64_t>(*number)};
}

RevisionCount RevisionCount::parse(std::string_view untrusted) {
  constexpr int kMost = 9999;
  if (untrusted == "-1") return {-1};
  const auto number = is_plain(untrusted) ? to_number<int>(untrusted) : std::nullopt;
  if (!number || *number > kMost) throw refused(untrusted, kGrammar, FaultKind::bad_value);
  return {*number};
}

Switch Switch::parse(std::string_view untrusted) try {
  return {decoded("", ValueType::boolean, untrusted) == "True"};
} catch (const Fault&) {
  throw refused(untrusted, kGrammar);
}

}  // namespace qubes::mgmt
