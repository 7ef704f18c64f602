// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/surroundings.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <initializer_list>
#include <string_view>

#include "base/fault.h"

namespace qubes::mgmt {
namespace {

// SQLite keeps an index of its log in mapped memory. Where a file system with small blocks is
// full, that memory has nothing behind it, and touching it is a signal instead of an error.
void end_for_full_disk(int /*signal*/) {
  constexpr std::string_view kLine =
      "the store cannot be written: no space left on the disk; nothing was changed\n";
  static_cast<void>(!::write(STDERR_FILENO, kLine.data(), kLine.size()));
  ::_exit(exit_status(FaultKind::io_failed));
}

}  // namespace

void set_surroundings_right() {
  // A store opened as descriptor 1 would be answered into.
  for (int standard = 0; standard <= 2; ++standard)
    if (::fcntl(standard, F_GETFD) < 0) static_cast<void>(::open("/dev/null", O_RDWR));
  static_cast<void>(::close_range(3, ~0U, 0));
  // qrexec starts services with SIGCHLD blocked, and libxl would then wait for ever.
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  for (const int number : {SIGCHLD, SIGPIPE, SIGALRM}) ::sigaction(number, &usual, nullptr);
  // Too large a file is then an error like a full disk, which is answered.
  ::signal(SIGXFSZ, SIG_IGN);
  ::signal(SIGBUS, end_for_full_disk);
  ::umask(0027);
}

void leave_working_folder() { static_cast<void>(!::chdir("/")); }

}  // namespace qubes::mgmt
