// SPDX-License-Identifier: GPL-2.0-or-later
// mgmt-import and mgmt-export.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tools/world.h"

using namespace qubes::mgmt::test;

namespace {

namespace fs = std::filesystem;

using Texts = std::vector<std::string>;

std::string content(const fs::path& file) {
  std::ifstream in{file};
  return {std::istreambuf_iterator<char>{in}, {}};
}

void write(const fs::path& file, std::string_view text) {
  fs::create_directories(file.parent_path());
  std::ofstream{file} << text;
}

/// A world with a folder in which files come and go.
struct Exchange : World {
  ScratchRoot folder;

  std::string xml() const { return folder.at("/qubes.xml"); }

  Result import() const { return shell({"mgmt-import", xml()}); }
  Result export_there() const { return shell({"mgmt-export", xml()}); }

  Result import(const std::string& text) const {
    write(xml(), text);
    return import();
  }

  /// The rows of all tables that hold state.
  std::string tables() const {
    std::string text;
    std::istringstream lines{state()};
    for (std::string line; std::getline(lines, line);)
      if (!line.starts_with("/") && !line.starts_with("change ") && !line.starts_with("event "))
        text += line + "\n";
    return text;
  }

  std::string count(const std::string& table) const {
    return query("SELECT count(*) FROM " + table).at(0);
  }
};

std::string real_file() { return content(QUBES_TEST_DATA "/qubes-100.xml"); }

std::string file_of(const std::string& globals, const std::string& domains) {
  return "<?xml version='1.0' encoding='utf-8'?>\n<qubes><labels><label id=\"label-1\" "
         "color=\"0xcc0000\">red</label></labels><pools><pool name=\"p\" driver=\"file\" "
         "dir_path=\"/var/lib/qubes\"/><pool name=\"linux-kernel\" driver=\"linux-kernel\" "
         "dir_path=\"/var/lib/qubes/vm-kernels\"/></pools><properties>" +
         globals + "</properties><domains>" + domains + "</domains></qubes>";
}

std::string property(const std::string& name, const std::string& value) {
  return "<property name=\"" + name + "\">" + value + "</property>";
}

std::string vm(int qid, const std::string& vm_class, const std::string& name,
               const std::string& properties, const std::string& rest = "") {
  return "<domain id=\"domain-" + std::to_string(qid) + "\" class=\"" + vm_class +
         "\"><properties>" + property("name", name) + property("label", "red") + properties +
         "</properties>" + rest + "</domain>";
}

std::string volume(const std::string& name, const std::string& vid, const std::string& rest) {
  return "<volume name=\"" + name + "\" pool=\"p\" vid=\"" + vid + "\" " + rest + "/>";
}

/// Some of all that a file may hold.
std::string all_kinds() {
  const std::string root = "rw=\"True\" save_on_stop=\"True\" size=\"1024\"";
  const std::string snapshot = "rw=\"True\" snap_on_start=\"True\" size=\"1024\" source=";
  return file_of(
      property("default_netvm", "net") + property("clockvm", "") + property("default_pool", "p") +
          property("stats_interval", "7") + property("check_updates_vm", "False"),
      "<domain id=\"domain-0\" class=\"AdminVM\"><properties>" + property("label", "label-1") +
          property("keyboard_layout", "de+neo+") + property("default_dispvm", "") +
          "</properties><features><feature name=\"config.a\">a&amp;&lt;b&gt;\"c' </feature>"
          "<feature name=\"blank\"> </feature><feature name=\"empty\"/></features></domain>" +
          vm(3, "TemplateVM", "tmpl", property("memory", "700"),
             "<volume-config>" + volume("root", "vm-templates/tmpl/root", root) +
                 volume("private", "vm-templates/tmpl/private", root) + "</volume-config>") +
          vm(9, "StandaloneVM", "net",
             property("provides_network", "True") + property("netvm", "") + property("kernel", "") +
                 property("kernelopts", "a\tb\n c"),
             "<tags><tag name=\"z\"/><tag name=\"a\"/></tags><devices class=\"pci\"><device "
             "backend-domain=\"dom0\" id=\"00_1d.0\" mode=\"required\" identity=\"*\"><option "
             "name=\"no-strict-reset\">True</option></device></devices>") +
          vm(4, "AppVM", "work",
             property("template", "tmpl") + property("template_for_dispvms", "True") +
                 property("backup_timestamp", "1700000000") + property("ip6", "fd09::5"),
             "<devices class=\"usb\"><device backend-domain=\"gone\" id=\"2-1\" "
             "mode=\"ask-to-attach\" identity=\"1d6b:2::u030000\"/><device "
             "backend-domain=\"net\" id=\"*\" mode=\"auto-attach\" identity=\"*\"/></devices>"
             "<volume-config>" +
                 volume("root", "appvms/work/root", snapshot + "\"vm-templates/tmpl/root\"") +
                 volume("private", "appvms/older-name/private",
                        root + " revisions_to_keep=\"-1\"") +
                 volume("volatile", "appvms/work/volatile",
                        "rw=\"True\" size=\"9\" "
                        "ephemeral=\"True\"") +
                 "<volume name=\"kernel\" pool=\"linux-kernel\" vid=\"6.1\"/></volume-config>") +
          vm(5, "DispVM", "disp7",
             property("template", "work") + property("dispid", "7") +
                 property("auto_cleanup", "True"),
             "<volume-config>" +
                 volume("root", "appvms/disp7/root", snapshot + "\"appvms/work/root\"") +
                 "</volume-config>"));
}

const std::string kFirewall =
    "<firewall version=\"2\"><rules><rule><properties><property name=\"action\">accept</property>"
    "<property name=\"dsthost\">10.0.0.1</property><property name=\"proto\">tcp</property>"
    "<property name=\"dstports\">80</property></properties></rule><rule><properties>"
    "<property name=\"action\">drop</property><property name=\"expire\">99</property>"
    "<property name=\"comment\">some words</property></properties></rule></rules></firewall>";

}  // namespace

