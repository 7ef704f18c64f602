// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/address.h"

#include <arpa/inet.h>

namespace qubes::mgmt {

bool is_ipv4(std::string_view text) {
  in_addr address{};
  return text.find('\0') == text.npos &&
         inet_pton(AF_INET, std::string{text}.c_str(), &address) == 1;
}

std::optional<std::string> canonical_ipv6(std::string_view text) {
  in6_addr address{};
  char canonical[INET6_ADDRSTRLEN];
  if (text.find('\0') != text.npos || inet_pton(AF_INET6, std::string{text}.c_str(), &address) != 1)
    return std::nullopt;
  return inet_ntop(AF_INET6, &address, canonical, sizeof canonical);
}

}  // namespace qubes::mgmt
