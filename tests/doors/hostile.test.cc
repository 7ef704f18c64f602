// SPDX-License-Identifier: GPL-2.0-or-later
// Hostile arguments, targets and payloads, through both doors to the real programs.
#include "base/text.h"
#include "doors/doors_world.h"
#include "doors/generator.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const CatalogueCall& call : catalogue_calls())
    for (const std::string& name : names_of(call)) names.push_back(name);
  return names;
}

// qrexec passes on no NUL, and no target that is none.
std::string until_nul(const std::string& text) { return text.substr(0, text.find('\0')); }

}  // namespace

TEST_CASE("no call is upset by what it is sent", "[doors]") {
  const DoorsWorld world;
  Generator generator{2};
  const auto names = all_names();
  for (int round = rounds(150, 2'000); round > 0; --round) {
    const std::string name = generator.one_of(names);
    const std::string argument = generator.text();
    const std::string target = generator.below(2) == 0 ? "work" : generator.text();
    const std::string payload = generator.text();
    INFO(name << "+" << printable(argument) << " " << printable(target) << " "
              << printable(payload));
    if (round % 2 == 0) {
      CHECK(broken_contract(world.ask(socket_request(name + "+" + argument, target, payload))) ==
            "");
      continue;
    }
    if (name.starts_with("internal.")) continue;
    const Result result = world.daemon.call({.source = "work",
                                             .target = until_nul(target),
                                             .service = name + "+" + argument,
                                             .input = payload});
    CHECK(broken_contract(name, result) == "");
  }
  CHECK(world.query("PRAGMA integrity_check") == std::vector<std::string>{"ok"});
  CHECK(world.query("PRAGMA foreign_key_check").empty());
}
