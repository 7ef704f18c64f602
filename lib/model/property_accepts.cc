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
  const auto parts = split(value, '.');
  const bool is_address = parts.size() == 4 && std::ranges::all_of(parts, [](const auto& part) {
                            const auto octet = to_number<std::uint8_t>(part);
                            return octet && part == std::to_string(*octet);
                          });
  if (!is_address) throw refused(value, "an IPv4 address such as 10.137.0.9 is");
  return std::string{value};
}

std::string ip6(std::string_view value) {
  if (!is_address(value, NetworkFamily::ipv6))
    throw refused(value, "an IPv6 address such as fd09:24ef:4179::a89:9 is");
  return std::string{value};
}

std::string keyboard_layout(std::string_view value) {
  const auto parts = split(value, '+');
  const bool is_layout = parts.size() == 3 && !parts[0].empty() && consists_of(parts[0], "") &&
                         parts[0].find_first_of("0123456789") == std::string::npos &&
                         consists_of(parts[1], "_-") && consists_of(parts[2], "_:,-");
  if (!is_layout) throw refused(value, "LAYOUT+VARIANT+OPTIONS is, as in us++ or de+neo+");
  return std::string{value};
}

// Codes of seven characters each, one after the other; stored in order, each once.
std::string devices_denied(std::string_view value) {
  constexpr std::size_t kCode = 7;
  if (value.size() % kCode != 0)
    throw Fault{FaultKind::bad_value,
                concat("'", printable(value), "' is not accepted: codes of 7 characters are")};
  std::set<std::string> codes;
  for (std::size_t at = 0; at < value.size(); at += kCode) {
    const std::string code{value.substr(at, kCode)};
    if (std::string_view{"bump*"}.find(code[0]) == std::string_view::npos ||
        code.find_first_not_of("0123456789abcdef*", 1) != std::string::npos)
      throw refused(code, "b, m, p, u or *, then six hexadecimal digits or *, is");
    codes.insert(code);
  }
  std::string sorted;
  for (const std::string& code : codes) sorted += code;
  return sorted;
}

}  // namespace qubes::mgmt::accepts
