// SPDX-License-Identifier: GPL-2.0-or-later
#include "doors/qrexec_daemon.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "doors/exchange.h"

namespace qubes::mgmt::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 255;
constexpr int kFailed = 125;
constexpr int kRefused = 126;
constexpr int kNoService = 127;

/// A target as the policy passes it on.
struct Target {
  std::string type;
  std::string value;
};

Target target_of(const std::string& asked) {
  if (asked.empty()) return {"keyword", "default"};
  if (asked.front() == '@') return {"keyword", asked.substr(1)};
  return {"name", asked};
}

std::string sanitized(std::string service) {
  const auto is_kept = [](unsigned char c) {
    return c < 0x80 &&
           (std::isalnum(c) != 0 ||
            std::string_view{"_.+-"}.find(static_cast<char>(c)) != std::string_view::npos);
  };
  for (char& c : service)
    if (!is_kept(static_cast<unsigned char>(c))) c = '_';
  return service.find('+') == service.npos ? service + "+" : service;
}

// In the child: only what may be called between fork and exec. What a service finds is as a
// daemon started by qvm-start leaves it.
void become(int in, int out, int err, char* const* words, char* const* variables) {
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGCHLD);
  ::sigprocmask(SIG_SETMASK, &blocked, nullptr);
  ::umask(077);
  static_cast<void>(!::chdir("/tmp"));
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  ::execve(words[0], words, variables);
  ::_exit(kFailed);
}

int status_of(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string content_of(int file) {
  std::string bytes(static_cast<std::size_t>(::lseek(file, 0, SEEK_END)), '\0');
  static_cast<void>(!::pread(file, bytes.data(), bytes.size(), 0));
  return bytes;
}

Result connect(const fs::path& socket, const VmCall& call, const std::string& descriptor) {
  const auto [type, value] = target_of(call.target);
  const Descriptor client = connect_to(socket);
  const std::string header = descriptor + " " + call.source + " " + type + " " + value;
  return {0, exchange(client.number(), header + '\0' + call.input, client.number()), ""};
}

}  // namespace

std::optional<fs::path> QrexecDaemon::find(const std::string& name) const {
  if (name.size() > kLongestName) return std::nullopt;
  for (const fs::path& folder : folders_)
    if (fs::exists(folder / name)) return folder / name;
  return std::nullopt;
}

std::vector<std::string> QrexecDaemon::environment(const VmCall& call,
                                                   const std::string& descriptor) const {
  std::vector<std::string> lines;
  for (const auto& [name, value] : environment_)
    if (!name.starts_with("QREXEC")) lines.push_back(name + "=" + value);
  const auto [type, value] = target_of(call.target);
  lines.push_back("QREXEC_REMOTE_DOMAIN=" + call.source);
  lines.push_back("QREXEC_SERVICE_FULL_NAME=" + descriptor);
  lines.push_back("QREXEC_SERVICE_ARGUMENT=" + descriptor.substr(descriptor.find('+') + 1));
  lines.push_back("QREXEC_REQUESTED_TARGET_TYPE=" + type);
  lines.push_back(
      (type == "name" ? "QREXEC_REQUESTED_TARGET=" : "QREXEC_REQUESTED_TARGET_KEYWORD=") + value);
  return lines;
}

Result QrexecDaemon::execute(const fs::path& service, const VmCall& call,
                             const std::string& descriptor) const {
  SocketPair in;
  SocketPair out;
  const Descriptor err{::memfd_create("stderr", MFD_CLOEXEC)};
  std::vector<std::string> words{service};
  if (const auto plus = descriptor.find('+'); plus + 1 < descriptor.size())
    words.push_back(descriptor.substr(plus + 1));
  const std::vector<std::string> lines = environment(call, descriptor);
  const auto word_pointers = pointers(words);
  const auto line_pointers = pointers(lines);
  const pid_t pid = ::fork();
  if (pid == 0)
    become(in.theirs.number(), out.theirs.number(), err.number(), word_pointers.data(),
           line_pointers.data());
  in.theirs.reset();
  out.theirs.reset();
  std::string answer;
  try {
    answer = exchange(in.ours.number(), call.input, out.ours.number());
  } catch (const std::exception& error) {
    ::kill(pid, SIGKILL);
    answer = error.what();
  }
  const int status = status_of(pid);
  return {status, answer, content_of(err.number())};
}

Result QrexecDaemon::call(const VmCall& call) const {
  const std::string descriptor = sanitized(call.service);
  const std::string name = descriptor.substr(0, descriptor.find('+'));
  if (name.empty()) return {kRefused, "", ""};
  if (name.size() > kLongestName) return {kFailed, "", ""};
  auto service = find(descriptor);
  if (!service) service = find(name);
  if (!service) return {kNoService, "", ""};
  if (fs::is_socket(*service)) return connect(*service, call, descriptor);
  if (::access(service->c_str(), X_OK) != 0) return {kFailed, "", ""};
  return execute(*service, call, descriptor);
}

}  // namespace qubes::mgmt::test
