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

Fault no_such_property(std::string_view untrusted, std::string_view list) {
  return {FaultKind::no_such_property, concat("'", printable(untrusted), "' is not the name of a ",
                                              "property; ", list, " prints them")};
}

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
  if (!consists_of(untrusted, "_")) throw no_such_property(untrusted, "mgmt.vm.property.List");
  return PropertyName{untrusted};
}

GlobalPropertyName GlobalPropertyName::parse(std::string_view untrusted) {
  if (!consists_of(untrusted, "_")) throw no_such_property(untrusted, "mgmt.property.List");
  return GlobalPropertyName{untrusted};
}

LabelName LabelName::parse(std::string_view untrusted) {
  const bool is_number = std::ranges::all_of(untrusted, is_digit);
  if (untrusted.empty() || is_number || !consists_of(untrusted, "._-"))
    throw Fault{FaultKind::bad_label,
                concat("'", printable(untrusted), "' cannot be the name of a label: ", kGrammar,
                       " are accepted")};
  return LabelName{untrusted};
}

// A newline at the end is how shells hand it over; it is not kept.
LabelColor LabelColor::parse(std::string_view untrusted) {
  std::string_view color = untrusted;
  while (!color.empty() && (color.back() == '\n' || color.back() == ' ')) color.remove_suffix(1);
  const bool is_color = color.size() == 8 && color.starts_with("0x") &&
                        color.substr(2).find_first_not_of("0123456789abcdefABCDEF") == color.npos;
  if (!is_color)
    throw Fault{FaultKind::bad_label_color,
                concat("'", printable(untrusted), "' cannot be the ",
                       "colour of a label: ", kGrammar, " are accepted")};
  return LabelColor{color};
}

PoolName PoolName::parse(std::string_view untrusted) {
  if (untrusted.empty() || !consists_of(untrusted, "._-"))
    throw Fault{FaultKind::malformed, concat("'", printable(untrusted), "' cannot be the name of ",
                                             "a pool: ", kGrammar, " are accepted")};
  return PoolName{untrusted};
}

BackupProfileName BackupProfileName::parse(std::string_view untrusted) {
  constexpr std::size_t kLongest = 250;
  if (untrusted.empty() || untrusted.size() > kLongest || untrusted.front() == '.' ||
      !consists_of(untrusted, "._-"))
    throw Fault{FaultKind::malformed,
                concat("'", printable(untrusted), "' cannot be the name of a backup profile: 1 to ",
                       kLongest, " letters, digits, '.', '_' and '-' are accepted, no '.' first")};
  return BackupProfileName{untrusted};
}

VolumeName VolumeName::parse(std::string_view untrusted) {
  if (untrusted.empty() || !consists_of(untrusted, "._-"))
    throw Fault{FaultKind::malformed, concat("'", printable(untrusted), "' cannot be the name of ",
                                             "a volume: letters, digits, '.', '_' and '-' are "
                                             "accepted")};
  return VolumeName{untrusted};
}

SnapshotName SnapshotName::parse(std::string_view untrusted) {
  constexpr std::size_t kLongest = 64;
  const std::string_view name = trimmed(untrusted);
  if (name.empty() || name.size() > kLongest || !consists_of(name, ":._-"))
    throw Fault{FaultKind::malformed, concat("'", printable(untrusted), "' cannot name a ",
                                             "snapshot: ", kGrammar, " are accepted")};
  return SnapshotName{name};
}

Tag Tag::parse(std::string_view untrusted) {
  if (untrusted.empty() || !consists_of(untrusted, "_-"))
    throw Fault{FaultKind::bad_tag, concat("'", printable(untrusted), "' cannot be a tag: only ",
                                           kGrammar, " are accepted")};
  return Tag{untrusted};
}

}  // namespace qubes::mgmt
