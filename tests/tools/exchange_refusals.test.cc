// SPDX-License-Identifier: GPL-2.0-or-later
// What mgmt-import leaves out or refuses.
#include <fstream>

#include "tools/world.h"

using namespace qubes::mgmt::test;

namespace {

struct Refusals : World {
  std::string xml() const { return root.at("/qubes.xml"); }

  Result import(std::string_view text) const {
    std::ofstream{xml()} << text;
    return shell({"mgmt-import", xml()});
  }

  /// Imports these VMs; whether this line says what was left out of them.
  bool is_left_out(const std::string& domains, const std::string& line) const {
    const Result result = import(
        "<qubes><labels/><pools><pool name=\"p\" driver=\"file\" dir_path=\"/var/lib/qubes\"/>"
        "</pools><properties/><domains>" +
        domains + "</domains></qubes>");
    INFO(result.err);
    CHECK(result.status == 0);
    return result.err.find("mgmt-import: left out: " + line) != std::string::npos;
  }
};

std::string vm(const std::string& vm_class, int qid, const std::string& name,
               const std::string& properties = "", const std::string& rest = "") {
  return "<domain id=\"domain-" + std::to_string(qid) + "\" class=\"" + vm_class +
         "\"><properties><property name=\"name\">" + name +
         "</property><property name=\"label\">red</property>" + properties + "</properties>" +
         rest + "</domain>";
}

std::string with(const std::string& name, const std::string& value) {
  return vm("StandaloneVM", 1, "a", "<property name=\"" + name + "\">" + value + "</property>");
}

std::string with_volume(const std::string& attributes) {
  return vm("StandaloneVM", 1, "a", "",
            "<volume-config><volume name=\"root\" pool=\"p\" vid=\"a/root\"/><volume name=\"v\" " +
                attributes + "/></volume-config>");
}

}  // namespace

TEST_CASE_METHOD(Refusals, "a VM that cannot be is left out", "[import]") {
  const auto& [domains, line] = GENERATE(values<std::pair<std::string, std::string>>({
      {vm("NetVM", 1, "a"), "a: there are no VMs of class 'NetVM' here"},
      {vm("StandaloneVM", 1, "a b"), "a b: 'a b' cannot be the name"},
      {vm("StandaloneVM", 0, "a"), "a: its qid is '0', 1 to 9999"},
      {vm("StandaloneVM", 10000, "a"), "a: its qid is '10000', 1 to 9999"},
      {vm("StandaloneVM", 1, "b") + vm("StandaloneVM", 1, "a"), "a: another VM has its qid, 1"},
      {vm("StandaloneVM", 1, "a") + vm("StandaloneVM", 2, "a"), "a: another VM is called so"},
      {vm("StandaloneVM", 1, "dom0"), "dom0: another VM is called so"},
      {vm("AppVM", 1, "a"), "a: its template '' is not there"},
      {vm("AppVM", 1, "a", "<property name=\"template\">a</property>"),
       "a: its template 'a' is not there"},
      {vm("StandaloneVM", 2, "s") + vm("AppVM", 1, "a", "<property name=\"template\">s</property>"),
       "a: its template 's' is of class StandaloneVM"},
      {with("uuid", "junk"), "a: 'junk' is not a UUID"},
      {with("uuid", "00000000-0000-0000-0000-000000000000"), "a: another VM has its uuid"},
  }));
  CHECK(is_left_out(domains, line));
  CHECK(query("SELECT 1 FROM vm WHERE name = 'a' AND qid = 1 AND class <> 'StandaloneVM'").empty());
}

