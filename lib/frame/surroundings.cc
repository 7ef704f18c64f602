// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/surroundings.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <initializer_list>

namespace qubes::mgmt {

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
  ::umask(0027);
}

void leave_working_folder() { static_cast<void>(!::chdir("/")); }

}  // namespace qubes::mgmt
