// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/program.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <utility>

namespace qubes::mgmt::test {
namespace {

void require(bool succeeded, const char* what) {
  if (!succeeded) throw std::runtime_error{what};
}

// A file in memory, so that no program waits for us to read or write.
int memory_file() {
  const int file = ::memfd_create("stream", MFD_CLOEXEC);
  require(file >= 0, "no file in memory");
  return file;
}

int input_of(const Program& program) {
  if (!program.input_file.empty()) {
    const int file = ::open(program.input_file.c_str(), O_RDONLY | O_CLOEXEC);
    require(file >= 0, "no such input file");
    return file;
  }
  const int file = memory_file();
  const auto size = static_cast<ssize_t>(program.input.size());
  require(::write(file, program.input.data(), program.input.size()) == size, "no input");
  ::lseek(file, 0, SEEK_SET);
  return file;
}

// In the child: only what may be called between fork and exec.
void connect(int standard, Stream stream, int usual) {
  if (stream == Stream::closed) {
    ::close(standard);
    return;
  }
  int file = usual;
  int ends[2];
  if (stream == Stream::full) file = ::open("/dev/full", O_RDWR | O_CLOEXEC);
  if (stream == Stream::broken && ::pipe2(ends, O_CLOEXEC) == 0) {
    ::close(ends[0]);
    file = ends[1];
  }
  ::dup2(file, standard);
}

std::vector<std::string> environment_of(const Program& program) {
  std::vector<std::string> lines{"PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
  for (const auto& [name, value] : program.environment) lines.push_back(name + "=" + value);
  return lines;
}

std::string gathered(int file) {
  std::string bytes(static_cast<std::size_t>(::lseek(file, 0, SEEK_END)), '\0');
  require(::pread(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()),
          "cannot read what was written");
  return bytes;
}

}  // namespace

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

Running::Running(const Program& program)
    : pid_{-1}, out_{memory_file()}, err_{memory_file()}, deadline_{program.deadline} {
  const int in = input_of(program);
  const auto environment = environment_of(program);
  const auto words = pointers(program.words);
  const auto variables = pointers(environment);
  pid_ = ::fork();
  if (pid_ == 0) {
    connect(0, program.in, in);
    connect(1, program.out, out_);
    connect(2, program.err, err_);
    ::execve(words[0], words.data(), variables.data());
    ::_exit(127);
  }
  ::close(in);
  require(pid_ > 0, "cannot fork");
}

Running::Running(Running&& other) noexcept
    : pid_{std::exchange(other.pid_, -1)},
      out_{std::exchange(other.out_, -1)},
      err_{std::exchange(other.err_, -1)},
      deadline_{other.deadline_} {}

Running::~Running() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (out_ >= 0) ::close(out_);
  if (err_ >= 0) ::close(err_);
}

Result Running::wait() {
  const int ended = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  require(ended >= 0, "cannot wait for a program");
  pollfd waited{ended, POLLIN, 0};
  if (::poll(&waited, 1, static_cast<int>(deadline_.count())) == 0) ::kill(pid_, SIGKILL);
  ::close(ended);
  int status = 0;
  require(::waitpid(std::exchange(pid_, -1), &status, 0) > 0, "lost a program");
  return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), gathered(out_),
          gathered(err_)};
}

Result run(const Program& program) { return Running{program}.wait(); }

std::vector<Result> run_at_once(const std::vector<Program>& programs) {
  std::vector<Running> running;
  running.reserve(programs.size());
  for (const Program& program : programs) running.emplace_back(program);
  std::vector<Result> results;
  for (Running& each : running) results.push_back(each.wait());
  return results;
}

}  // namespace qubes::mgmt::test
