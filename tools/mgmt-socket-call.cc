// SPDX-License-Identifier: GPL-2.0-or-later
// Answers one request in the protocol of Qubes' server: reads it from stdin to its end and
// becomes the call's own program, which lies or is linked beside this one and answers on
// stdout. systemd starts one for each connection.
//
//   mgmt-socket-call [--seconds N] [PREFIX...]
//
// Only calls whose names begin with one of the prefixes are made, any call without them. A
// request that does not come whole in time, or is none, is answered as Qubes' clients expect:
// by no bytes at all. Runs before each call, so it is small and loads no library of ours.

#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <string>
#include <vector>

#include "frame/socket_request.h"

namespace {

using Clock = std::chrono::steady_clock;
using qubes::mgmt::kLargestSocketRequest;
using qubes::mgmt::SocketRequest;

struct Options {
  // A VM's caller may be a person who types the payload.
  std::chrono::seconds deadline{60};
  std::vector<std::string_view> prefixes;
};

// One more than allowed, to see that there is more.
char bytes[kLargestSocketRequest + 1];

/// Says why there is no answer, to the journal and to whoever runs this by hand. `what` is a
/// text of ours or one that has been checked.
int refuse(const std::string& what) {
  const std::string line = "mgmt-socket-call: " + what + "\n";
  static_cast<void>(!write(STDERR_FILENO, line.data(), line.size()));
  return 0;
}

bool read_options(int count, char** words, Options& options) {
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word != "--seconds") {
      options.prefixes.push_back(word);
      continue;
    }
    int seconds = 0;
    const std::string_view number = ++i < count ? words[i] : "";
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), seconds);
    if (error != std::errc{} || end != number.data() + number.size() || seconds <= 0) return false;
    options.deadline = std::chrono::seconds{seconds};
  }
  return true;
}

/// Waits until something can be read; false at the deadline.
bool wait_for_input(Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    pollfd input{STDIN_FILENO, POLLIN, 0};
    const int ready = poll(&input, 1, static_cast<int>(std::min<long>(left.count(), 1'000'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

/// Reads to the end of the request, and what is beyond the limit into nowhere: closing a socket
/// that holds unread bytes would look like a broken connection to the client. Gives the number
/// of bytes, or -1 where the end has not come in time.
ssize_t read_request(Clock::time_point deadline) {
  std::size_t filled = 0;
  for (;;) {
    if (!wait_for_input(deadline)) return -1;
    const bool is_full = filled == sizeof bytes;
    char* const into = is_full ? bytes : bytes + filled;
    const std::size_t room = is_full ? sizeof bytes : sizeof bytes - filled;
    const ssize_t count = read(STDIN_FILENO, into, room);
    if (count == 0) return static_cast<ssize_t>(filled);
    if (count < 0 && errno != EINTR && errno != EAGAIN) return -1;
    if (count > 0 && !is_full) filled += static_cast<std::size_t>(count);
  }
}

/// Makes these bytes the standard input.
bool put_on_stdin(std::string_view payload) {
  const int file = memfd_create("payload", MFD_CLOEXEC);
  if (file < 0) return false;
  while (!payload.empty()) {
    const ssize_t count = write(file, payload.data(), payload.size());
    if (count <= 0) return false;
    payload.remove_prefix(static_cast<std::size_t>(count));
  }
  return lseek(file, 0, SEEK_SET) == 0 && dup2(file, STDIN_FILENO) == STDIN_FILENO;
}

/// What surrounds this process, with what qrexec would have said of the request.
std::vector<std::string> environment_for(const SocketRequest& request) {
  std::vector<std::string> lines;
  for (char** line = environ; *line != nullptr; ++line)
    if (std::strncmp(*line, "QREXEC", 6) != 0) lines.emplace_back(*line);
  const std::string argument{request.argument};
  lines.push_back("QREXEC_REMOTE_DOMAIN=" + std::string{request.source});
  lines.push_back("QREXEC_SERVICE_FULL_NAME=" + std::string{request.method} + "+" + argument);
  lines.push_back("QREXEC_SERVICE_ARGUMENT=" + argument);
  lines.emplace_back("QREXEC_REQUESTED_TARGET_TYPE=name");
  lines.push_back("QREXEC_REQUESTED_TARGET=" + std::string{request.target});
  lines.push_back(qubes::mgmt::kFramedVariable + std::string{"=1"});
  return lines;
}

std::string folder_of_this_program() {
  char path[4096];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  const std::string_view whole{path, length > 0 ? static_cast<std::size_t>(length) : 0};
  return std::string{whole.substr(0, whole.rfind('/') + 1)};
}

/// Returns only where the program cannot be executed.
void become(const SocketRequest& request) {
  std::string program = folder_of_this_program() + std::string{request.method};
  std::vector<std::string> environment = environment_for(request);
  std::vector<char*> lines;
  for (std::string& line : environment) lines.push_back(line.data());
  lines.push_back(nullptr);
  char* const words[] = {program.data(), nullptr};
  execve(words[0], words, lines.data());
}

}  // namespace

int main(int count, char** words) {
  Options options;
  if (!read_options(count, words, options)) {
    refuse("--seconds needs a number above 0");
    return 2;
  }
  const ssize_t length = read_request(Clock::now() + options.deadline);
  if (length < 0) return refuse("the request did not come to its end in time");
  const auto request = qubes::mgmt::parse_socket_request({bytes, static_cast<size_t>(length)});
  if (!request) return refuse("this is no request in the protocol of qubesd");
  const std::string method{request->method};
  const auto& prefixes = options.prefixes;
  const bool is_served = std::ranges::any_of(
      prefixes, [&](std::string_view prefix) { return method.starts_with(prefix); });
  if (!is_served && !prefixes.empty()) return refuse(method + " is not served here");
  if (!put_on_stdin(request->payload)) return refuse("cannot pass on the payload");
  become(*request);
  return refuse(method + " is no call: " + std::strerror(errno));
}
