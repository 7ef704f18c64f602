// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace qubes::mgmt::test {

/// Texts as execve() wants them, valid as long as the texts are.
std::vector<char*> pointers(const std::vector<std::string>& texts);

struct Result {
  /// The exit status; 128 + the signal for a program that was killed.
  int status;
  std::string out;
  std::string err;

  bool operator==(const Result&) const = default;
};

/// What a standard stream of a program is.
enum class Stream {
  usual,   ///< the input that was given; gathered, for an output
  closed,  ///< not open at all
  broken,  ///< a pipe whose other end is gone
  full,    ///< a device without any space
};

/// A program to be run: by its path, with nothing of our own environment but PATH.
struct Program {
  std::vector<std::string> words;
  std::string input = {};
  /// Read instead of `input`, if it is not empty.
  std::string input_file = {};
  std::map<std::string, std::string> environment = {};
  Stream in = Stream::usual;
  Stream out = Stream::usual;
  Stream err = Stream::usual;
  /// Killed after it, which a test cannot overlook: status 137.
  std::chrono::milliseconds deadline = std::chrono::seconds{60};
};

/// A program that runs, for tests of several at once.
class Running {
 public:
  explicit Running(const Program& program);
  ~Running();
  Running(Running&& other) noexcept;
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  Result wait();

 private:
  pid_t pid_;
  int out_;
  int err_;
  std::chrono::milliseconds deadline_;
};

Result run(const Program& program);

/// Runs all of them at the same time.
std::vector<Result> run_at_once(const std::vector<Program>& programs);

}  // namespace qubes::mgmt::test
