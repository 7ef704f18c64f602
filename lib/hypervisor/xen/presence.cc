// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/presence.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"

extern "C" {
#include <xenstore.h>
}

namespace qubes::mgmt::xen {
namespace {

constexpr const char* kHypercalls = "/dev/xen/privcmd";

Fault unreachable(std::string_view what, int error) {
  if (error == EACCES || error == EPERM)
    return Fault{FaultKind::no_xen, concat("only root may use ", what, " of this machine")};
  return Fault{FaultKind::no_xen,
               concat("cannot reach ", what, " of this machine: ", std::strerror(error))};
}

}  // namespace

void require_xen() {
  if (::access(kHypercalls, R_OK | W_OK) == 0) return;
  if (errno == ENOENT || errno == ENOTDIR)
    throw Fault{FaultKind::no_xen, concat("this machine runs no Xen: there is no ", kHypercalls)};
  throw unreachable("the Xen", errno);
}

void require_xenstored() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string_view path = xs_daemon_socket();
  if (path.size() >= sizeof address.sun_path) throw unreachable("the xenstored", ENAMETOOLONG);
  path.copy(address.sun_path, path.size());
  const Descriptor probe{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (!probe) throw system_fault("make a socket");
  if (::connect(probe.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return;
  if (errno == ENOENT || errno == ECONNREFUSED)
    throw Fault{FaultKind::no_xen, concat("xenstored does not run: nobody listens on ", path,
                                          "; dom0 must be restarted if it has died")};
  throw unreachable("the xenstored", errno);
}

}  // namespace qubes::mgmt::xen
