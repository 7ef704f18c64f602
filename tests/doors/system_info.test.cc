// SPDX-License-Identifier: GPL-2.0-or-later
// What the policy daemon of qrexec is told, as it asks.
#include "doors/doors_world.h"

using namespace qubes::mgmt::test;
using namespace std::string_literals;

namespace {

using Json = nlohmann::json;

Json system_info(const DoorsWorld& world) {
  const std::string answer = world.ask("internal.GetSystemInfo+ dom0 name dom0\0"s);
  REQUIRE(answer.starts_with("0\0"s));
  return Json::parse(answer.substr(2)).at("domains");
}

std::string value_of(const DoorsWorld& world, const std::string& vm, const std::string& property) {
  const Result result = world.shell({"mgmt.vm.property.Get", vm, property});
  return result.status == 0 ? result.out.substr(result.out.find(' ', 8) + 1) : "";
}

Json name_or_null(const std::string& name) { return name.empty() ? Json(nullptr) : Json(name); }

}  // namespace

TEST_CASE_METHOD(DoorsWorld, "tells of each VM what a policy may ask", "[system-info]") {
  const Json info = system_info(*this);
  REQUIRE(info.size() == 3);
  CHECK(info["work"] == Json{{"internal", nullptr},
                             {"tags", {"audiovm-dom0", "created-by-dom0", "guivm-dom0"}},
                             {"type", "AppVM"},
                             {"template_for_dispvms", false},
                             {"default_dispvm", nullptr},
                             {"icon", "appvm-red"},
                             {"label", "0xcc0000"},
                             {"guivm", "dom0"},
                             {"relayvm", nullptr},
                             {"transport_rpc", nullptr},
                             {"power_state", "Halted"},
                             {"uuid", value_of(*this, "work", "uuid")}});
  CHECK(info["dom0"]["type"] == "AdminVM");
  CHECK(info["dom0"]["uuid"] == "00000000-0000-0000-0000-000000000000");
  CHECK(info["dom0"]["power_state"] == "Running");
  CHECK(info["dom0"]["guivm"] == nullptr);
}

TEST_CASE_METHOD(DoorsWorld, "what it tells is what the properties say", "[system-info]") {
  check_done(shell({"mgmt.vm.Create.AppVM", "deb", "name=dvm", "label=green"}));
  check_done(shell({"mgmt.vm.property.Set", "dvm", "template_for_dispvms", "True"}));
  check_done(shell({"mgmt.vm.Create.DispVM", "dvm", "name=disp1", "label=red"}));
  check_done(shell({"mgmt.vm.property.Set", "work", "default_dispvm", "dvm"}));
  check_done(shell({"mgmt.vm.property.Set", "work", "guivm", ""}));
  check_done(shell({"mgmt.vm.property.Set", "deb", "guivm", "work"}));
  execute(
      "INSERT INTO global_reference (name, target) SELECT 'default_dispvm', qid FROM vm "
      "WHERE name = 'dvm'");
  execute("INSERT INTO vm_feature (vm, name, value, position) VALUES (2, 'internal', '1', 1)");
  execute("INSERT INTO vm_tag (vm, tag) VALUES (2, 'a-tag')");
  const Json info = system_info(*this);
  for (const auto& [name, vm] : info.items()) {
    INFO(name);
    CHECK(vm["default_dispvm"] == name_or_null(value_of(*this, name, "default_dispvm")));
    CHECK(vm["guivm"] == name_or_null(value_of(*this, name, "guivm")));
    CHECK(vm["template_for_dispvms"] == (value_of(*this, name, "template_for_dispvms") == "True"));
    CHECK(vm["type"] == value_of(*this, name, "klass"));
  }
  CHECK(info["work"]["internal"] == "1");
  CHECK(info["work"]["tags"][0] == "a-tag");
  CHECK(info["work"]["guivm"] == nullptr);
  CHECK(info["disp1"]["default_dispvm"] == "dvm");
  CHECK(info["deb"]["default_dispvm"] == "dvm");
}

TEST_CASE_METHOD(DoorsWorld, "a feature that is no UTF-8 spoils nothing", "[system-info]") {
  execute(
      "INSERT INTO vm_feature (vm, name, value, position) "
      "VALUES (2, 'internal', CAST(x'ff22' AS TEXT), 1)");
  CHECK(system_info(*this)["work"]["internal"].get<std::string>().ends_with("\""));
}
