// SPDX-License-Identifier: GPL-2.0-or-later

// What happens to VMs when dom0 goes to sleep and wakes.

#include "life_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

// In the frame of a socket, which is where these calls come from.
const std::string kDone{"0\0", 2};

std::string internal(const std::string& call) {
  return run({LifeWorld::tools_folder() / ("internal." + call)});
}

}  // namespace

TEST_CASE_METHOD(LifeWorld, "dom0 sleeps and wakes", "[suspend]") {
  for (const char* name : {"awake", "held", "halted"}) make_vm(name);
  start("awake");
  start("held");
  done("Pause", {"held"});

  // Twice, as where the first was not heard of: the second must not take them for paused ones.
  for (int i = 0; i < 2; ++i) {
    CHECK(internal("SuspendPre") == kDone);
    check_state("awake", "Paused");
    check_state("held", "Paused");
    check_state("halted", "Halted");
  }
  CHECK(internal("SuspendPost") == kDone);
  check_state("awake", "Running");
  check_state("held", "Paused");
  check_state("halted", "Halted");

  // What was paused for sleep is forgotten with the domain.
  CHECK(internal("SuspendPre") == kDone);
  done("Kill", {"awake"});
  start("awake");
  done("Pause", {"awake"});
  CHECK(internal("SuspendPost") == kDone);
  check_state("awake", "Paused");
}
