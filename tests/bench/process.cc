// SPDX-License-Identifier: GPL-2.0-or-later
#include "process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <stdexcept>

namespace qubes::mgmt::bench {
namespace {

double now_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

/// Where a child's input and output go: nowhere.
class Silence {
 public:
  Silence() {
    ::posix_spawn_file_actions_init(&actions_);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO})
      ::posix_spawn_file_actions_addopen(&actions_, stream, "/dev/null", O_RDWR, 0);
  }
  ~Silence() { ::posix_spawn_file_actions_destroy(&actions_); }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

double run(const Command& command) {
  static const Silence silence;
  const std::vector<char*> words = pointers(command.words);
  const std::vector<char*> environment = pointers(command.environment);
  pid_t child = -1;
  int status = -1;
  const double begin = now_ms();
  const int error =
      ::posix_spawn(&child, words[0], silence.actions(), nullptr, words.data(), environment.data());
  if (error != 0) throw std::runtime_error{"cannot run " + command.words[0]};
  ::waitpid(child, &status, 0);
  const double end = now_ms();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error{command.words[0] + " failed"};
  return end - begin;
}

}  // namespace qubes::mgmt::bench
