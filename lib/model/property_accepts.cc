// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <set>

#include "base/fault.h"
#include "base/text.h"
#include "model/network_address.h"
#include "model/property_rules.h"

namespace qubes::mgmt::accepts {
namespace {

constexpr std::size_t kLongestKernelopts = 512;
constexpr std::string_view kHex = "0123456789abcdef";

Fault refused(std::string_view value, std::string_view accepted) {
  return {FaultKind::bad_property_value,
          concat("'", printable(value), "' is not accepted: ", accepted)};
}

Fault bad_address(std::string_view value, std::string_view accepted) {
  return {FaultKind::bad_value, concat("'", printable(value), "' is not accepted: ", accepted)};
}

std::int64_t number(std::string_view value) { return to_number<std::int64_t>(value).value(); }

}  // namespace

std::string positive(std::string_view value) {
  // Far beyond any machine, and far below where bytes made of MiB would overflow.
  constexpr std::int64_t kLargest = 1LL << 31;
  if (number(value) <= 0 || number(value) > kLargest)
    throw refused(value, "it must be positive, and at most 2147483648");
  return std::string{value};
}

std::string not_negative(std::string_view value) {
  return number(value) == 0 ? std::string{value} : positive(value);
}

std::string virt_mode(std::string_view value) {
  const std::string mode = lower(value);
  if (mode != "hvm" && mode != "pv" && mode != "pvh") throw refused(value, "hvm, pv and pvh are");
  return mode;
}

std::string kernel(std::string_view value) {
  if (value.find('/') != value.npos || value == "." || value == "..")
    throw refused(value, "the name of a folder in /var/lib/qubes/vm-kernels is, or nothing");
  return std::string{value};
}

std::string kernelopts(std::string_view value) {
  if (value.size() > kLongestKernelopts) throw refused(value, "at most 512 characters are");
  return std::string{value};
}

std::string user_name(std::string_view value) {
  if (!consists_of(value, "_+,.-"))
    throw refused(value, "letters, digits, '_', '+', ',', '.', '-' are");
  return std::string{value};
}

std::string mac(std::string_view value) {
  const std::string address = lower(value);
  const auto parts = split(address, ':');
  const bool is_mac = parts.size() == 6 && std::ranges::all_of(parts, [](const auto& part) {
                        return part.size() == 2 && part.find_first_not_of(kHex) == part.npos;
                      });
  if (!is_mac) throw refused(value, "six pairs of hexadecimal digits joined by ':' are");
  return address;
}

std::string ip(std::string_view value) {
  if (!is_address(value, NetworkFamily::ipv4))
    throw bad_address(value, "an IPv4 address such as 10.137.0.9 is");
  return std::string{value};
}

std::string ip6(std::string_view value) {
  if (auto address = canonical_ipv6(value)) return *address;
  throw bad_address(value, "an IPv6 address such as fd09:24ef:4179::a89:9 is");
}

std::string keyboard_layout(std::string_view value) {
  const auto parts = split(value, '+');
  const bool is_layout = parts.size() == 3 && !parts[0].empty() &&
                         parts[0].find_first_of("0123456789") == parts[0].npos &&
                         consists_of(parts[0], "") && consists_of(parts[1], "_-") &&
                         consists_of(parts[2], "_:,-");
  if (!is_layout)
    throw refused(value, "LAYOUT+VARIANT+OPTIONS is, of letters; variant and options may be empty");
  return std::string{value};
}

// Codes of seven characters in a row: a class of device, then six of a hexadecimal number.
std::string devices_denied(std::string_view value) {
  constexpr std::size_t kLength = 7;
  std::set<std::string_view> codes;
  if (value.size() % kLength != 0)
    throw Fault{FaultKind::bad_value, concat("'", printable(value), "' is not accepted: codes of ",
                                             kLength, " characters each are, without separators")};
  for (std::string_view rest = value; !rest.empty(); rest.remove_prefix(kLength)) {
    const std::string_view code = rest.substr(0, kLength);
    if (std::string_view{"bump*"}.find(code[0]) == std::string_view::npos ||
        code.substr(1).find_first_not_of("0123456789abcdef*") != code.npos)
      throw refused(code, "b, u, m, p or *, then six hexadecimal digits or * are");
    codes.insert(code);
  }
  std::string sorted;
  for (const std::string_view code : codes) sorted += code;
  return sorted;
}

}  // namespace qubes::mgmt::accepts