TEST_CASE_METHOD(Refusals, "a setting that cannot be is left out, and its VM is taken",
                 "[import]") {
  const auto& [domains, line] = GENERATE(values<std::pair<std::string, std::string>>({
      {with("memory", "lots"), "a: property memory: 'lots' cannot be the value"},
      {with("memory", "0"), "a: property memory: '0' is not accepted"},
      {with("memroy", "1"), "a: property memroy: a VM of class StandaloneVM has no property"},
      {with("klass", "AppVM"), "a: property klass: it follows from other things"},
      {with("netvm", "none-such"), "a: property netvm: there is no VM 'none-such'"},
      {with("netvm", "dom0"), "a: property netvm: 'dom0' does not provide network"},
      {with("provides_network", "True</property><property name=\"netvm\">a"),
       "a: property netvm: its network would come from itself"},
      {with("debug", "True</property><property name=\"debug\">True"),
       "a: property debug: it is there twice"},
      {vm("StandaloneVM", 1, "a", "", "<features><feature name=\"a b\"/></features>"),
       "a: feature a b: 'a b' cannot be the name of a feature"},
      {vm("StandaloneVM", 1, "a", "", "<tags><tag name=\"a.b\"/></tags>"),
       "a: tag: 'a.b' cannot be a tag"},
      {vm("StandaloneVM", 1, "a", "",
          "<devices class=\"pci\"><device backend-domain=\"dom0\" id=\"\"/></devices>"),
       "a: pci device dom0:: its port"},
      {with_volume("pool=\"q\" vid=\"x\""), "a: volume v: there is no pool 'q'"},
      {with_volume("pool=\"p\" vid=\"a/../../etc/x\""), "a: volume v: 'a/../../etc/x' is no vid"},
      {with_volume("pool=\"p\" vid=\"/etc/x\""), "a: volume v: '/etc/x' is no vid"},
      {with_volume("pool=\"p\" vid=\"a/root\""), "a: volume v: another volume has its vid"},
      {with_volume("pool=\"p\" vid=\"x\" snap_on_start=\"True\" source=\"x\""),
       "a: volume v: what it is a snapshot of, 'x', is not there"},
      {with_volume("pool=\"p\" vid=\"x\" snap_on_start=\"True\" save_on_stop=\"True\""),
       "a: volume v: it is a snapshot and saved"},
      {with_volume("pool=\"p\" vid=\"x\" revisions_to_keep=\"-2\""),
       "a: volume v: its revisions_to_keep is -2"},
      {with_volume("pool=\"p\" vid=\"x\" size=\"18446744073709551615\""),
       "a: volume v: its size, 18446744073709551615, is too large"},
  }));
  CHECK(is_left_out(domains, line));
  CHECK(query("SELECT name FROM vm WHERE qid = 1").size() == 1);
  CHECK(query("SELECT 1 FROM volume WHERE name = 'v'").empty());
}

TEST_CASE_METHOD(Refusals, "what is no qubes.xml changes nothing", "[import]") {
  check_done(shell({"mgmt.vm.property.Set", "dom0", "label", "red"}));
  const std::string before = state();
  const auto unchanged = [&] {
    std::filesystem::remove(xml());
    return state() == before;
  };
  check_refused(import("<!DOCTYPE q [<!ENTITY a \"b\">]><qubes/>"), 2, "mgmt-import", "declares");
  CHECK(unchanged());
  check_refused(import("<qubes><labels>"), 2, "mgmt-import", "no XML");
  CHECK(unchanged());
  check_refused(import(""), 2, "mgmt-import", "no XML");
  CHECK(unchanged());
  check_refused(shell({"mgmt-import", xml()}), 74, "mgmt-import", "there is no file");
  check_refused(shell({"mgmt-import", root.path()}), 74, "mgmt-import");
  check_refused(shell({"mgmt-import"}), 2, "mgmt-import", "expected a FILE");
  check_refused(shell({"mgmt-import", "--no-such"}), 2, "mgmt-import", "--help");
  CHECK(unchanged());
}

TEST_CASE_METHOD(Refusals, "no VM runs them", "[import][export]") {
  for (const std::string name : {"mgmt-import", "mgmt-export"}) {
    Program program = shell_program({name, "x"});
    program.environment["QREXEC_REMOTE_DOMAIN"] = "work";
    check_refused(run(program), 4, name, "in a shell");
  }
}
