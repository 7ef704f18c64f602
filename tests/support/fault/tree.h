// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <cstdio>
#include <set>
#include <string>

#include "command.h"
#include "start.h"
#include "tracee.h"

namespace qubes::mgmt {

/// What came of a run.
struct Outcome {
  std::uint64_t points = 0;
  std::string injected;  // the point that was hit first, for people; empty for none
  int status = 0;        // for exit()
  int exec_error = 0;    // an errno
};

/// The program and all its descendants, traced.
class Tree {
 public:
  /// Starts the program. Lines of a trace go to `trace`, which may be null.
  Tree(const Command& command, std::FILE* trace);

  /// Runs the tree to its end.
  Outcome follow();

 private:
  enum class Phase { running, killing, leaving };

  void ended(pid_t process, int status);
  void stopped(pid_t process, int status);
  void born(pid_t child);
  void executed(pid_t process);
  void before_call(pid_t process);
  void reach(pid_t process, const ChangingCall& call, const CallEntry& entry);
  bool fails(pid_t process, const ChangingCall& call, const CallEntry& entry) const;
  void go_on(pid_t process, int signal);
  void kill_all();
  void leave_all();
  void leave(pid_t process, int signal);

  const Command& command_;
  std::FILE* trace_;
  Sight sight_;
  StartedProgram program_;
  Phase phase_ = Phase::running;
  bool executing_ = false;     // until the first exec it is our own code that runs
  std::set<pid_t> processes_;  // threads as well
  std::set<pid_t> early_;      // stopped or ended before their parent told of them
  Outcome outcome_;
};

}  // namespace qubes::mgmt
