// SPDX-License-Identifier: GPL-2.0-or-later
#include "doors/socket_server.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <stdexcept>

#include "base/handle.h"
#include "support/program.h"

namespace qubes::mgmt::test {
namespace {

constexpr int kBacklog = 1024;
constexpr int kLookAroundMs = 50;

using SpawnActions = Value<posix_spawn_file_actions_t, posix_spawn_file_actions_init,
                           posix_spawn_file_actions_destroy>;

}  // namespace

SocketServer::SocketServer(const std::filesystem::path& path, std::vector<std::string> words,
                           std::vector<std::string> environment)
    : path_{path},
      words_{std::move(words)},
      environment_{std::move(environment)},
      listener_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path_.size() >= sizeof address.sun_path) throw std::runtime_error{"too long: " + path_};
  path_.copy(address.sun_path, path_.size());
  if (::bind(listener_.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
          0 ||
      ::listen(listener_.number(), kBacklog) != 0)
    throw std::runtime_error{"cannot listen on " + path_};
  thread_ = std::thread{[this] { accept_until_stopped(); }};
}

SocketServer::~SocketServer() {
  is_stopped_ = true;
  thread_.join();
  for (const pid_t child : children_) ::waitpid(child, nullptr, 0);
}

void SocketServer::accept_until_stopped() {
  while (!is_stopped_) {
    pollfd waiting{listener_.number(), POLLIN, 0};
    if (::poll(&waiting, 1, kLookAroundMs) <= 0) continue;
    const Descriptor connection{::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (connection) start(connection.number());
  }
}

void SocketServer::start(int connection) {
  SpawnActions actions;
  posix_spawn_file_actions_adddup2(actions.get(), connection, 0);
  posix_spawn_file_actions_adddup2(actions.get(), connection, 1);
  posix_spawn_file_actions_addopen(actions.get(), 2, "/dev/null", O_WRONLY, 0);
  const auto words = pointers(words_);
  const auto variables = pointers(environment_);
  pid_t pid = -1;
  if (::posix_spawn(&pid, words[0], actions.get(), nullptr, words.data(), variables.data()) == 0)
    children_.push_back(pid);
}

}  // namespace qubes::mgmt::test
