// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/world.h"

using namespace qubes::mgmt::test;
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

TEST_CASE_METHOD(TwoVms, "a VM that belongs to a package stays", "[mgmt.vm.Remove]") {
  check_done(shell({"mgmt.vm.property.Set", "work", "installed_by_rpm", "True"}));
  check_refused(shell({"mgmt.vm.Remove", "work"}), 1, "mgmt.vm.Remove: work", "package");
}
