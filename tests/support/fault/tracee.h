// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace qubes::mgmt {

/// A system call that a stopped process is about to make.
struct CallEntry {
  long number;
  std::array<std::uint64_t, 6> arguments;
};

/// The call before which a process is stopped; nothing if it stopped behind one, or is gone, or
/// runs as another architecture, whose numbers mean other calls.
std::optional<CallEntry> call_entered(pid_t process);

/// Makes the call, before which the process is stopped, return `error` without being made.
void skip_call(pid_t process, int error);

/// The text at an address of a stopped process, as far as it can be read.
std::string text_at(pid_t process, std::uint64_t address);

std::optional<std::uint64_t> word_at(pid_t process, std::uint64_t address);

/// The name in /proc of an open descriptor; it can be opened and examined.
std::string descriptor_link(pid_t process, int descriptor);

/// What a name in /proc points to, empty if nothing.
std::string link_target(const std::string& link);

}  // namespace qubes::mgmt
