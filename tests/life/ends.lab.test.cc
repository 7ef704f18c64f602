// SPDX-License-Identifier: GPL-2.0-or-later

// Guests that end by themselves, and guests that do not want to.

#include <signal.h>

#include <thread>

#include "life_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using namespace std::chrono_literals;

namespace {

// Until the guest has ended: by then it may be gone from Xen, but need not.
bool has_ended(const LifeWorld& world, const Uuid& uuid) {
  return eventually([&] {
    const auto domain = world.domains->find(uuid);
    return !domain || domain->state == DomainState::ended;
  });
}

void kill_reaper() {
  const auto reapers = processes("qubes-mgmt-reaper");
  REQUIRE(reapers.size() == 1);
  REQUIRE(::kill(reapers[0], SIGKILL) == 0);
  REQUIRE(eventually([] { return processes("qubes-mgmt-reaper").empty(); }));
}

}  // namespace

TEST_CASE_METHOD(LifeWorld, "a guest that ends by itself is settled without any call", "[ends]") {
  const std::string act = GENERATE("poweroff", "reboot", "crash");
  INFO(act);
  make_vm("work", GENERATE("pv", "pvh"));
  const DomainId domain = start("work");
  keys->write(domain, "/vm-data/act", act, KeyOwner::dom0);
  // None of our programs runs here but the reaper and what it calls.
  CHECK(left_running() == kNothing);
  check_state("work", "Halted");
  start("work");
}

TEST_CASE_METHOD(LifeWorld, "a guest that ends as soon as it starts", "[ends]") {
  const std::string act = GENERATE("poweroff", "reboot", "crash");
  INFO(act);
  make_vm("work", "pv", {{"kernelopts", "act=" + act}});
  done("Start", {"work"});
  CHECK(left_running() == kNothing);
  check_state("work", "Halted");
}

TEST_CASE_METHOD(LifeWorld, "without the reaper the next call settles", "[ends]") {
  const std::string act = GENERATE("poweroff", "crash");
  make_vm("work");
  const Uuid uuid = uuid_of("work");
  const DomainId domain = start("work");
  kill_reaper();
  keys->write(domain, "/vm-data/act", act, KeyOwner::dom0);
  REQUIRE(has_ended(*this, uuid));
  REQUIRE(domains->find(uuid));
  CHECK(listed("work") ==
        (act == "crash" ? "class=AppVM state=Crashed" : "class=AppVM state=Halting"));
  SECTION("a start") {
    CHECK(start("work") > domain);
    check_state("work", "Running");
    CHECK(processes("qubes-mgmt-reaper").size() == 1);
  }
  SECTION("a shutdown") {
    CHECK_THAT(refused(1, "Shutdown", {"work"}), Catch::Contains("'work' is not running"));
    CHECK(left_running() == kNothing);
  }
  SECTION("a removal") {
    done("Remove", {"work"});
    CHECK(left_running() == kNothing);
  }
}

TEST_CASE_METHOD(LifeWorld, "the reaper of another start settles what a killed one missed",
                 "[ends]") {
  make_vm("first");
  make_vm("second");
  const Uuid uuid = uuid_of("first");
  const DomainId domain = start("first");
  kill_reaper();
  keys->write(domain, "/vm-data/act", "poweroff", KeyOwner::dom0);
  REQUIRE(has_ended(*this, uuid));
  start("second");
  CHECK(eventually([&] { return !domains->find(uuid); }));
  check_state("first", "Halted");
  check_state("second", "Running");
}

TEST_CASE_METHOD(LifeWorld, "a guest that is deaf", "[ends]") {
  make_vm("work", "pv", {{"kernelopts", "deaf"}, {"shutdown_timeout", "3"}});
  start("work");
  Program shutdown = begin("Shutdown", {"work", "wait"});
  const Outcome outcome = shutdown.wait(20s);
  CHECK(outcome.status == 1);
  CHECK(outcome.time >= 3s);
  CHECK(outcome.time < 6s);
  CHECK_THAT(outcome.errors, Catch::StartsWith("mgmt.vm.Shutdown: work: ") &&
                                 Catch::Contains("3 s (its shutdown_timeout)") &&
                                 Catch::Contains("mgmt.vm.Kill"));
  check_state("work", "Running");
  done("Kill", {"work"});
  check_state("work", "Halted");
  CHECK(left_running() == kNothing);
}

TEST_CASE_METHOD(LifeWorld, "a kill ends somebody's wait for a shutdown", "[ends]") {
  make_vm("work", "pv", {{"kernelopts", "deaf"}});
  start("work");
  Program shutdown = begin("Shutdown", {"work", "wait"});
  REQUIRE(eventually(
      [&] { return keys->read(domain_of("work").value().id, "/control/shutdown") == "poweroff"; }));
  done("Kill", {"work"});
  const Outcome outcome = shutdown.wait(10s);
  CHECK(outcome.errors == "");
  CHECK(outcome.status == 0);
  CHECK(left_running() == kNothing);
}

TEST_CASE_METHOD(LifeWorld, "a guest that spins", "[ends]") {
  make_vm("work", GENERATE("pv", "pvh"), {{"kernelopts", "act=spin"}});
  done("Start", {"work"});
  check_state("work", "Running");
  const Uuid uuid = uuid_of("work");
  const auto spins = [&] {
    const auto before = domains->find(uuid).value().cpu_time_ns;
    std::this_thread::sleep_for(300ms);
    return domains->find(uuid).value().cpu_time_ns > before;
  };
  CHECK(spins());
  done("Pause", {"work"});
  CHECK_FALSE(spins());
  done("Unpause", {"work"});
  CHECK(spins());
  done("Kill", {"work"});
  check_state("work", "Halted");
  CHECK(left_running() == kNothing);
}