TEST_CASE_METHOD(Exchange, "a file of Qubes' own daemon is taken whole", "[import]") {
  const Result result = import(real_file());
  CHECK(result.status == 0);
  CHECK(result.out ==
        "took 107 VMs\ntook 116 properties\ntook 314 features\ntook 421 tags\ntook 1 devices\n"
        "took 0 firewall rules\ntook 428 volumes\ntook 9 labels\ntook 2 pools\n"
        "took 8 global properties\n");
  CHECK(result.err.find("left out") == std::string::npos);
  CHECK(result.err.find("mgmt-import: warning: pool varlibqubes: ") == 0);
  CHECK(count("vm") == "108");
  CHECK(query("SELECT name || qid || class || uuid FROM vm WHERE name = 'debian-12-xfce'") ==
        Texts{"debian-12-xfce2TemplateVM7d402e53-35b0-57ce-a7a0-5f4c040416a6"});
  CHECK(query("SELECT vid FROM volume JOIN vm ON vm.qid = vm WHERE vm.name = 'vm0043' "
              "ORDER BY id") ==
        Texts{"appvms/vm0043/root", "appvms/vm0043/private", "appvms/vm0043/volatile", ""});
  check_done(shell({"mgmt.vm.property.Get", "vm0043", "memory"}), "default=no 443");
  check_done(shell({"mgmt.vm.property.Get", "vm0043", "netvm"}), "default=yes sys-firewall");
  check_done(shell({"mgmt.vm.property.Get", "vm0043", "label"}), "default=no green");
}

TEST_CASE_METHOD(Exchange, "an import is one change without values, and subscribers reload",
                 "[import]") {
  REQUIRE(import(all_kinds()).status == 0);
  CHECK(query("SELECT call || ' ' || source FROM change") == Texts{"mgmt-import dom0"});
  CHECK(count("change_row") == "0");
  CHECK(events() == Texts{"- connection-established"});
}

TEST_CASE_METHOD(Exchange, "a rehearsed import changes nothing", "[import]") {
  write(xml(), all_kinds());
  check_done(shell({"mgmt.vm.property.Set", "dom0", "label", "black"}));
  const std::string before = state();
  const Result result = shell({"mgmt-import", "--dry-run", xml()});
  CHECK(result.status == 0);
  CHECK(result.out.find("would take 4 VMs\n") == 0);
  CHECK(state() == before);
}

TEST_CASE_METHOD(Exchange, "a store with VMs or volumes is left alone", "[import]") {
  REQUIRE(import(all_kinds()).status == 0);
  const std::string before = state();
  check_refused(import(), 1, "mgmt-import", "has 4 VMs besides dom0");
  CHECK(state() == before);
}

TEST_CASE_METHOD(Exchange, "what was exported is imported the same", "[import][export]") {
  const std::string text = GENERATE(real_file(), all_kinds());
  write(folder.at("/appvms/work/firewall.xml"), kFirewall);
  write(folder.at("/appvms/net/firewall.xml"), "<firewall version=\"2\"><rules/></firewall>");
  REQUIRE(import(text).err.find("left out") == std::string::npos);
  check_done(export_there());
  const Exchange other;
  fs::copy(folder.path(), other.folder.path(), fs::copy_options::recursive);
  REQUIRE(other.import().err.find("left out") == std::string::npos);
  CHECK(other.tables() == tables());
  CHECK(other.tables().find("vm_tag ") != std::string::npos);
  CHECK(other.shell({"mgmt-export", "-"}).out == content(xml()));
}

