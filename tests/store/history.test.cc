// SPDX-License-Identifier: GPL-2.0-or-later
#include <catch2/catch.hpp>

#include "base/fault.h"
#include "store/fresh_store.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

using Texts = std::vector<std::string>;

constexpr const char* kLastRows =
    "SELECT tbl || ' ' || key || ' ' || col || ': ' || coalesce(old, '-') || ' ' || "
    "coalesce(new, '-') FROM change_row WHERE seq = (SELECT max(seq) FROM change) ORDER BY 1";

}  // namespace

TEST_CASE_METHOD(FreshStore, "a new row, a changed one and a deleted one", "[history]") {
  change("INSERT INTO vm_property (vm, name, value) VALUES (0, 'it''s', 'a')");
  CHECK(query(kLastRows) == Texts{"vm_property 0,'it''s' name: - it's",
                                  "vm_property 0,'it''s' value: - a",
                                  "vm_property 0,'it''s' vm: - 0"});
  change("UPDATE vm_property SET value = 'b'");
  CHECK(query(kLastRows) == Texts{"vm_property 0,'it''s' value: a b"});
  change("DELETE FROM vm_property");
  CHECK(query(kLastRows) == Texts{"vm_property 0,'it''s' name: it's -",
                                  "vm_property 0,'it''s' value: b -",
                                  "vm_property 0,'it''s' vm: 0 -"});
}

TEST_CASE_METHOD(FreshStore, "devices and firewall rules are history", "[history]") {
  change(
      "INSERT INTO vm_device VALUES (1, 0, 'usb', NULL, 'gone', '1-1', '*', 'required');"
      "INSERT INTO vm_device_option VALUES (1, 'a', 'b');"
      "INSERT INTO firewall VALUES (0, 7);"
      "INSERT INTO firewall_rule VALUES (0, 7, 1, 'action=drop', 5, 'c');");
  CHECK(query("SELECT DISTINCT tbl || ' ' || key FROM change_row ORDER BY 1") ==
        Texts{"firewall 0", "firewall_rule 0,7", "vm_device 1", "vm_device_option 1,'a'"});
}

TEST_CASE_METHOD(FreshStore, "a change may be recorded without its values", "[history]") {
  Change whole{store, {"dom0", "mgmt-import", "dom0", ""}, Recorded::event};
  store.run_script(add_vm(1, "a"));
  CHECK(whole.preview().empty());
  whole.commit();
  CHECK(query("SELECT call FROM change") == Texts{"mgmt-import"});
  CHECK(query("SELECT 1 FROM change_row").empty());
  CHECK(query("SELECT name FROM vm WHERE qid = 1") == Texts{"a"});
}

TEST_CASE_METHOD(FreshStore, "a device is assigned to a VM once", "[store]") {
  const std::string device = "'usb', NULL, 'gone', '1-1', '*', 'required')";
  change("INSERT INTO vm_device VALUES (1, 0, " + device);
  CHECK_THROWS_AS(change("INSERT INTO vm_device VALUES (2, 0, " + device), Fault);
  change("INSERT INTO vm_device VALUES (2, 0, 'usb', NULL, 'gone', '1-1', 'a', 'required')");
}

TEST_CASE_METHOD(FreshStore, "what comes and goes within a change is no history", "[history]") {
  change(add_vm(1, "a"));
  change(add_vm(2, "b") + "DELETE FROM vm WHERE qid = 2; UPDATE vm SET label = label;");
  CHECK(query("SELECT DISTINCT seq FROM change_row") == Texts{"1"});
}

TEST_CASE_METHOD(FreshStore, "only state is history", "[history]") {
  change(
      "INSERT INTO running VALUES (0, 'boot', 1, 1, 0, 0);"
      "INSERT INTO intent VALUES (1, 'create', NULL, 'a', 1, '1', 'boot', 1);");
  CHECK(query("SELECT seq FROM change").empty());
}

TEST_CASE_METHOD(FreshStore, "a change that is given up leaves nothing", "[history]") {
  {
    Change given_up{store, {"dom0", "mgmt.Test", "dom0", ""}};
    store.run_script(add_vm(1, "a"));
    given_up.event("a", "domain-add");
    CHECK(given_up.preview().size() == 6);
  }
  CHECK(query("SELECT name FROM vm") == Texts{"dom0"});
  CHECK(query("SELECT seq FROM change").empty());
  CHECK(query("SELECT seq FROM event").empty());
}

TEST_CASE_METHOD(FreshStore, "says who, what and on which schema", "[history]") {
  Change asked{store, {"work", "mgmt.vm.Foo", "target", "argument"}};
  store.run_script(add_vm(1, "a"));
  asked.commit();
  CHECK(query("SELECT source || ' ' || call || ' ' || target || ' ' || argument || ' ' || schema "
              "FROM change") ==
        Texts{"work mgmt.vm.Foo target argument " + std::to_string(newest_schema())});
  CHECK(query("SELECT at / 1000000 > CAST(strftime('%s', '2020-01-01') AS INTEGER) FROM change") ==
        Texts{"1"});
}

TEST_CASE_METHOD(FreshStore, "events are numbered on, whatever was rolled back", "[events]") {
  for (int i = 1; i <= 9; ++i) {
    Change each{store, {"dom0", "mgmt.Test", "dom0", ""}};
    each.event("a", "first", {{"key", "value"}, {"other", ""}});
    each.event("", "second");
    if (i % 3 != 0) each.commit();
  }
  CHECK(query("SELECT count(*) || ' ' || min(seq) || ' ' || max(seq) FROM event") ==
        Texts{"12 1 12"});
  CHECK(query("SELECT hex(keys) FROM event WHERE seq = 1") ==
        Texts{"6B65790076616C7565006F746865720000"});
}

TEST_CASE_METHOD(FreshStore, "old history goes, a little at each write", "[pruning]") {
  store.run_script(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100005) "
      "INSERT INTO change SELECT i, 9e15, 'dom0', 'c', 't', 'a', 1 FROM n;"
      "INSERT INTO change_row VALUES (1, 'vm', '1', 'name', NULL, 'x');"
      "INSERT INTO event SELECT seq, at, '', 'e', x'' FROM change;");
  for (int i = 1; i <= 9; ++i) {
    Change each{store, {"dom0", "mgmt.Test", "dom0", ""}};
    each.event("", "e");
    each.commit();
  }
  CHECK(query("SELECT max(seq) - min(seq) < 100000 FROM change") == Texts{"1"});
  CHECK(query("SELECT max(seq) FROM change") == Texts{"100014"});
  CHECK(query("SELECT 1 FROM change_row WHERE seq = 1").empty());
  CHECK(query("SELECT count(*) || ' ' || max(seq) FROM event") == Texts{"100000 100014"});
}

TEST_CASE_METHOD(FreshStore, "what is older than a year goes", "[pruning]") {
  store.run_script(
      "INSERT INTO change VALUES (1, 1, 'dom0', 'c', 't', 'a', 1);"
      "INSERT INTO change_row VALUES (1, 'vm', '1', 'name', NULL, 'x');");
  change(add_vm(1, "a"));
  CHECK(query("SELECT seq FROM change") == Texts{"2"});
}

TEST_CASE_METHOD(FreshStore, "numbers of changes are never used again", "[pruning]") {
  change(add_vm(1, "a"));
  change(add_vm(2, "b"));
  CHECK(query("SELECT seq FROM change ORDER BY seq") == Texts{"1", "2"});
}
