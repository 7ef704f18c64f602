// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/session.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>

#include "base/text.h"
#include "hypervisor/xen/presence.h"

namespace qubes::mgmt::xen {
namespace {

/// libxl's scripts write to our stderr otherwise, and keep it open if they outlive us.
void leave_standard_streams() {
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0) ::_exit(127);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nothing, stream);
}

/// Forks for libxl. Some of its children never execute another program; they carry copies of
/// all our descriptors, locks among them, and must not outlive us. What a child forks in turn,
/// the device model, has to.
pid_t fork_child(void* owner) {
  const pid_t self = *static_cast<const pid_t*>(owner);
  const bool direct = ::getpid() == self;
  const pid_t child = ::fork();
  if (child != 0) return child;
  if (direct) ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (direct && ::getppid() != self) ::_exit(127);
  leave_standard_streams();
  return 0;
}

const libxl_childproc_hooks kChildren = {
    .chldowner = libxl_sigchld_owner_libxl_always_selective_reap,
    .fork_replacement = fork_child,
    .reaped_callback = nullptr,
};

}  // namespace

Session::Session() : owner_{::getpid()} {
  require_xen();
  require_xenstored();
  libxl_ctx* context = nullptr;
  const int rc = libxl_ctx_alloc(&context, LIBXL_VERSION, 0, &log_);
  context_.reset(context);
  if (rc != 0) throw Fault{FaultKind::no_xen, concat("cannot open libxl: ", log_.cause())};
  libxl_childproc_setmode(context, &kChildren, &owner_);
  // A first question, so that a stopped xenstored is found out here and not in mid-work.
  const Handle<char, std::free> name{libxl_domid_to_name(context, 0)};
  if (!name) throw Fault{FaultKind::no_xen, concat("xenstored does not know dom0: ", log_.cause())};
}

void Session::begin() {
  log_.clear();
  sigset_t ends;
  ::sigemptyset(&ends);
  ::sigaddset(&ends, SIGCHLD);
  ::pthread_sigmask(SIG_UNBLOCK, &ends, nullptr);
}

Fault Session::fault(std::string_view doing) const {
  const std::string cause = log_.cause();
  return Fault{FaultKind::failed,
               concat("cannot ", doing, ": ", cause.empty() ? "libxl does not say why" : cause),
               log_.text()};
}

void Session::check(int rc, std::string_view doing) const {
  if (rc != 0) throw fault(doing);
}

}  // namespace qubes::mgmt::xen
