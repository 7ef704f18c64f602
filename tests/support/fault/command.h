// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "changing_calls.h"

namespace qubes::mgmt {

enum class Mode { count, trace, kill, fail };

/// What becomes of the points behind one that failed.
enum class Later { pass, fail, fail_for_space };

/// What becomes of processes that outlive the program.
enum class Survivors { awaited, left };

/// What the command line asks for.
struct Command {
  Mode mode = Mode::count;
  std::uint64_t point = 0;  // from 1
  int error = 0;            // an errno
  Later later = Later::pass;
  Survivors survivors = Survivors::awaited;
  Extras extras;
  std::string report;  // a path, empty for none
  std::vector<std::string> program;
};

/// Throws std::invalid_argument, with words for the user.
Command parse_command(std::span<char* const> words);

std::string_view usage();

}  // namespace qubes::mgmt
