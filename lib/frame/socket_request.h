// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace qubes::mgmt {

/// Set by the socket door, and by nobody else, for the program that it becomes. qrexec removes
/// from a service's environment every QREXEC variable that it does not know, so that neither
/// its callers nor its own surroundings can set this one.
constexpr const char* kFramedVariable = "QREXEC_MGMT_FRAMED";

/// Header and payload together, as with Qubes' own server.
constexpr std::size_t kLargestSocketRequest = 65536;

/// A request in the protocol of Qubes' server (qubes/api/__init__.py, release 4.1 on):
/// `METHOD[+ARGUMENT] SOURCE name TARGET NUL PAYLOAD`, or `keyword adminvm` for dom0.
struct SocketRequest {
  std::string_view method;
  std::string_view argument;
  std::string_view source;
  std::string_view target;
  std::string_view payload;
};

/// Takes a request apart, into views of it; nothing for what is none. The method is then a name
/// that a call may have, of letters, digits, _ and single dots, and the source may be a VM's;
/// the rest is unchecked. Needs no memory and throws nothing.
std::optional<SocketRequest> parse_socket_request(std::string_view untrusted);

}  // namespace qubes::mgmt
