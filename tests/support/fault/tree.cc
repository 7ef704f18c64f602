// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree.h"

#include <sys/ptrace.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>

#include "point.h"

namespace qubes::mgmt {
namespace {

constexpr int kCallStop = SIGTRAP | 0x80;  // PTRACE_O_TRACESYSGOOD
constexpr int kKilled = 128 + SIGKILL;

pid_t event_process(pid_t process) {
  unsigned long message = 0;
  ptrace(PTRACE_GETEVENTMSG, process, 0, &message);
  return static_cast<pid_t>(message);
}

bool stops(int signal) {
  return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

int exit_status(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Tree::Tree(const Command& command, std::FILE* trace)
    : command_{command},
      trace_{trace},
      sight_{command.survivors == Survivors::left ? Sight::all : Sight::filtered},
      program_{command.program, sight_, command.extras},
      processes_{program_.process()} {}

Outcome Tree::follow() {
  while (phase_ != Phase::leaving || !processes_.empty()) {
    int status = 0;
    const pid_t process = waitpid(-1, &status, __WALL);
    if (process < 0 && errno == EINTR) continue;
    if (process < 0) break;
    if (WIFSTOPPED(status))
      stopped(process, status);
    else
      ended(process, status);
  }
  outcome_.exec_error = program_.exec_error();
  return outcome_;
}

void Tree::ended(pid_t process, int status) {
  if (processes_.erase(process) == 0) early_.insert(process);
  if (process != program_.process() || phase_ != Phase::running) return;
  outcome_.status = exit_status(status);
  if (command_.survivors == Survivors::left) leave_all();
}

void Tree::stopped(pid_t process, int status) {
  if (processes_.insert(process).second) early_.insert(process);
  const int event = status >> 16;
  const int signal = WSTOPSIG(status);
  const bool delivers = event == 0 && signal != kCallStop;
  if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK || event == PTRACE_EVENT_CLONE)
    born(event_process(process));
  if (event == PTRACE_EVENT_EXEC) executed(process);
  if (phase_ == Phase::killing) {
    kill(process, SIGKILL);
    return;
  }
  if (phase_ == Phase::leaving) {
    leave(process, delivers ? signal : 0);
    return;
  }
  if (event == PTRACE_EVENT_STOP && stops(signal)) {
    ptrace(PTRACE_LISTEN, process, 0, 0);  // it stays stopped until SIGCONT
    return;
  }
  if (event == PTRACE_EVENT_SECCOMP || signal == kCallStop) before_call(process);
  if (phase_ == Phase::running) go_on(process, delivers ? signal : 0);
}

void Tree::born(pid_t child) {
  // The child may be seen before its birth is; then it may even have ended, and its number be
  // another's by now.
  if (early_.erase(child) == 0) processes_.insert(child);
}

void Tree::executed(pid_t process) {
  executing_ = true;
  // A thread that executes takes the number of its process; its own is no more.
  const pid_t former = event_process(process);
  if (former != process) processes_.erase(former);
}

void Tree::before_call(pid_t process) {
  if (!executing_) return;
  const auto entry = call_entered(process);
  if (!entry) return;
  const ChangingCall* const call = find_changing_call(entry->number);
  if (call == nullptr) return;
  if (call->rule == Rule::refused) skip_call(process, ENOSYS);
  if (is_point(process, *call, *entry, command_.extras)) reach(process, *call, *entry);
}

void Tree::reach(pid_t process, const ChangingCall& call, const CallEntry& entry) {
  const std::uint64_t number = ++outcome_.points;
  const std::string number_text = std::to_string(number) + ' ';
  if (trace_ != nullptr)
    std::fprintf(trace_, "%s%d %s\n", number_text.c_str(), process,
                 described(process, call, entry).c_str());
  if (number == command_.point) outcome_.injected = number_text + described(process, call, entry);
  if (command_.mode == Mode::kill && number == command_.point) kill_all();
  if (command_.mode == Mode::fail && fails(process, call, entry))
    skip_call(process, command_.error);
}

bool Tree::fails(pid_t process, const ChangingCall& call, const CallEntry& entry) const {
  if (outcome_.points <= command_.point) return outcome_.points == command_.point;
  if (command_.later == Later::fail_for_space) return takes_space(process, call, entry);
  return command_.later == Later::fail;
}

void Tree::go_on(pid_t process, int signal) {
  const auto how = sight_ == Sight::all ? PTRACE_SYSCALL : PTRACE_CONT;
  ptrace(how, process, 0, signal);  // fails if the process was killed meanwhile; wait() tells
}

void Tree::kill_all() {
  phase_ = Phase::killing;
  outcome_.status = kKilled;
  // None of these numbers can be another's, because each end passes through ended(). What is
  // being born meanwhile stops before it runs, and is killed then.
  for (const pid_t process : processes_) kill(process, SIGKILL);
}

void Tree::leave_all() {
  phase_ = Phase::leaving;
  for (const pid_t process : processes_) ptrace(PTRACE_INTERRUPT, process, 0, 0);
}

void Tree::leave(pid_t process, int signal) {
  ptrace(PTRACE_DETACH, process, 0, signal);
  processes_.erase(process);
}

}  // namespace qubes::mgmt
