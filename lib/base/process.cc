// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>

#include "base/fault.h"
#include "base/file.h"
#include "base/handle.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

using Clock = std::chrono::steady_clock;
using SpawnActions = Value<posix_spawn_file_actions_t, posix_spawn_file_actions_init,
                           posix_spawn_file_actions_destroy>;
using SpawnAttributes = Value<posix_spawnattr_t, posix_spawnattr_init, posix_spawnattr_destroy>;

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw system_fault("make a pipe");
  return {Descriptor{ends[0]}, Descriptor{ends[1]}};
}

// Signals as a program expects to find them, whatever this process has done with its own.
void reset_signals(SpawnAttributes& attributes) {
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(attributes.get(), &none);
  posix_spawnattr_setsigdefault(attributes.get(), &all);
}

pid_t spawn(const std::vector<std::string>& words, SpawnActions& actions, short flags) {
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  static constexpr std::array environment{
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C",
      static_cast<const char*>(nullptr)};
  SpawnAttributes attributes;
  reset_signals(attributes);
  posix_spawnattr_setflags(
      attributes.get(), static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | flags));
  pid_t pid = -1;
  const int error = posix_spawn(&pid, words.at(0).c_str(), actions.get(), attributes.get(),
                                argv.data(), const_cast<char* const*>(environment.data()));
  if (error != 0)
    throw Fault{FaultKind::no_xen, concat("cannot run ", words[0], ": ", std::strerror(error))};
  return pid;
}

// Reads what there is; false at the end.
bool drain(int descriptor, std::string& into) {
  std::array<char, 4096> buffer;
  const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
  if (got < 0) return errno == EINTR;
  into.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0;
}

// Gathers both streams until both have ended; false at the deadline.
bool gather(Pipe& output, Pipe& errors, ProcessResult& result, Clock::time_point deadline) {
  std::array<pollfd, 2> streams{
      {{output.read.number(), POLLIN, 0}, {errors.read.number(), POLLIN, 0}}};
  const std::array<std::string*, 2> texts{&result.output, &result.errors};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    if (::poll(streams.data(), streams.size(), static_cast<int>(left.count())) < 0) continue;
    for (std::size_t i = 0; i < streams.size(); ++i)
      if (streams[i].revents != 0 && !drain(streams[i].fd, *texts[i])) streams[i].fd = -1;
  }
  return true;
}

// Whether it has ended, or does before the deadline; it stays to be waited for.
bool ends_until(pid_t pid, Clock::time_point deadline) {
  constexpr std::chrono::milliseconds kPause{1};
  for (siginfo_t ended{};;) {
    if (::waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED | WNOWAIT | WNOHANG) == 0 &&
        ended.si_pid == pid)
      return true;
    if (Clock::now() >= deadline) return false;
    std::this_thread::sleep_for(kPause);
  }
}

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

ProcessResult run_program(const std::vector<std::string>& words,
                          std::chrono::milliseconds deadline) {
  Pipe output = make_pipe();
  Pipe errors = make_pipe();
  SpawnActions actions;
  posix_spawn_file_actions_addopen(actions.get(), 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(actions.get(), output.write.number(), 1);
  posix_spawn_file_actions_adddup2(actions.get(), errors.write.number(), 2);
  const pid_t pid = spawn(words, actions, POSIX_SPAWN_SETPGROUP);
  output.write.reset();
  errors.write.reset();
  ProcessResult result{};
  const auto end = Clock::now() + deadline;
  if (!gather(output, errors, result, end) || !ends_until(pid, end)) {
    ::kill(-pid, SIGKILL);  // and all that it has started
    wait_for(pid);
    throw Fault{FaultKind::busy,
                concat(words[0], " did not end within ", deadline.count() / 1000, " s")};
  }
  result.status = wait_for(pid);
  return result;
}

void leave_behind(const std::vector<std::string>& words) {
  SpawnActions actions;
  posix_spawn_file_actions_addopen(actions.get(), 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(actions.get(), 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(actions.get(), 2, "/dev/null", O_WRONLY, 0);
  spawn(words, actions, POSIX_SPAWN_SETSID);
}

std::filesystem::path program_folder() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) throw Fault{FaultKind::internal, "cannot tell where this program lies: no /proc"};
  return program.parent_path();
}

std::string process_start(int pid) {
  const auto status = read_file(concat("/proc/", pid, "/stat"));
  if (!status) return {};
  // The name of the program, in parentheses, may hold blanks and parentheses of its own.
  const std::size_t after_name = status->rfind(')');
  if (after_name == status->npos) return {};
  // The third field of the line, the state, comes first here; the 22nd is the start.
  const auto words = split(std::string_view{*status}.substr(after_name + 2), ' ');
  constexpr std::size_t kStart = 22 - 3;
  if (words.size() <= kStart || words[0] == "Z" || words[0] == "X") return {};
  return words[kStart];
}

std::string boot_id() {
  auto id = read_file("/proc/sys/kernel/random/boot_id");
  if (!id) return {};
  if (!id->empty() && id->back() == '\n') id->pop_back();
  return *id;
}

}  // namespace qubes::mgmt
