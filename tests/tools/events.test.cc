// SPDX-License-Identifier: GPL-2.0-or-later
// The events and the history that writes leave.
#include "tools/world.h"

using namespace qubes::mgmt::test;

namespace {

using Texts = std::vector<std::string>;

struct Told : TwoVms {
  /// The events of this call.
  Texts told(const std::vector<std::string>& words) const {
    const std::size_t before = events().size();
    check_done(shell(words));
    const Texts all = events();
    return {all.begin() + static_cast<std::ptrdiff_t>(before), all.end()};
  }
};

constexpr const char* kLastRows =
    "SELECT tbl || ' ' || key || ' ' || col || ': ' || coalesce(old, '-') || ' ' || "
    "coalesce(new, '-') FROM change_row WHERE seq = (SELECT max(seq) FROM change) ORDER BY 1";

}  // namespace

TEST_CASE_METHOD(Told, "a label's events are those of Qubes, and come again", "[events]") {
  const Texts expected{"work property-pre-set:label name=label newvalue=blue oldvalue=red",
                       "work property-reset:icon name=icon",
                       "work property-set:label name=label newvalue=blue oldvalue=red"};
  CHECK(told({"mgmt.vm.property.Set", "work", "label", "blue"}) == expected);
  CHECK(query(kLastRows) == Texts{"vm 2 label: 1 6"});
  CHECK(told({"mgmt.vm.property.Set", "work", "label", "blue"}) ==
        Texts{"work property-pre-set:label name=label newvalue=blue oldvalue=blue",
              "work property-reset:icon name=icon",
              "work property-set:label name=label newvalue=blue oldvalue=blue"});
  CHECK(query(kLastRows).empty());
}

TEST_CASE_METHOD(Told, "provides_network marks a service VM", "[events]") {
  CHECK(told({"mgmt.vm.property.Set", "work", "provides_network", "1"}) ==
        Texts{"work property-pre-set:provides_network name=provides_network newvalue=True "
              "oldvalue=False",
              "work domain-feature-pre-set:servicevm feature=servicevm value=1",
              "work domain-feature-set:servicevm feature=servicevm value=1",
              "work property-reset:icon name=icon", "work property-reset:gateway name=gateway",
              "work property-reset:gateway6 name=gateway6",
              "work property-set:provides_network name=provides_network newvalue=True "
              "oldvalue=False"});
}

TEST_CASE_METHOD(Told, "a reset has four events, also where nothing was set", "[events]") {
  check_done(shell({"mgmt.vm.property.Set", "work", "memory", "800"}));
  CHECK(query(kLastRows) == Texts{"vm_property 2,'memory' name: - memory",
                                  "vm_property 2,'memory' value: - 800",
                                  "vm_property 2,'memory' vm: - 2"});
  const auto expected = [](const std::string& old_value) {
    const std::string keys = " name=memory oldvalue=" + old_value;
    return Texts{"work property-pre-reset:memory" + keys, "work property-pre-del:memory" + keys,
                 "work property-reset:memory" + keys, "work property-del:memory" + keys};
  };
  CHECK(told({"mgmt.vm.property.Reset", "work", "memory"}) == expected("800"));
  CHECK(query(kLastRows) == Texts{"vm_property 2,'memory' name: memory -",
                                  "vm_property 2,'memory' value: 800 -",
                                  "vm_property 2,'memory' vm: 2 -"});
  CHECK(told({"mgmt.vm.property.Reset", "work", "memory"}) == expected("400"));
}

TEST_CASE_METHOD(Told, "renaming moves nothing but the name", "[events]") {
  const Texts before = files();
  CHECK(told({"mgmt.vm.property.Set", "work", "name", "play"}) ==
        Texts{"work property-pre-set:name name=name newvalue=play oldvalue=work",
              "play property-set:name name=name newvalue=play oldvalue=work"});
  CHECK(query(kLastRows) == Texts{"vm 2 name: work play"});
  CHECK(files() == before);
  CHECK(shell({"mgmt.vm.List", "work"}).status == 3);
  check_done(shell({"mgmt.vm.List", "play"}), "play class=AppVM state=Halted\n");
  // The old name is free, though its files are still in use.
  check_done(shell({"mgmt.vm.Create.AppVM", "deb", "name=work", "label=red"}));
  CHECK(query("SELECT vid FROM volume WHERE name = 'private' ORDER BY id") ==
        Texts{"vm-templates/deb/private", "appvms/work/private", "appvms/work-2/private"});
}

TEST_CASE_METHOD(TwoVms, "only dom0 renames", "[events]") {
  const std::string before = state();
  const Result result = call({.method = "mgmt.vm.property.Set",
                              .target = "work",
                              .argument = "name",
                              .payload = "play",
                              .source = "deb"});
  CHECK(result.status == 4);
  CHECK(result.out == "denied\n");
  CHECK(state() == before);
}

// Today's clients know the name as fixed.
TEST_CASE_METHOD(TwoVms, "nobody renames under today's name", "[events]") {
  const std::string before = state();
  const Result result = call(
      {.method = "admin.vm.property.Set", .target = "work", .argument = "name", .payload = "play"});
  CHECK_THAT(result.out, Catch::StartsWith(std::string{"2\0QubesPropertyValueError\0", 26}));
  CHECK(state() == before);
}

TEST_CASE_METHOD(Told, "a removal is told of twice", "[events]") {
  CHECK(told({"mgmt.vm.Remove", "work"}) ==
        Texts{"- domain-pre-delete vm=work", "- domain-delete vm=work"});
  CHECK(query("SELECT old FROM change_row WHERE tbl = 'vm' AND col = 'name' AND new IS NULL") ==
        Texts{"work"});
  CHECK(query("SELECT new FROM change_row WHERE tbl = 'vm' AND key = '2' AND old IS NULL "
              "AND col = 'name'") == Texts{"work"});
}

TEST_CASE_METHOD(Told, "reads and refusals tell nobody", "[events]") {
  const std::string before = state();
  for (const std::string name : {"mgmt.vm.List", "mgmt.vm.CurrentState", "mgmt.vm.property.List"})
    CHECK(shell({name, "work"}).status == 0);
  CHECK(shell({"mgmt.vm.property.Get", "work", "memory"}).status == 0);
  CHECK(shell({"mgmt.vm.property.Set", "work", "memory", "no"}).status == 1);
  CHECK(state() == before);
}

TEST_CASE_METHOD(TwoVms, "events are numbered without gaps", "[events]") {
  for (const std::string value : {"800", "bad", "900", "0", "1000"})
    shell({"mgmt.vm.property.Set", "work", "memory", value});
  CHECK(query("SELECT max(seq) - count(*) FROM event") == Texts{"0"});
  CHECK(query("SELECT count(*) FROM event") == Texts{"16"});
  CHECK(query("SELECT max(seq) - count(*) FROM change") == Texts{"0"});
}
