// SPDX-License-Identifier: GPL-2.0-or-later
// What the store keeps of devices: rows, history, events; and what holds it
// together.
#include "tools/world.h"

using namespace qubes::mgmt::test;

namespace {

using Texts = std::vector<std::string>;

struct Devices : TwoVms {
  Devices() { check_done(shell({"mgmt.vm.Create.AppVM", "deb", "name=net", "label=orange"})); }

  void assign(const std::string& options = "mode=required") const {
    check_done(shell({"mgmt.vm.device.block.Assign", "work", "net+sda", options}));
  }

  /// The events of this call.
  Texts told(const std::vector<std::string>& words) const {
    const std::size_t before = events().size();
    check_done(shell(words));
    const Texts all = events();
    return {all.begin() + static_cast<std::ptrdiff_t>(before), all.end()};
  }

  Texts assigned() const {
    return query(
        "SELECT class || ' ' || port || ' ' || identity || ' ' || "
        "mode FROM vm_device "
        "ORDER BY id");
  }
};

constexpr const char* kLastRows =
    "SELECT tbl || ' ' || col || ': ' || coalesce(old, '-') || ' ' || "
    "coalesce(new, '-') "
    "FROM change_row WHERE seq = (SELECT max(seq) FROM change) AND col <> 'id' "
    "ORDER BY 1";

}  // namespace

TEST_CASE_METHOD(Devices, "assignments have the events of Qubes", "[devices]") {
  CHECK(told({"mgmt.vm.device.block.Assign", "work", "net+sda", "mode=auto-attach",
              "read-only=yes"}) ==
        Texts{"work device-pre-assign:block device=net:sda:* "
              "options={'read-only': 'yes'}",
              "work device-assign:block device=net:sda:* options={'read-only': "
              "'yes'}"});
  CHECK(told({"mgmt.vm.device.block.Set.assignment", "work", "net+sda", "required"}) ==
        Texts{"work device-pre-assign:block device=net:sda:* "
              "options={'read-only': 'yes'}",
              "work device-assignment-changed:block device=net:sda:*"});
  CHECK(query(kLastRows) == Texts{"vm_device mode: auto-attach required"});
  CHECK(told({"mgmt.vm.device.block.Set.assignment", "work", "net+sda", "required"}).empty());
  CHECK(told({"mgmt.vm.device.block.Unassign", "work", "net+sda"}) ==
        Texts{"work device-unassign:block device=net:sda:*"});
  CHECK(assigned().empty());
  CHECK(query("SELECT count(*) FROM vm_device_option") == Texts{"0"});
}

TEST_CASE_METHOD(Devices, "a denied interface is a change of the property", "[devices]") {
  CHECK(told({"mgmt.vm.device.denied.Add", "work", "b******"}) ==
        Texts{"work property-pre-set:devices_denied name=devices_denied "
              "newvalue=b****** "
              "oldvalue=",
              "work property-set:devices_denied name=devices_denied "
              "newvalue=b****** oldvalue="});
  CHECK(told({"mgmt.vm.device.denied.Add", "work", "b******"}).empty());
  CHECK(told({"mgmt.vm.device.denied.Remove", "work", "u******"}).empty());
}

TEST_CASE_METHOD(Devices, "a VM that is to lend a device stays", "[devices]") {
  assign();
  check_refused(shell({"mgmt.vm.Remove", "net"}), 1, "mgmt.vm.Remove: net",
                "backend of block device sda of work");
  CHECK(shell({"mgmt.vm.List", "net"}).status == 0);
  check_done(shell({"mgmt.vm.device.block.Unassign", "work", "net+sda"}));
  check_done(shell({"mgmt.vm.Remove", "net"}));
}

TEST_CASE_METHOD(Devices, "a VM goes with what it was to have", "[devices]") {
  assign();
  check_done(shell({"mgmt.vm.Remove", "work"}));
  CHECK(assigned().empty());
  check_done(shell({"mgmt.vm.Remove", "net"}));
}

TEST_CASE_METHOD(Devices, "an assignment follows its backend's new name", "[devices]") {
  assign();
  check_done(shell({"mgmt.vm.property.Set", "net", "name", "other"}));
  check_done(shell({"mgmt.vm.device.block.Assigned", "work"}), "other+sda\n");
}

TEST_CASE_METHOD(Devices, "what JSON says of an assignment", "[devices]") {
  assign("mode=required read-only=yes");
  const Result result = shell({"mgmt.vm.device.block.Assigned", "work", "--json"});
  CHECK(result.status == 0);
  for (const auto* part :
       {R"("device": "net+sda")", R"("port_id": "sda")", R"("backend_domain": "net")",
        R"("mode": "required")", R"("_read-only": "yes")"})
    CHECK_THAT(result.out, Catch::Contains(part));
}

TEST_CASE_METHOD(Devices, "a rehearsal assigns nothing", "[devices]") {
  const std::string before = state();
  const Result result =
      shell({"mgmt.vm.device.block.Assign", "work", "net+sda", "mode=required", "--dry-run"});
  CHECK(result.status == 0);
  CHECK_THAT(result.out, Catch::Contains("vm_device"));
  CHECK(state() == before);
}
