// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace qubes::mgmt {

struct ProcessResult {
  /// The exit status; 128 + the signal for a program that was killed.
  int status;
  std::string output;
  std::string errors;
};

/// Runs a program by its absolute path, with these words and an environment of PATH and
/// LC_ALL=C only: no shell, no descriptor beyond 0, 1 and 2. Its output is gathered; it is
/// killed at the deadline. Faults: no_xen ("a needed program is not there") where it cannot
/// be started, busy at the deadline.
ProcessResult run_program(const std::vector<std::string>& words,
                          std::chrono::milliseconds deadline);

/// Starts a program that outlives this process: a session of its own, nothing on its
/// descriptors 0, 1 and 2. Faults: no_xen.
void leave_behind(const std::vector<std::string>& words);

/// The folder in which the running program lies, links resolved.
std::filesystem::path program_folder();

/// When the process began, in clock ticks since boot: with its pid, who it is. Empty where
/// there is no such process, or only the remains of one that has ended.
std::string process_start(int pid);

/// The id of this boot of dom0. Rows about running domains carry it; after a reboot none of
/// them is believed.
std::string boot_id();

}  // namespace qubes::mgmt
