// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <thread>

#include "subject.h"

namespace qubes::mgmt::subject {
namespace {

constexpr char kSelf[] = "/proc/self/exe";

volatile sig_atomic_t signals_seen = 0;

bool succeeds(pid_t child) {
  int status = -1;
  return waitpid(child, &status, 0) == child && status == 0;
}

void execute_leaf(const char* name) {
  execl(kSelf, "fault-subject", "leaf", name, nullptr);
  _exit(1);
}

bool make_by_fork(const char* name) {
  const pid_t child = fork();
  if (child == 0) _exit(make_leaf(name));
  return succeeds(child);
}

bool make_by_vfork(const char* name) {
  const pid_t child = vfork();
  if (child == 0) execute_leaf(name);
  return succeeds(child);
}

bool make_by_spawn(const char* name) {
  std::string words[] = {"fault-subject", "leaf", name};
  char* const arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
  pid_t child = -1;
  return posix_spawn(&child, kSelf, nullptr, nullptr, arguments, environ) == 0 && succeeds(child);
}

/// Two points: makes a file with the number of this process, says so, and stays.
[[noreturn]] void stay(int tell) {
  setsid();
  const std::string number = std::to_string(getpid());
  const int file = open(("pid-" + number).c_str(), O_CREAT | O_WRONLY, 0600);
  const bool wrote = write(file, number.data(), number.size()) > 0 && write(tell, "x", 1) == 1;
  while (wrote) pause();
  _exit(1);
}

bool dies_of_broken_pipe(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE;
}

bool stops_and_continues(pid_t child) {
  int status = 0;
  waitpid(child, &status, WUNTRACED);
  if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGSTOP) return false;
  // A stopped process must stay stopped while it is traced.
  usleep(20000);
  if (waitpid(child, &status, WNOHANG) != 0) return false;
  kill(child, SIGCONT);
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 7;
}

}  // namespace

int make_leaf(std::string_view name) {
  const int file = open(std::string{name}.c_str(), O_CREAT | O_WRONLY, 0600);
  return file >= 0 && close(file) == 0 ? 0 : 1;
}

int fork_children() {
  const bool all = make_leaf("first") == 0 && make_by_fork("forked") && make_by_vfork("vforked") &&
                   make_by_spawn("spawned") && make_leaf("last") == 0;
  return all ? 0 : 1;
}

int leave_a_tree() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  for (int child = 0; child < 3; ++child)
    if (fork() == 0) stay(ends[1]);
  char byte = 0;
  for (int child = 0; child < 3; ++child)
    if (read(ends[0], &byte, 1) != 1) return 1;
  return make_leaf("never");
}

int leave_a_daemon() {
  if (make_leaf("before") != 0) return 1;
  const pid_t child = fork();
  if (child != 0) return succeeds(child) ? 0 : 1;
  setsid();
  if (fork() != 0) _exit(0);
  for (int wait = 0; wait < 4000 && access("go", F_OK) != 0; ++wait) usleep(5000);
  // A process of its own shows that children of what was left can work, too.
  _exit(make_by_spawn("done") ? 0 : 1);
}

int pass_signals() {
  const auto count = [](int) { signals_seen = signals_seen + 1; };
  signal(SIGUSR1, count);
  signal(SIGCHLD, count);
  raise(SIGUSR1);
  const pid_t writer = fork();
  if (writer == 0) {
    int ends[2];
    if (pipe(ends) != 0) _exit(1);
    close(ends[0]);
    _exit(write(ends[1], "x", 1) == 1 ? 0 : 1);
  }
  if (!dies_of_broken_pipe(writer) || signals_seen != 2) return 1;
  const pid_t stopper = fork();
  if (stopper == 0) {
    raise(SIGSTOP);
    _exit(7);
  }
  if (!stops_and_continues(stopper)) return 2;
  raise(SIGTERM);
  return 3;
}

int execute_from_thread() {
  std::thread idle{[] {
    while (true) pause();
  }};
  std::thread worker{[] {
    if (make_leaf("thread") == 0) execute_leaf("executed");
  }};
  worker.join();
  idle.join();
  return 1;
}

}  // namespace qubes::mgmt::subject
