// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/network_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace qubes::mgmt {
namespace {

constexpr std::size_t kLongestHostName = 253;
constexpr std::size_t kLongestLabel = 63;
constexpr std::string_view kDigits = "0123456789";

bool is_label(const std::string& label) {
  return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' &&
         label.back() != '-' &&
         label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == label.npos;
}

}  // namespace

bool is_address(std::string_view untrusted, NetworkFamily family) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  const int number = family == NetworkFamily::ipv4 ? AF_INET : AF_INET6;
  const bool is_text = untrusted.find('\0') == untrusted.npos;
  return is_text && inet_pton(number, std::string{untrusted}.c_str(), bytes.data()) == 1;
}

std::optional<std::string> canonical_ipv6(std::string_view untrusted) {
  if (!is_address(untrusted, NetworkFamily::ipv6)) return std::nullopt;
  in6_addr address{};
  inet_pton(AF_INET6, std::string{untrusted}.c_str(), &address);
  std::array<char, INET6_ADDRSTRLEN> canonical{};
  inet_ntop(AF_INET6, &address, canonical.data(), canonical.size());
  return canonical.data();
}

std::optional<std::string> with_prefix_length(std::string_view untrusted, NetworkFamily family) {
  constexpr std::size_t kLongestNumber = 3;
  const unsigned longest = family == NetworkFamily::ipv4 ? 32 : 128;
  const std::size_t slash = untrusted.find('/');
  if (!is_address(untrusted.substr(0, slash), family)) return std::nullopt;
  if (slash == untrusted.npos) return concat(untrusted, "/", longest);
  const std::string_view prefix = untrusted.substr(slash + 1);
  const auto bits = to_number<unsigned>(prefix);
  if (!bits || *bits > longest || prefix.size() > kLongestNumber) return std::nullopt;
  return std::string{untrusted};
}

bool is_host_name(std::string_view untrusted) {
  if (untrusted.ends_with('.')) untrusted.remove_suffix(1);
  if (untrusted.size() > kLongestHostName) return false;
  const auto labels = split(untrusted, '.');
  return std::ranges::all_of(labels, is_label) &&
         labels.back().find_first_not_of(kDigits) != std::string::npos;
}

}  // namespace qubes::mgmt
