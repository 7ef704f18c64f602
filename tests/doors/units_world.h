// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "life/life_world.h"

namespace qubes::mgmt::test {

/// A dom0 under systemd in which our build is installed and its sockets are enabled, by the names
/// that clients know. After each test all of them listen still, nothing has failed, and no
/// instance of a service is left.
struct UnitsWorld : LifeWorld {
  UnitsWorld();
  ~UnitsWorld();

  /// What comes back on this socket.
  static std::string ask(const std::string& socket, const std::string& request);

  static const std::string kCalls;
  static const std::string kInternal;
  static const std::string kOfVms;
};

/// Runs systemctl; gives the lines that it prints.
std::vector<std::string> systemctl(std::vector<std::string> words);

/// The instances of our services that are at work, or have failed.
std::vector<std::string> instances_at_work();

}  // namespace qubes::mgmt::test
