// SPDX-License-Identifier: GPL-2.0-or-later
// Sleeps until a domain ends and then has it settled, so that its memory is not held until
// somebody looks. A start leaves it behind; a lock sees to it that there is one, and it goes
// when no VM has a domain. Kept apart from our library, since it stays in memory: it needs
// libxenstore and nothing else. Killed, it is not missed: every call settles what it touches.
//
//   qubes-mgmt-reaper [SCRATCH-ROOT]

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "frame/settle_program.h"

extern "C" {
#include <xenstore.h>
}

namespace {

using qubes::mgmt::kNobodyLeft;
using qubes::mgmt::kSomebodyAtWork;
using qubes::mgmt::kSomebodyLeft;

// How long to sleep after a look at all VMs, unless a domain ends: milliseconds, as poll() has
// them. A call that works on a VM is soon done, and Xen will not tell of it.
constexpr int kUntilAnEnd = -1;
constexpr int kUntilWorkIsDone = 1000;
constexpr int kAfterFailure = 30'000;

char settle_path[4096];
char lock_path[4096];

// The settle program lies beside this one.
bool find_settle_program() {
  const ssize_t length = readlink("/proc/self/exe", settle_path, sizeof settle_path - 1);
  if (length <= 0) return false;
  settle_path[length] = '\0';
  char* name = strrchr(settle_path, '/');
  constexpr char kName[] = "/qubes-mgmt-settle";
  if (name == nullptr || name + sizeof kName > settle_path + sizeof settle_path) return false;
  memcpy(name, kName, sizeof kName);
  return true;
}

// Gives a SettleStatus, or anything else where it could not be had.
int settle() {
  char* words[] = {settle_path, nullptr};
  pid_t pid = -1;
  int status = 0;
  if (posix_spawn(&pid, settle_path, nullptr, nullptr, words, environ) != 0) return -1;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int sleep_after(int status) {
  if (status == kSomebodyLeft) return kUntilAnEnd;
  return status == kSomebodyAtWork ? kUntilWorkIsDone : kAfterFailure;
}

bool take_lock(int lock) { return flock(lock, LOCK_EX | LOCK_NB) == 0; }

// A start may have found our lock taken and have left its reaper to end, just as we saw nobody.
// So look once more after letting go; stay if there is somebody and no other reaper.
int settle_or_go(int lock) {
  int status = settle();
  if (status != kNobodyLeft) return status;
  flock(lock, LOCK_UN);
  status = settle();
  return status != kNobodyLeft && take_lock(lock) ? status : kNobodyLeft;
}

// Until a domain has ended, or for so long. False: xenstored is gone.
bool sleep_until_an_end(xs_handle* store, int longest) {
  pollfd event{xs_fileno(store), POLLIN, 0};
  if (poll(&event, 1, longest) == 0) return true;
  unsigned count = 0;
  char** what = xs_read_watch(store, &count);
  free(what);
  return what != nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  const char* root = argc > 1 ? argv[1] : "";
  // Nobody's folder is to be kept busy while VMs run.
  if (chdir("/") != 0) return 1;
  if (*root != '\0') setenv("QUBES_MGMT_ROOT", root, 1);
  snprintf(lock_path, sizeof lock_path, "%s/run/qubes-mgmt/lock/reaper", root);
  const int lock = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
  if (lock < 0 || !find_settle_program() || !take_lock(lock)) return 0;
  xs_handle* store = xs_open(0);
  if (store == nullptr || !xs_watch(store, "@releaseDomain", "end")) return 1;
  // The watch fires once by itself, so an end before it was set is not missed.
  for (int longest = kUntilAnEnd; sleep_until_an_end(store, longest);) {
    const int status = settle_or_go(lock);
    if (status == kNobodyLeft) return 0;
    longest = sleep_after(status);
  }
  return 1;
}
