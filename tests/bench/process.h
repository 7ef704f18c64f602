// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

namespace qubes::mgmt::bench {

/// A program by its path, with its words and all of its environment.
struct Command {
  std::vector<std::string> words;
  std::vector<std::string> environment;
};

/// Runs it to its end with nothing on its standard streams but errors, and says how many
/// milliseconds that took, from before its start until it was waited for. Throws
/// std::runtime_error where it does not end with 0.
double run(const Command& command);

}  // namespace qubes::mgmt::bench
