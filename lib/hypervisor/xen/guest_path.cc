// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/guest_path.h"

#include <algorithm>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt::xen {
namespace {

constexpr std::size_t kLongestKey = 512;

bool is_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '@';
}

bool is_part(const std::string& part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), is_letter);
}

bool is_key(std::string_view key) {
  if (key.size() > kLongestKey || !key.starts_with('/')) return false;
  const auto parts = split(key.substr(1), '/');
  return std::all_of(parts.begin(), parts.end(), is_part);
}

}  // namespace

std::string guest_home(DomainId domain) { return concat("/local/domain/", domain); }

std::string guest_path(DomainId domain, std::string_view key) {
  if (!is_key(key))
    throw Fault{
        FaultKind::bad_value,
        concat("'", printable(key), "' is no key of a guest: expected /name or /name/name, ",
               "of letters, digits, '-', '_' and '@'")};
  return concat(guest_home(domain), key);
}

}  // namespace qubes::mgmt::xen
