// SPDX-License-Identifier: GPL-2.0-or-later

// A xenstored that has died takes Xen's control away for good, so this is the last test.

#include <signal.h>

#include "base/text.h"
#include "life_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using namespace std::chrono_literals;

TEST_CASE("without xenstored", "[no-xenstored]") {
  // Never taken down: nothing can be, without xenstored.
  auto* const world = new LifeWorld;
  world->make_vm("work");
  world->make_vm("halted");
  world->start("work");
  for (const pid_t pid : processes("xenstored")) REQUIRE(::kill(pid, SIGKILL) == 0);
  REQUIRE(eventually([] { return processes("xenstored").empty(); }));

  CHECK(world->listed("work") == "class=AppVM state=Running");
  CHECK(world->listed("halted") == "class=AppVM state=Halted");
  CHECK_THAT(world->done("CurrentState", {"work"}), Catch::EndsWith("power_state=Running"));
  CHECK(world->number_of_domains() == 1);
  for (const auto& [call, name] :
       Settings{{"Start", "halted"}, {"Shutdown", "work"}, {"Kill", "work"}}) {
    const Outcome outcome = world->begin(call, {name}).wait(15s);
    INFO(call << ' ' << name << ": " << outcome.errors);
    CHECK(outcome.status == 69);
    CHECK(outcome.output == "");
    CHECK_THAT(outcome.errors, Catch::StartsWith(concat("mgmt.vm.", call, ": ", name, ": ")));
    CHECK(outcome.time < 8s);
  }
  CHECK(world->listed("work") == "class=AppVM state=Running");
  CHECK(world->listed("halted") == "class=AppVM state=Halted");
}
