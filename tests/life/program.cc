// SPDX-License-Identifier: GPL-2.0-or-later
#include "program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/handle.h"
#include "base/text.h"

namespace qubes::mgmt::test {
namespace {

using SpawnActions = Value<posix_spawn_file_actions_t, posix_spawn_file_actions_init,
                           posix_spawn_file_actions_destroy>;

std::string content(const Descriptor& file) {
  ::lseek(file.number(), 0, SEEK_SET);
  return read_all(file.number(), 1 << 20);
}

}  // namespace

Program::Program(std::vector<std::string> words, const std::string& input)
    : words_{std::move(words)},
      output_{::memfd_create("output", MFD_CLOEXEC)},
      errors_{::memfd_create("errors", MFD_CLOEXEC)} {
  SpawnActions actions;
  posix_spawn_file_actions_addopen(actions.get(), 0, input.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(actions.get(), output_.number(), 1);
  posix_spawn_file_actions_adddup2(actions.get(), errors_.number(), 2);
  std::vector<char*> argv;
  for (std::string& word : words_) argv.push_back(word.data());
  argv.push_back(nullptr);
  INFO(words_.at(0));
  REQUIRE(::posix_spawn(&pid_, argv[0], actions.get(), nullptr, argv.data(), environ) == 0);
  process_ = Descriptor{static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0))};
  REQUIRE(process_);
}

Program::~Program() {
  if (!process_) return;
  kill();
  ::waitpid(pid_, nullptr, 0);
}

void Program::kill() const { ::kill(pid_, SIGKILL); }

bool Program::ends_within(std::chrono::milliseconds limit) const {
  pollfd end{process_.number(), POLLIN, 0};
  return ::poll(&end, 1, static_cast<int>(limit.count())) == 1;
}

Outcome Program::wait(std::chrono::seconds limit) {
  INFO(join(words_, " "));
  if (!ends_within(limit)) {
    FAIL_CHECK("no end within " << limit.count() << " s: " << content(errors_));
    kill();
  }
  int status = 0;
  REQUIRE(::waitpid(pid_, &status, 0) == pid_);
  process_.reset();
  const auto time = std::chrono::steady_clock::now() - begin_;
  return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), content(output_),
          content(errors_), std::chrono::duration_cast<std::chrono::milliseconds>(time)};
}

std::string run(const std::vector<std::string>& words) {
  const Outcome outcome = Program{words}.wait();
  INFO(join(words, " ") << ": " << outcome.errors);
  CHECK(outcome.status == 0);
  return outcome.output;
}

}  // namespace qubes::mgmt::test
