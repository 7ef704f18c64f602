// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/foreign_server.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdio>

#include "base/fault.h"
#include "base/file.h"

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

// Whether anybody accepts connections there. By way of a descriptor, since the address has no
// room for a long path.
bool is_answered(const fs::path& path) {
  const Descriptor file{::open(path.c_str(), O_PATH | O_CLOEXEC)};
  if (!file) return false;
  const Descriptor client{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!client) throw system_fault("make a socket");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d", file.number());
  const int connected =
      ::connect(client.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  // A server that is gone leaves its socket behind.
  return connected == 0 || errno != ECONNREFUSED;
}

}  // namespace

void refuse_beside_foreign_server(const Root& root) {
  const fs::path socket = root.at("/run/qubesd.sock");
  std::error_code is_no_link;
  if (fs::read_symlink(socket, is_no_link) == root.at("/run/qubes-mgmt.sock")) return;
  if (!is_answered(socket)) return;
  throw Fault{FaultKind::denied,
              "a qubesd of Qubes' own answers on /run/qubesd.sock and has the VMs in its charge: "
              "make changes through it, or stop it first ('systemctl stop qubesd')"};
}

}  // namespace qubes::mgmt
