// SPDX-License-Identifier: GPL-2.0-or-later
// mgmt.vm.property.List, Get, Help, Set and Reset: what is accepted and what is answered.
#include "tools/world.h"

using namespace qubes::mgmt::test;
using namespace std::string_literals;

namespace {

struct Properties : TwoVms {
  std::string get(const std::string& name, const std::string& vm = "work") const {
    const Result result = shell({"mgmt.vm.property.Get", vm, name});
    CHECK(result.err == "");
    return result.out;
  }
  void set(const std::string& name, const std::string& value,
           const std::string& vm = "work") const {
    check_done(shell({"mgmt.vm.property.Set", vm, name, value}));
  }
  void refuse(int status, const std::string& name, const std::string& value,
              const std::string& says = "") const {
    const std::string before = state();
    check_refused(shell({"mgmt.vm.property.Set", "work", name, value}), status,
                  "mgmt.vm.property.Set: work", says);
    CHECK(state() == before);
  }
};

}  // namespace

TEST_CASE_METHOD(Properties, "lists the properties of each class", "[mgmt.vm.property.List]") {
  const std::string of_app = shell({"mgmt.vm.property.List", "work"}).out;
  CHECK(of_app.starts_with("autostart\nbackup_timestamp\ndebug\n"));
  CHECK(of_app.ends_with("\nnetvm\ntemplate\n"));
  const std::string of_template = shell({"mgmt.vm.property.List", "deb"}).out;
  CHECK(of_template.find("\ntemplate\n") == std::string::npos);
  CHECK(of_template.ends_with("\nnetvm\n"));
  check_done(call({.method = "admin.vm.property.List", .target = "work"}), "0\0"s + of_app);
  CHECK(shell({"mgmt.vm.property.List", "dom0"}).out.find("memory") == std::string::npos);
}

TEST_CASE_METHOD(Properties, "gets values in two dialects", "[mgmt.vm.property.Get]") {
  CHECK(get("name") == "default=no work");
  CHECK(get("vcpus") == "default=yes 2");
  CHECK(get("xid") == "default=yes -1");
  CHECK(get("netvm") == "default=yes ");
  CHECK(get("label") == "default=no red");
  CHECK(get("template") == "default=no deb");
  CHECK(get("qid") == "default=no 2");
  CHECK(get("name", "dom0") == "default=yes dom0");
  const auto shipped = [&](const std::string& name) {
    return call({.method = "admin.vm.property.Get", .target = "work", .argument = name}).out;
  };
  CHECK(shipped("name") == "0\0default=False type=str work"s);
  CHECK(shipped("vcpus") == "0\0default=True type=int 2"s);
  CHECK(shipped("xid") == "0\0default=True type=int -1"s);
  CHECK(shipped("netvm") == "0\0default=True type=vm "s);
  CHECK(shipped("autostart") == "0\0default=True type=bool False"s);
  CHECK(shipped("label") == "0\0default=False type=label red"s);
}

TEST_CASE_METHOD(Properties, "each listed property can be got and explained",
                 "[mgmt.vm.property.Get][mgmt.vm.property.Help]") {
  const std::string vm = GENERATE("dom0", "deb", "work");
  std::string list = shell({"mgmt.vm.property.List", vm}).out;
  for (std::size_t end; (end = list.find('\n')) != list.npos; list.erase(0, end + 1)) {
    INFO(vm << " " << list.substr(0, end));
    CHECK(get(list.substr(0, end), vm).starts_with("default="));
    const Result help = shell({"mgmt.vm.property.Help", vm, list.substr(0, end)});
    CHECK(help.status == 0);
    CHECK(help.out.size() > 20);
    CHECK(help.out.find('\n') == help.out.npos);
  }
}

TEST_CASE_METHOD(Properties, "refuses properties that are none", "[mgmt.vm.property.Help]") {
  const std::string before = state();
  for (const std::string name : {"Get", "Help", "Reset"})
    check_refused(shell({"mgmt.vm.property." + name, "work", "no-such-property"}), 1,
                  "mgmt.vm.property." + name + ": work", "no-such-property");
  refuse(1, "memroy", "1", "did you mean 'memory'?");
  CHECK(call({.method = "admin.vm.property.Help", .target = "work", .argument = "no-such"})
            .out.starts_with("2\0QubesNoSuchPropertyError\0\0%s\0"s));
  CHECK(call({.method = "mgmt.vm.property.Get", .target = "work"}).status == 2);
  CHECK(state() == before);
}

