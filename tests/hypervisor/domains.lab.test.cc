// SPDX-License-Identifier: GPL-2.0-or-later

// The life of domains on a real Xen.

#include "lab_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using namespace std::chrono_literals;

TEST_CASE_METHOD(XenWorld, "dom0 is a domain whose uuid is all zeros") {
  const auto dom0 = domains->find(Uuid{});
  REQUIRE(dom0);
  CHECK(dom0->id == 0);
  CHECK(dom0->state == DomainState::running);
  CHECK(dom0->cpu_time_ns > 0);
}

TEST_CASE_METHOD(XenWorld, "a guest's life, from its creation to its own end") {
  const DomainSpec spec = guest(1, GENERATE(VirtMode::pv, VirtMode::pvh));
  const std::uint64_t free_before = xen->free_memory_mib();
  DomainId domain = 0;
  {
    Stopwatch watch{"create"};
    domain = xen->create(spec);
  }
  const auto made = domains->find(spec.uuid);
  REQUIRE(made);
  CHECK(made->id == domain);
  CHECK(made->state == DomainState::paused);
  CHECK(made->reason == EndReason::none);
  CHECK(made->cpu_time_ns == 0);
  CHECK(made->memory_kib / 1024 >= 15);
  CHECK(made->max_memory_kib / 1024 >= 16);
  CHECK(domains->list().size() == 2);

  {
    Stopwatch watch{"unpaused and up"};
    xen->unpause(domain);
    REQUIRE(eventually([&] { return keys->read(domain, "/data/up") == "1"; }));
  }
  CHECK(domains->find(spec.uuid)->state == DomainState::running);
  xen->pause(domain);
  CHECK(domains->find(spec.uuid)->state == DomainState::paused);
  xen->unpause(domain);
  CHECK(domains->find(spec.uuid)->state == DomainState::running);

  keys->request_shutdown(domain);
  CHECK(end_of(spec) == EndReason::poweroff);
  CHECK(domains->find(spec.uuid)->memory_kib / 1024 >= 15);
  {
    Stopwatch watch{"destroy"};
    xen->destroy(domain);
  }
  CHECK(is_gone(domain, spec));
  CHECK(has_free(*xen, free_before));
}

TEST_CASE_METHOD(XenWorld, "a guest ends by crash or reboot") {
  const DomainSpec spec = guest(1);
  const DomainId domain = start(spec);
  const auto [wish, reason] =
      GENERATE(std::pair{"crash", EndReason::crash}, std::pair{"reboot", EndReason::reboot});
  keys->write(domain, "/vm-data/act", wish, KeyOwner::dom0);
  CHECK(end_of(spec) == reason);
}

TEST_CASE_METHOD(XenWorld, "waiting for an end") {
  SECTION("in vain") {
    const Stopwatch watch{"waited in vain"};
    CHECK_FALSE(domains->wait_for_end(300ms));
    CHECK(watch.time() >= 300ms);
    CHECK_FALSE(domains->wait_for_end(0ms));
  }
  SECTION("one that came before anybody waited counts, once") {
    const DomainSpec spec = guest(1);
    const DomainId domain = start(spec);
    CHECK_FALSE(domains->wait_for_end(0ms));
    keys->request_shutdown(domain);
    REQUIRE(eventually([&] { return domains->find(spec.uuid)->state == DomainState::ended; }));
    CHECK(domains->wait_for_end(0ms));
    CHECK_FALSE(domains->wait_for_end(100ms));
    xen->destroy(domain);
    CHECK(domains->wait_for_end(5s));
  }
  SECTION("a pause and a start are none") {
    const DomainId domain = start(guest(1));
    xen->pause(domain);
    CHECK_FALSE(domains->wait_for_end(200ms));
  }
}

TEST_CASE_METHOD(XenWorld, "destroying is safe in any state") {
  const DomainSpec spec = guest(1);
  SECTION("a guest that spins") {
    const DomainId domain = start(spec);
    keys->write(domain, "/vm-data/act", "spin", KeyOwner::dom0);
    xen->destroy(domain);
    CHECK(is_gone(domain, spec));
    xen->destroy(domain);
  }
  SECTION("one that was never started") {
    const DomainId domain = xen->create(spec);
    xen->destroy(domain);
    CHECK(is_gone(domain, spec));
  }
  SECTION("one that never was") { xen->destroy(31000); }
}

TEST_CASE_METHOD(XenWorld, "pausing what is gone") {
  CHECK(fault_of([&] { xen->pause(31000); }).kind() == FaultKind::not_running);
  CHECK(fault_of([&] { xen->unpause(31000); }).kind() == FaultKind::not_running);
}

TEST_CASE_METHOD(XenWorld, "creates that fail leave nothing and say why") {
  DomainSpec spec = guest(1, GENERATE(VirtMode::pv, VirtMode::pvh));
  const auto refusal = [&] { return fault_of([&] { xen->create(spec); }); };
  SECTION("too little memory") {
    spec.memory_mib = spec.max_memory_mib = 200000;
    const Fault fault = refusal();
    CHECK(fault.kind() == FaultKind::no_memory);
    CHECK_THAT(fault.what(), Catch::StartsWith("not enough memory for guest1: it takes 20"));
    CHECK_THAT(fault.what(), Catch::EndsWith(" MiB left"));
  }
  SECTION("no kernel") {
    spec.kernel = "/nonexistent";
    CHECK_THAT(refusal().what(), Catch::StartsWith("kernel /nonexistent cannot be read"));
  }
  SECTION("a kernel that is none") {
    spec.kernel = "/etc/passwd";
    const Fault fault = refusal();
    CHECK(fault.kind() == FaultKind::failed);
    CHECK_THAT(fault.what(), Catch::StartsWith("cannot make a domain for guest1: "));
  }
  CHECK(domains->list().size() == 1);
  spec = guest(1, spec.mode);
  start(spec);
}

TEST_CASE_METHOD(XenWorld, "names and uuids are taken once") {
  const DomainSpec first = guest(1);
  const DomainId domain = start(first);
  DomainSpec second = guest(2);
  SECTION("the name") {
    second.name = first.name;
    const Fault fault = fault_of([&] { xen->create(second); });
    CHECK(fault.kind() == FaultKind::failed);
    CHECK_THAT(fault.what(), Catch::Contains("already exists"));
  }
  SECTION("the uuid") {
    second.uuid = first.uuid;
    CHECK(fault_of([&] { xen->create(second); }).kind() == FaultKind::not_halted);
  }
  SECTION("the uuid of one that has ended") {
    second.uuid = first.uuid;
    keys->request_shutdown(domain);
    CHECK(end_of(first) == EndReason::poweroff);
    CHECK(fault_of([&] { xen->create(second); }).kind() == FaultKind::not_halted);
  }
  CHECK(domains->list().size() == 2);
  CHECK(domains->find(first.uuid)->id == domain);
}
