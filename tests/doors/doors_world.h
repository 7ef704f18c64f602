// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "doors/exchange.h"
#include "doors/qrexec_daemon.h"
#include "doors/socket_server.h"
#include "tools/world.h"

namespace qubes::mgmt::test {

/// A call as the catalogue describes it.
using CatalogueCall = nlohmann::json;

/// Every call there is.
std::vector<CatalogueCall> catalogue_calls();

/// Every name of a call.
std::vector<std::string> names_of(const CatalogueCall& call);

/// Two VMs behind both doors: services as they are installed, found by a qrexec-daemon, and
/// sockets that answer as in a dom0 without a qubesd of its own.
struct DoorsWorld : TwoVms {
  DoorsWorld();

  /// What comes back on the socket.
  std::string ask(const std::string& request) const;

  /// The folder of the services.
  std::filesystem::path services;
  SocketServer server;
  SocketServer misc_server;
  QrexecDaemon daemon;
};

/// What is wrong with an answer; empty for one that keeps to the contracts: a known status, a
/// refusal in the form of its dialect, no internal error, no death by a signal.
std::string broken_contract(const std::string& name, const Result& result);

/// The same for what a socket has answered.
std::string broken_contract(const std::string& answer);

}  // namespace qubes::mgmt::test