TEST_CASE_METHOD(Exchange, "all kinds of content arrive", "[import]") {
  REQUIRE(import(all_kinds()).err.find("left out") == std::string::npos);
  CHECK(query("SELECT name || '=' || value FROM vm_feature ORDER BY position") ==
        Texts{"config.a=a&<b>\"c' ", "blank= ", "empty="});
  CHECK(query("SELECT value FROM vm_property WHERE name = 'kernelopts'") == Texts{"a\tb\n c"});
  CHECK(query("SELECT name FROM vm_reference WHERE target IS NULL ORDER BY 1") ==
        Texts{"default_dispvm", "netvm"});
  CHECK(query("SELECT class || ' ' || coalesce(backend, backend_name) || ' ' || port || ' ' || "
              "identity || ' ' || mode FROM vm_device ORDER BY 1") ==
        Texts{"pci 0 00_1d.0 * required", "usb 9 * * auto-attach",
              "usb gone 2-1 1d6b:2::u030000 ask-to-attach"});
  CHECK(query("SELECT name || '=' || value FROM vm_device_option") ==
        Texts{"no-strict-reset=True"});
  // A disposable's root is made of what its template's is made of.
  CHECK(query("SELECT of.vid FROM volume JOIN volume AS of ON of.id = volume.source "
              "WHERE volume.vid = 'appvms/disp7/root'") == Texts{"vm-templates/tmpl/root"});
  CHECK(query("SELECT vid FROM volume WHERE ephemeral = 1") == Texts{"appvms/work/volatile"});
  CHECK(query("SELECT revisions_to_keep FROM volume WHERE vid = 'appvms/older-name/private'") ==
        Texts{"-1"});
  CHECK(count("label") == "8");
  CHECK(query("SELECT name || value FROM global_property ORDER BY 1") ==
        Texts{"check_updates_vmFalse", "default_poolp", "stats_interval7"});
}

TEST_CASE_METHOD(Exchange, "a VM of another host comes along", "[import][export]") {
  const std::string remote =
      "<domain id=\"domain-77\" class=\"RemoteVM\"><properties><property name=\"name\">far"
      "</property><property name=\"label\">red</property><property name=\"relayvm\">dom0"
      "</property><property name=\"remote_name\">there</property></properties></domain>";
  std::string text = all_kinds();
  text.insert(text.find("</domains>"), remote);
  CHECK(import(text).err.find("left out") == std::string::npos);
  CHECK(query("SELECT class FROM vm WHERE name = 'far'") == Texts{"RemoteVM"});
  CHECK(query("SELECT value FROM vm_property WHERE name = 'remote_name'") == Texts{"there"});
  CHECK(shell({"mgmt-export"}).out.find("class=\"RemoteVM\"") != std::string::npos);
}

TEST_CASE_METHOD(Exchange, "firewall rules come from the folders of their VMs", "[import]") {
  write(folder.at("/appvms/work/firewall.xml"), kFirewall);
  write(folder.at("/vm-templates/tmpl/firewall.xml"), "<firewall version=\"2\"/>");
  write(folder.at("/appvms/net/firewall.xml"), "<firewall version=\"2\"><rules><rule>");
  write(folder.at("/appvms/dom0/firewall.xml"), kFirewall);
  const Result result = import(all_kinds());
  CHECK(result.out.find("took 2 firewall rules\n") != std::string::npos);
  CHECK(result.err.find("mgmt-import: left out: net: firewall.xml: it is no XML") == 0);
  CHECK(query("SELECT id || ' ' || rule || ' ' || coalesce(expire, '-') || ' ' || comment "
              "FROM firewall_rule ORDER BY position") ==
        Texts{"1 action=accept dst4=10.0.0.1/32 proto=tcp dstports=80-80 - ",
              "2 action=drop 99 some words"});
  // Rules that cannot be read drop everything; no file lets everything through.
  CHECK(query("SELECT name || last_rule FROM firewall JOIN vm ON qid = vm ORDER BY 1") ==
        Texts{"net0", "tmpl0", "work2"});
}

TEST_CASE_METHOD(Exchange, "an export writes and removes rules, and leaves nothing else",
                 "[export]") {
  write(folder.at("/appvms/work/firewall.xml"), kFirewall);
  REQUIRE(import(all_kinds()).status == 0);
  fs::remove(folder.at("/appvms/work/firewall.xml"));
  write(folder.at("/vm-templates/tmpl/firewall.xml"), kFirewall);
  check_done(export_there());
  CHECK(content(folder.at("/appvms/work/firewall.xml")).find("10.0.0.1/32") != std::string::npos);
  Texts left;
  for (const auto& entry : fs::recursive_directory_iterator{folder.path()})
    if (!entry.is_directory()) left.push_back(entry.path().filename());
  std::ranges::sort(left);
  CHECK(left == Texts{"firewall.xml", "qubes.xml"});
  const Result shown = shell({"mgmt-export"});
  CHECK(shown.out == content(xml()));
  CHECK(shown.err == "mgmt-export: left out: the rules of appvms/work/firewall.xml\n");
}

TEST_CASE_METHOD(Exchange, "an export that cannot be written leaves the older file", "[export]") {
  REQUIRE(import(all_kinds()).status == 0);
  const std::string before = content(xml());
  fs::create_directories(folder.at("/appvms/work/firewall.xml/x"));
  execute("INSERT INTO firewall VALUES (4, 0)");
  const Result result = export_there();
  CHECK(result.status == 74);
  CHECK(is_one_line(result.err));
  CHECK(content(xml()) == before);
  check_refused(shell({"mgmt-export", folder.at("/none/qubes.xml")}), 74, "mgmt-export");
  check_refused(shell({"mgmt-export", folder.path().string() + "/"}), 2, "mgmt-export", "a folder");
}
