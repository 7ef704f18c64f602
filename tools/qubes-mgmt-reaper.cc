// SPDX-License-Identifier: GPL-2.0-or-later
// Sleeps until a domain ends and then has it settled, so that its memory is not held until
// somebody looks. A start leaves it behind; a lock sees to it that there is one, and it goes
// when no VM has a domain. Kept apart from our library, since it stays in memory: it needs
// libxenstore and nothing else. Killed, it is not missed: every call settles what it touches.
//
//   qubes-mgmt-reaper [SCRATCH-ROOT]

#include <fcntl.h>
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

bool nobody_is_left() {
  char* words[] = {settle_path, nullptr};
  pid_t pid = -1;
  int status = 0;
  if (posix_spawn(&pid, settle_path, nullptr, nullptr, words, environ) != 0) return false;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == kNobodyLeft;
}

bool take_lock(int lock) { return flock(lock, LOCK_EX | LOCK_NB) == 0; }

// A start may have found our lock taken and have left its reaper to end, just as we saw nobody.
// So look once more after letting go; stay if there is somebody and no other reaper.
bool may_go(int lock) {
  if (!nobody_is_left()) return false;
  flock(lock, LOCK_UN);
  return nobody_is_left() || !take_lock(lock);
}

}  // namespace

int main(int argc, char** argv) {
  const char* root = argc > 1 ? argv[1] : "";
  if (*root != '\0') setenv("QUBES_MGMT_ROOT", root, 1);
  snprintf(lock_path, sizeof lock_path, "%s/run/qubes-mgmt/lock/reaper", root);
  const int lock = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
  if (lock < 0 || !find_settle_program() || !take_lock(lock)) return 0;
  xs_handle* store = xs_open(0);
  if (store == nullptr || !xs_watch(store, "@releaseDomain", "end")) return 1;
  // The watch fires once by itself, so an end before it was set is not missed.
  unsigned count = 0;
  while (char** event = xs_read_watch(store, &count)) {
    free(event);
    if (may_go(lock)) return 0;
  }
  return 1;
}
