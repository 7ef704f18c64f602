// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/feature.h"

#include <algorithm>
#include <array>

#include "base/fault.h"
#include "base/text.h"
#include "model/network_address.h"

namespace qubes::mgmt {
namespace {

// Names of keys in QubesDB, which hold what has this prefix, are at most 63 bytes long.
constexpr std::size_t kLongestService = 48;
constexpr std::size_t kLongestVmConfig = 52;
constexpr std::size_t kLongestPersist = 54;

constexpr std::array<std::string_view, 4> kInternal{"deferred-netvm-original", "preload-dispvm",
                                                    "preload-dispvm-completed",
                                                    "preload-dispvm-in-progress"};

struct Setting {
  std::string_view name;
  /// What follows the prefix that the rule is for.
  std::string_view key;
  std::string_view value;
};

Fault refused(const Setting& setting, std::string_view accepted) {
  return {FaultKind::bad_value, concat("feature ", printable(setting.name), " cannot be set to '",
                                       printable(setting.value), "': ", accepted)};
}

void check_service(const Setting& setting) {
  if (setting.key.empty() || setting.key == "." || setting.key == "..")
    throw refused(setting, "the name of a service has to follow 'service.'");
  if (setting.key.size() > kLongestService && !setting.key.starts_with("app-dispvm."))
    throw refused(setting, "the name of a service has at most 48 characters");
}

void check_vm_config(const Setting& setting) {
  const char first = setting.key.empty() ? '\0' : setting.key.front();
  if (!((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z')))
    throw refused(setting, "after 'vm-config.' a name that begins with a letter is accepted");
  if (setting.key.size() > kLongestVmConfig)
    throw refused(setting, "the name after 'vm-config.' has at most 52 characters");
}

bool is_octal(std::string_view text) {
  return !text.empty() && text.find_first_not_of("01234567") == text.npos;
}

// "/path", or what is to be made there: "file:OWNER:GROUP:MODE:/path", "dir:…".
bool is_persistent_path(std::string_view value) {
  if (value.starts_with('/')) return true;
  const auto parts = split(value, ':');
  return parts.size() >= 5 && (parts[0] == "file" || parts[0] == "dir") && !parts[1].empty() &&
         !parts[2].empty() && is_octal(parts[3]) && parts[4].starts_with('/');
}

void check_persist(const Setting& setting) {
  if (setting.key.empty() || setting.key.size() > kLongestPersist)
    throw refused(setting, "after 'custom-persist.' a name of 1 to 54 characters is accepted");
  if (!is_persistent_path(setting.value))
    throw refused(setting,
                  "an absolute path is accepted, or file:OWNER:GROUP:MODE:/PATH, or "
                  "dir:OWNER:GROUP:MODE:/PATH");
}

void check_whole_number(const Setting& setting) {
  if (!setting.value.empty() && !to_number<std::uint32_t>(setting.value))
    throw refused(setting, "a whole number that is not negative is accepted");
}

void check_delay(const Setting& setting) {
  const auto dot = setting.value.find('.');
  const bool is_number =
      to_number<std::uint32_t>(setting.value.substr(0, dot)) &&
      (dot == setting.value.npos || to_number<std::uint32_t>(setting.value.substr(dot + 1)));
  if (!setting.value.empty() && !is_number)
    throw refused(setting, "a number of seconds is accepted");
}

void check_address(const Setting& setting) {
  if (!setting.value.empty() && !is_address(setting.value, NetworkFamily::ipv4))
    throw refused(setting, "an IPv4 address such as 10.137.0.9 is accepted");
}

struct Rule {
  /// A whole name, or the beginning of one where it ends in a dot.
  std::string_view name;
  void (*check)(const Setting&);
};

constexpr auto kRules = std::to_array<Rule>({
    {"service.", check_service},
    {"vm-config.", check_vm_config},
    {"custom-persist.", check_persist},
    {"preload-dispvm-max", check_whole_number},
    {"preload-dispvm-threshold", check_whole_number},
    {"preload-dispvm-delay", check_delay},
    {"net.fake-ip", check_address},
    {"net.fake-gateway", check_address},
    {"net.fake-netmask", check_address},
});

}  // namespace

FeatureName FeatureName::parse(std::string_view untrusted) {
  if (untrusted.empty() || !consists_of(untrusted, "._-"))
    throw Fault{FaultKind::malformed,
                concat("'", printable(untrusted), "' cannot be the name of a ",
                       "feature: ", kGrammar, " are accepted")};
  return FeatureName{untrusted};
}

FeatureValue FeatureValue::parse(std::string_view untrusted) {
  if (!std::ranges::all_of(untrusted, [](char c) { return c >= ' ' && c <= '~'; }))
    throw Fault{FaultKind::malformed,
                concat("'", printable(untrusted), "' cannot be the value of a ",
                       "feature: ", kGrammar, " is accepted")};
  return FeatureValue{untrusted};
}

bool is_internal_feature(std::string_view name) {
  return std::ranges::find(kInternal, name) != kInternal.end();
}

void check_feature(const FeatureName& name, const FeatureValue& value) {
  const std::string_view whole = name.text();
  for (const Rule& rule : kRules) {
    const bool is_prefix = rule.name.ends_with('.');
    if (is_prefix ? !whole.starts_with(rule.name) : whole != rule.name) continue;
    rule.check({whole, whole.substr(rule.name.size()), value.text()});
  }
}

}  // namespace qubes::mgmt
