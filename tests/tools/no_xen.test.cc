// SPDX-License-Identifier: GPL-2.0-or-later
// This machine runs no Xen: what needs one says so, the rest works.
#include <filesystem>

#include "tools/world.h"

using namespace qubes::mgmt::test;
using namespace std::string_literals;

TEST_CASE_METHOD(TwoVms, "without Xen no VM starts or stops", "[xen]") {
  if (std::filesystem::exists("/dev/xen/privcmd")) return;
  const std::string before = state();
  for (const std::string name : {"Start", "Shutdown", "Pause", "Unpause", "Kill"}) {
    check_refused(shell({"mgmt.vm." + name, "work"}), 69, "mgmt.vm." + name + ": work", "no Xen");
    CHECK(call({.method = "mgmt1.vm." + name, .target = "work"}).status == 69);
    CHECK(call({.method = "admin.vm." + name, .target = "work"})
              .out.starts_with("2\0QubesException\0\0%s\0"s));
    check_refused(shell({"mgmt.vm." + name, "nobody"}), 3, "mgmt.vm." + name + ": nobody");
    check_refused(shell({"mgmt.vm." + name}), 2, "mgmt.vm." + name);
    CHECK(call({.method = "mgmt.vm." + name, .target = "work", .payload = "x"}).status == 2);
  }
  check_refused(shell({"mgmt.vm.Shutdown", "work", "forcewait"}), 2, "mgmt.vm.Shutdown: work");
  check_refused(shell({"mgmt.vm.Shutdown", "work", "force+"}), 2, "mgmt.vm.Shutdown: work");
  CHECK(state() == before);
}

TEST_CASE_METHOD(TwoVms, "without Xen all are halted", "[mgmt.vm.CurrentState]") {
  if (std::filesystem::exists("/dev/xen/privcmd")) return;
  const std::string halted = "mem=0 mem_static_max=0 cputime=0 power_state=Halted";
  check_done(shell({"mgmt.vm.CurrentState", "work"}), halted);
  check_done(call({.method = "admin.vm.CurrentState", .target = "work"}), "0\0"s + halted);
  check_refused(shell({"mgmt.vm.CurrentState", "wrok"}), 3, "mgmt.vm.CurrentState: wrok");
  CHECK(call({.method = "mgmt.vm.CurrentState", .target = "work", .argument = "x"}).status == 2);
}
