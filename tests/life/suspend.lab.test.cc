// SPDX-License-Identifier: GPL-2.0-or-later

// What happens to VMs when dom0 goes to sleep and wakes.

#include "base/process.h"
#include "life_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

std::string internal(const std::string& call) {
  const auto tools = program_folder().parent_path().parent_path() / "tools";
  return run({tools / ("internal." + call)});
}

}  // namespace

TEST_CASE_METHOD(LifeWorld, "dom0 sleeps and wakes", "[suspend]") {
  for (const char* name : {"awake", "held", "halted"}) make_vm(name);
  start("awake");
  start("held");
  done("Pause", {"held"});

  // Twice, as where the first was not heard of: the second must not take them for paused ones.
  for (int i = 0; i < 2; ++i) {
    CHECK(internal("SuspendPre") == "");
    check_state("awake", "Paused");
    check_state("held", "Paused");
    check_state("halted", "Halted");
  }
  CHECK(internal("SuspendPost") == "");
  check_state("awake", "Running");
  check_state("held", "Paused");
  check_state("halted", "Halted");

  // What was paused for sleep is forgotten with the domain.
  CHECK(internal("SuspendPre") == "");
  done("Kill", {"awake"});
  start("awake");
  done("Pause", {"awake"});
  CHECK(internal("SuspendPost") == "");
  check_state("awake", "Paused");
}
