// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/file.h"

namespace qubes::mgmt::test {

/// How a program ended and what it said.
struct Outcome {
  /// The exit status; 128 + the signal for one that was killed.
  int status = -1;
  std::string output;
  std::string errors;
  std::chrono::milliseconds time{0};
};

/// A program under way, with its words as a user types them. Two of them can run at once; what
/// they say goes to memory, so that whatever they leave behind keeps nobody waiting.
class Program {
 public:
  /// `words[0]` is a path. `input` is the file that it reads as stdin.
  explicit Program(std::vector<std::string> words, const std::string& input = "/dev/null");
  ~Program();
  Program(Program&& other) noexcept = default;
  Program& operator=(Program&&) = delete;

  /// Its own process alone, with SIGKILL.
  void kill() const;

  /// Waits for its end. One that takes longer than this is killed, and the test fails.
  Outcome wait(std::chrono::seconds limit = std::chrono::seconds{180});

 private:
  bool ends_within(std::chrono::milliseconds limit) const;

  std::vector<std::string> words_;
  Descriptor output_;
  Descriptor errors_;
  Descriptor process_;
  pid_t pid_ = -1;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// Runs a program of dom0 and gives back what it prints; the test fails if the program does.
std::string run(const std::vector<std::string>& words);

}  // namespace qubes::mgmt::test
