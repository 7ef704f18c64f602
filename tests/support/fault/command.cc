// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <cerrno>
#include <charconv>
#include <stdexcept>

namespace qubes::mgmt {
namespace {

/// The words of a command line, taken from the front.
class Words {
 public:
  explicit Words(std::span<char* const> words) : words_{words} {}

  bool any() const { return !words_.empty(); }
  std::string_view next() const { return any() ? words_.front() : ""; }
  std::span<char* const> rest() const { return words_; }

  std::string_view take(const char* what) {
    if (!any()) throw std::invalid_argument{std::string{what} + " is missing"};
    const std::string_view word = words_.front();
    words_ = words_.subspan(1);
    return word;
  }

 private:
  std::span<char* const> words_;
};

Mode parse_mode(std::string_view word) {
  if (word == "count") return Mode::count;
  if (word == "trace") return Mode::trace;
  if (word == "kill") return Mode::kill;
  if (word == "fail") return Mode::fail;
  throw std::invalid_argument{"no such command: " + std::string{word}};
}

std::uint64_t parse_point(std::string_view word) {
  std::uint64_t point = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), point);
  if (error == std::errc{} && end == word.data() + word.size() && point > 0) return point;
  throw std::invalid_argument{"not the number of a point: " + std::string{word}};
}

int parse_error(std::string_view word) {
  if (word == "ENOSPC") return ENOSPC;
  if (word == "EIO") return EIO;
  throw std::invalid_argument{"not ENOSPC or EIO: " + std::string{word}};
}

void take_options(Words& words, Command& command) {
  while (words.next().starts_with("--") && words.next() != "--") {
    const std::string_view option = words.take("option");
    if (option == "--report")
      command.report = words.take("the file of --report");
    else if (option == "--leave-children")
      command.survivors = Survivors::left;
    else if (option == "--ioctl")
      command.extras.device_requests = true;
    else if (option == "--streams")
      command.extras.streams = true;
    else if (option == "--sticky" && command.mode == Mode::fail)
      command.later = Later::fail;
    else if (option == "--full" && command.mode == Mode::fail)
      command.later = Later::fail_for_space;
    else
      throw std::invalid_argument{"no such option here: " + std::string{option}};
  }
}

}  // namespace

Command parse_command(std::span<char* const> arguments) {
  Words words{arguments};
  Command command;
  command.mode = parse_mode(words.take("the command"));
  take_options(words, command);
  if (command.mode == Mode::kill || command.mode == Mode::fail) {
    command.point = parse_point(words.take("the number of the point"));
    take_options(words, command);
  }
  if (command.mode == Mode::fail) {
    command.error = parse_error(words.take("the error"));
    take_options(words, command);
  }
  if (words.next() == "--") words.take("--");
  command.program.assign(words.rest().begin(), words.rest().end());
  if (command.program.empty()) throw std::invalid_argument{"the program is missing"};
  return command;
}

std::string_view usage() {
  return R"(usage: fault count [OPTIONS] [--] PROGRAM [ARGUMENT...]
       fault trace [OPTIONS] [--] PROGRAM [ARGUMENT...]
       fault kill N [OPTIONS] [--] PROGRAM [ARGUMENT...]
       fault fail N ENOSPC|EIO [--sticky | --full] [OPTIONS] [--] PROGRAM [ARGUMENT...]

Runs PROGRAM. A point is a system call, of it or of any process it starts, that changes a file,
a folder, a device or a domain. Points are numbered from 1, in the order in which they come.

  count   counts them
  trace   prints one line for each: number, process, call, paths
  kill    kills all processes before point N is made
  fail    does not make the call of point N, which returns the error instead

  --sticky          all later points fail as well
  --full            later points fail if they need space: a disk that stays full
  --leave-children  what outlives PROGRAM runs on, untraced; otherwise it is awaited
  --ioctl           each ioctl on a device of Xen or ZFS is a point
  --streams         writing to a pipe or a socket is a point
  --report FILE     write there (for count and trace without it: to stderr)
                      points N           how many there were; for kill, N itself is the last
                      injected N CALL    what was hit first, or: injected none
                      status N           as the exit status

Exit status: that of PROGRAM, 128 + the signal that ended it, 137 if killed here; 125 for wrong
use, 126 or 127 if PROGRAM cannot be run.
)";
}

}  // namespace qubes::mgmt
