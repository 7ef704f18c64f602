// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/names.h"

#include <algorithm>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

constexpr std::size_t kLongestVmName = 31;
constexpr std::string_view kUuidPrefix = "uuid:";

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

VmName VmName::parse(std::string_view untrusted) {
  const auto refuse = [&](std::string_view why) {
    return Fault{FaultKind::bad_value,
                 concat("'", printable(untrusted), "' cannot be the name of a VM: ", why)};
  };
  if (untrusted.empty()) throw refuse("it is empty");
  if (untrusted.size() > kLongestVmName) throw refuse("it must be shorter than 32 characters");
  if (!is_letter(untrusted.front())) throw refuse("it must begin with a letter");
  if (!consists_of(untrusted, "_-."))
    throw refuse("only letters, digits, '_', '-' and '.' are accepted");
  if (untrusted == "none" || untrusted == "default" || untrusted == "Domain-0")
    throw refuse("'none', 'default' and 'Domain-0' have a meaning of their own");
  if (untrusted.ends_with("-dm")) throw refuse("names that end in -dm are device models'");
  return VmName{untrusted};
}

VmReference VmReference::parse(std::string_view untrusted) {
  if (untrusted.starts_with(kUuidPrefix))
    return {Uuid::parse(untrusted.substr(kUuidPrefix.size()))};
  return {VmName::parse(untrusted)};
}

std::string VmReference::text() const {
  if (const auto* name = std::get_if<VmName>(&value)) return name->text();
  return concat(kUuidPrefix, std::get<Uuid>(value).text());
}

PropertyName PropertyName::parse(std::string_view untrusted) {
  if (!consists_of(untrusted, "_"))
    throw Fault{FaultKind::no_such_property,
                concat("'", printable(untrusted), "' is not the name of a property; ",
                       "mgmt.vm.property.List prints them")};
  return PropertyName{untrusted};
}

LabelName LabelName::parse(std::string_view untrusted) {
  const bool is_number = std::ranges::all_of(untrusted, is_digit);
  if (untrusted.empty() || is_number || !consists_of(untrusted, "._-"))
    throw Fault{FaultKind::bad_label,
                concat("'", printable(untrusted), "' cannot be the name of a label: ", kGrammar,
                       " are accepted")};
  return LabelName{untrusted};
}

Tag Tag::parse(std::string_view untrusted) {
  if (untrusted.empty() || !consists_of(untrusted, "_-"))
    throw Fault{FaultKind::malformed, concat("'", printable(untrusted), "' cannot be a tag: only ",
                                             kGrammar, " are accepted")};
  return Tag{untrusted};
}

}  // namespace qubes::mgmt
