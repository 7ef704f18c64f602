// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "changing_calls.h"

namespace qubes::mgmt {

/// How the calls of a process are seen.
enum class Sight {
  filtered,  // it stops at candidates only, but cannot do without its tracer any more
  all,       // it stops at each call, and can be left
};

/// A program that is traced from its exec on.
class StartedProgram {
 public:
  /// Starts it; what went wrong with the exec is known when it has ended.
  StartedProgram(const std::vector<std::string>& words, Sight sight, const Extras& extras);
  ~StartedProgram();
  StartedProgram(const StartedProgram&) = delete;
  StartedProgram& operator=(const StartedProgram&) = delete;

  pid_t process() const { return process_; }

  /// The errno with which the program could not be executed, or 0. Call it once, after the end.
  int exec_error() const;

 private:
  int errors_ = -1;
  pid_t process_ = -1;
};

}  // namespace qubes::mgmt