TEST_CASE_METHOD(Properties, "decodes by type, and gives back one form", "[mgmt.vm.property.Set]") {
  set("memory", "  +1_000 ");
  CHECK(get("memory") == "default=no 1000");
  set("autostart", "yEs");
  CHECK(get("autostart") == "default=no True");
  set("autostart", "0");
  CHECK(get("autostart") == "default=no False");
  set("label", "3");
  CHECK(get("label") == "default=no yellow");
  set("label", "label-4");
  CHECK(get("label") == "default=no green");
  set("virt_mode", "PV");
  CHECK(get("virt_mode") == "default=no pv");
  set("kernelopts", "a b  c");
  CHECK(get("kernelopts") == "default=no a b  c");
  set("ip", "10.137.0.77");
  CHECK(get("ip") == "default=no 10.137.0.77");
  set("maxmem", "0");
  CHECK(get("maxmem") == "default=no 0");
}

TEST_CASE_METHOD(Properties, "refuses values of the wrong type", "[mgmt.vm.property.Set]") {
  refuse(1, "autostart", "some string", "'some string'");
  refuse(1, "autostart", " yes");
  refuse(1, "maxmem", "forty two", "whole number");
  refuse(1, "maxmem", "0x10");
  refuse(1, "maxmem", "");
  refuse(1, "maxmem", "99999999999999999999");
  refuse(1, "memory", "1__0");
  refuse(1, "netvm", "forbidden-chars/../!");
  refuse(1, "netvm", "\x80\x90\xa0");
  refuse(1, "netvm", "nobody", "no such VM");
  refuse(1, "default_user", "a\x01z");
  refuse(1, "kernelopts", "caf\xc3\xa9");
  refuse(1, "label", "rde", "did you mean 'red'?");
  refuse(1, "label", "99");
  refuse(1, "ip", "10.137.0.256");
  refuse(1, "mac", "00:16:3e");
  refuse(1, "virt_mode", "container");
}

TEST_CASE_METHOD(Properties, "refuses values out of range", "[mgmt.vm.property.Set]") {
  refuse(1, "memory", "0", "positive");
  refuse(1, "memory", "-1");
  refuse(1, "memory", "9223372036854775807");
  refuse(1, "vcpus", "0");
  refuse(1, "maxmem", "1", "less than memory");
  set("maxmem", "600");
  refuse(1, "memory", "601", "more than maxmem");
  refuse(1, "kernelopts", std::string(513, 'x'), "512");
  refuse(1, "kernel", "../../etc");
  refuse(1, "kernel", "no-such-kernel");
}

TEST_CASE_METHOD(Properties, "refuses what cannot be set", "[mgmt.vm.property.Set]") {
  for (const std::string name : {"qid", "uuid", "klass", "xid", "icon", "dns"})
    refuse(1, name, "1", "cannot be set");
  refuse(1, "name", "deb", "another VM is called so");
  refuse(1, "template", "work");
  refuse(1, "template", "");
  refuse(1, "netvm", "deb", "provides_network");
  set("provides_network", "True");
  refuse(1, "netvm", "work", "loop");
  refuse(1, "default_dispvm", "deb", "template_for_dispvms");
}

TEST_CASE_METHOD(Properties, "a value can be none, and the default again",
                 "[mgmt.vm.property.Reset]") {
  set("provides_network", "True", "deb");
  set("netvm", "deb");
  CHECK(get("netvm") == "default=no deb");
  set("netvm", "");
  CHECK(get("netvm") == "default=no ");
  check_done(shell({"mgmt.vm.property.Reset", "work", "netvm"}));
  CHECK(get("netvm") == "default=yes ");
  check_done(shell({"mgmt.vm.property.Reset", "work", "netvm"}));
  check_done(shell({"mgmt.vm.property.Reset", "work", "default_user"}));
  for (const std::string name : {"label", "template", "name", "qid", "uuid"}) {
    const std::string before = state();
    check_refused(shell({"mgmt.vm.property.Reset", "work", name}), 1,
                  "mgmt.vm.property.Reset: work");
    CHECK(state() == before);
  }
}

TEST_CASE_METHOD(Properties, "a template's values hold for its VMs", "[mgmt.vm.property.Get]") {
  set("memory", "700", "deb");
  set("vcpus", "3", "deb");
  CHECK(get("memory") == "default=yes 700");
  CHECK(get("vcpus") == "default=yes 3");
}
