// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "base/file.h"

namespace qubes::mgmt::test {

/// What systemd does for our sockets: accepts connections and starts a process for each, with
/// the connection as its standard input and output. Ends, and waits for all of them, at the end
/// of its scope.
class SocketServer {
 public:
  /// Starts these words with this environment, `NAME=value` each.
  SocketServer(const std::filesystem::path& path, std::vector<std::string> words,
               std::vector<std::string> environment);
  ~SocketServer();
  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;

  const std::string& path() const { return path_; }

 private:
  void accept_until_stopped();
  void start(int connection);

  std::string path_;
  std::vector<std::string> words_;
  std::vector<std::string> environment_;
  Descriptor listener_;
  std::vector<pid_t> children_;
  std::atomic<bool> is_stopped_ = false;
  std::thread thread_;
};

}  // namespace qubes::mgmt::test
