// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/file.h"

namespace qubes::mgmt::test {

/// Two connected sockets, as qrexec makes them.
struct SocketPair {
  SocketPair();

  Descriptor ours;
  Descriptor theirs;
};

/// What a socket is sent for a call.
std::string socket_request(const std::string& service, const std::string& target,
                           const std::string& payload = {}, const std::string& source = "dom0");

/// Sends these few bytes, and leaves the connection open for more.
void send_all(int descriptor, std::string_view bytes);

/// Whether there is something to read, or the end of it, within this time.
bool can_be_read(int descriptor, std::chrono::milliseconds within);

/// Sends all of it, half-closes, and gathers what comes back to its end, both at once; what the
/// other side does not want to read is left. `in` and `out` may be one descriptor. Throws at
/// the deadline, and where the connection breaks.
std::string exchange(int in, std::string_view bytes, int out,
                     std::chrono::milliseconds deadline = std::chrono::seconds{60});

/// A socket connected to this path, which may be long.
Descriptor connect_to(const std::string& path);

}  // namespace qubes::mgmt::test
