// SPDX-License-Identifier: GPL-2.0-or-later
#include "start.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

#include "filter.h"

namespace qubes::mgmt {
namespace {

[[noreturn]] void give_up(const char* doing) {
  throw std::system_error{errno, std::generic_category(), doing};
}

struct Pipe {
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) give_up("pipe");
    out = ends[0];
    in = ends[1];
  }
  int out;
  int in;
};

/// The leak checker is a tracer itself and fails beside another one.
void switch_leak_checker_off() {
  const char* set = getenv("LSAN_OPTIONS");
  const std::string options = set == nullptr ? "" : std::string{set} + ':';
  setenv("LSAN_OPTIONS", (options + "detect_leaks=0").c_str(), 1);
}

struct Execution {
  std::vector<char*> words;
  std::vector<sock_filter> filter;  // empty for none
  sighandler_t child_signal;        // as this program got it
};

[[noreturn]] void execute(Execution& execution, const Pipe& gate, const Pipe& errors) {
  char byte = 0;
  close(gate.in);
  if (read(gate.out, &byte, 1) != 1) _exit(125);
  signal(SIGCHLD, execution.child_signal);
  int error = execution.filter.empty() ? 0 : install_filter(execution.filter);
  if (error == 0) {
    execvp(execution.words.front(), execution.words.data());
    error = errno;
  }
  const ssize_t written = write(errors.in, &error, sizeof error);
  _exit(written == sizeof error && error == ENOENT ? 127 : 126);
}

Execution prepare(const std::vector<std::string>& words, Sight sight, const Extras& extras) {
  Execution execution;
  for (const std::string& word : words) execution.words.push_back(const_cast<char*>(word.c_str()));
  execution.words.push_back(nullptr);
  if (sight == Sight::filtered) execution.filter = changing_filter(extras);
  // An inherited «ignore» would throw the exit statuses away.
  execution.child_signal = signal(SIGCHLD, SIG_DFL);
  switch_leak_checker_off();
  return execution;
}

long trace_options(Sight sight) {
  const long always = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                      PTRACE_O_TRACEEXEC | PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
  return sight == Sight::filtered ? always | PTRACE_O_TRACESECCOMP : always;
}

}  // namespace

StartedProgram::StartedProgram(const std::vector<std::string>& words, Sight sight,
                               const Extras& extras) {
  const Pipe gate;
  const Pipe errors;
  Execution execution = prepare(words, sight, extras);
  // Orphans become ours instead of init's, so that none of them stays as a zombie.
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  process_ = fork();
  if (process_ < 0) give_up("fork");
  if (process_ == 0) execute(execution, gate, errors);
  close(gate.out);
  close(errors.in);
  errors_ = errors.out;
  if (ptrace(PTRACE_SEIZE, process_, 0, trace_options(sight)) != 0) {
    const int error = errno;
    close(gate.in);
    waitpid(process_, nullptr, 0);
    throw std::system_error{error, std::generic_category(), "ptrace"};
  }
  const bool opened = write(gate.in, "g", 1) == 1;
  close(gate.in);
  if (!opened) give_up("write");
}

StartedProgram::~StartedProgram() { close(errors_); }

int StartedProgram::exec_error() const {
  int error = 0;
  return read(errors_, &error, sizeof error) == sizeof error ? error : 0;
}

}  // namespace qubes::mgmt
