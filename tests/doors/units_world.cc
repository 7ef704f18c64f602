// SPDX-License-Identifier: GPL-2.0-or-later
#include "doors/units_world.h"

#include "base/text.h"
#include "doors/exchange.h"

namespace qubes::mgmt::test {
namespace {

using Lines = std::vector<std::string>;

const Lines kSockets{"qubesd.socket", "qubesd-internal.socket", "qubesd-misc.socket"};

Lines with_sockets(Lines words) {
  words.insert(words.end(), kSockets.begin(), kSockets.end());
  return words;
}

Lines instances(const std::string& which) {
  return systemctl({"list-units", "--plain", "--no-legend", which, "qubesd*@*.service"});
}

}  // namespace

const std::string UnitsWorld::kCalls = "/run/qubesd.sock";
const std::string UnitsWorld::kInternal = "/run/qubesd.internal.sock";
const std::string UnitsWorld::kOfVms = "/run/qubesd.misc.sock";

UnitsWorld::UnitsWorld() { systemctl(with_sockets({"enable", "--now", "--quiet"})); }

UnitsWorld::~UnitsWorld() {
  CHECK(systemctl(with_sockets({"is-active"})) == Lines(kSockets.size(), "active"));
  eventually([] { return instances("--all").empty(); });
  CHECK(instances("--all") == kNothing);
  CHECK(systemctl({"list-units", "--failed", "--plain", "--no-legend"}) == kNothing);
}

std::string UnitsWorld::ask(const std::string& socket, const std::string& request) {
  const Descriptor client = connect_to(socket);
  return exchange(client.number(), request, client.number());
}

std::vector<std::string> systemctl(std::vector<std::string> words) {
  words.insert(words.begin(), "/usr/bin/systemctl");
  Lines lines = split(run(words), '\n');
  // Behind the last line's end there is nothing.
  lines.pop_back();
  return lines;
}

std::vector<std::string> instances_at_work() {
  return instances("--state=activating,active,deactivating,failed");
}

}  // namespace qubes::mgmt::test
