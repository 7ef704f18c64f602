// SPDX-License-Identifier: GPL-2.0-or-later
#include <thread>

#include "base/lock.h"
#include "tools/world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using namespace std::chrono_literals;
using namespace std::string_literals;

TEST_CASE_METHOD(TwoVms, "removes a VM with its files", "[mgmt.vm.Remove]") {
  check_done(shell({"mgmt.vm.Remove", "work"}));
  CHECK(files() == std::vector<std::string>{"/var/lib/qubes/vm-templates/deb/private.img",
                                            "/var/lib/qubes/vm-templates/deb/root.img"});
  CHECK_FALSE(std::filesystem::exists(root.at("/var/lib/qubes/appvms/work")));
  check_done(call({.method = "admin.vm.Remove", .target = "deb"}), "0\0"s);
  CHECK(files().empty());
  for (const std::string table : {"volume", "vm_tag", "vm_property", "intent"})
    CHECK(query("SELECT 1 FROM " + table).empty());
  check_done(shell({"mgmt.vm.List"}), "dom0 class=AdminVM state=Running\n");
}

TEST_CASE_METHOD(TwoVms, "keeps what is in use", "[mgmt.vm.Remove]") {
  check_done(shell({"mgmt.vm.property.Set", "work", "provides_network", "True"}));
  check_done(shell({"mgmt.vm.Create.AppVM", "deb", "name=user", "label=red"}));
  check_done(shell({"mgmt.vm.property.Set", "user", "netvm", "work"}));
  const std::string before = state();
  check_refused(shell({"mgmt.vm.Remove", "deb"}), 1, "mgmt.vm.Remove: deb", "template of");
  check_refused(shell({"mgmt.vm.Remove", "work"}), 1, "mgmt.vm.Remove: work", "netvm of user");
  check_refused(shell({"mgmt.vm.Remove", "dom0"}), 1, "mgmt.vm.Remove: dom0", "dom0");
  check_refused(shell({"mgmt.vm.Remove", "wrok"}), 3, "mgmt.vm.Remove: wrok", "mean 'work'");
  check_refused(shell({"mgmt.vm.Remove"}), 2, "mgmt.vm.Remove");
  check_refused(shell({"mgmt.vm.Remove", "user", "extra"}), 2, "mgmt.vm.Remove");
  CHECK(call({.method = "admin.vm.Remove", .target = "deb"})
            .out.starts_with("2\0QubesVMInUseError\0\0%s\0"s));
  CHECK(call({.method = "mgmt.vm.Remove", .target = "user", .argument = "x"}).status == 2);
  CHECK(call({.method = "mgmt.vm.Remove", .target = "user", .payload = "x"}).status == 2);
  CHECK(state() == before);
}

TEST_CASE_METHOD(TwoVms, "of two that remove a VM the slower one is told its name",
                 "[mgmt.vm.Remove]") {
  auto kept = FileLock::attempt(root.at("/run/qubes-mgmt/lock/vm-2"));
  REQUIRE(kept);
  Running slower{shell_program({"mgmt.vm.Remove", "work"})};
  std::this_thread::sleep_for(500ms);
  execute("PRAGMA foreign_keys = 0; DELETE FROM vm WHERE name = 'work'");
  kept.reset();
  check_refused(slower.wait(), 3, "mgmt.vm.Remove: work", "'work' has just been removed");
}

TEST_CASE_METHOD(TwoVms, "devices and firewall rules go with their VM", "[mgmt.vm.Remove]") {
  execute(
      "INSERT INTO vm_device VALUES (1, 2, 'usb', 0, NULL, '1-1', '*', 'auto-attach');"
      "INSERT INTO vm_device_option VALUES (1, 'a', 'b');"
      "INSERT INTO firewall VALUES (2, 1);"
      "INSERT INTO firewall_rule VALUES (2, 1, 1, 'action=drop', NULL, '');");
  check_done(shell({"mgmt.vm.Remove", "work"}));
  for (const std::string table : {"vm_device", "vm_device_option", "firewall", "firewall_rule"})
    CHECK(query("SELECT 1 FROM " + table).empty());
}

TEST_CASE_METHOD(TwoVms, "a VM whose devices others get stays", "[mgmt.vm.Remove]") {
  execute("INSERT INTO vm_device VALUES (1, 1, 'usb', 2, NULL, '1-1', '*', 'auto-attach')");
  check_refused(shell({"mgmt.vm.Remove", "work"}), 1, "mgmt.vm.Remove: work",
                "backend of usb device 1-1 of deb");
}

TEST_CASE_METHOD(TwoVms, "a VM that belongs to a package stays", "[mgmt.vm.Remove]") {
  check_done(shell({"mgmt.vm.property.Set", "work", "installed_by_rpm", "True"}));
  check_refused(shell({"mgmt.vm.Remove", "work"}), 1, "mgmt.vm.Remove: work", "package");
}
