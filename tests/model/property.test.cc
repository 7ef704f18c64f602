// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/property.h"

#include <catch2/catch.hpp>
#include <map>

#include "base/fault.h"
#include "model/property_table.h"

using namespace qubes::mgmt;
using namespace std::string_literals;

namespace {

const Property& property(std::string_view name) {
  for (const Property& known : property_table())
    if (known.name == name) return known;
  throw std::runtime_error{"no such property"};
}

std::string accepted(std::string_view name, std::string_view value) {
  return accepted_value(property(name), value);
}

FaultKind refusal(std::string_view name, const std::string& value) {
  try {
    accepted(name, value);
  } catch (const Fault& fault) {
    return fault.kind();
  }
  FAIL(name << " accepted: " << value);
  return FaultKind::failed;
}

/// A VM of which just this is known.
struct Known : PropertyFacts {
  Vm machine{5, {}, "work", VmClass::AppVM, 1, Qid{1}};
  std::map<std::string, std::string, std::less<>> values;
  std::map<std::string, std::string, std::less<>> globals;
  std::map<std::string, std::string, std::less<>> features;
  std::map<std::string, std::string, std::less<>> template_values;
  std::map<std::string, std::string, std::less<>> dom0_values;
  std::uint64_t memory = 64 * 1024;

  using Texts = std::map<std::string, std::string, std::less<>>;
  static std::optional<std::string> found(const Texts& texts, std::string_view name) {
    const auto at = texts.find(name);
    return at == texts.end() ? std::nullopt : std::optional{at->second};
  }
  const Vm& vm() const override { return machine; }
  std::string value(std::string_view name) const override {
    if (auto known = found(values, name)) return *known;
    const Property& asked = property(name);
    return asked.fallback == nullptr ? "" : asked.fallback(*this);
  }
  std::optional<std::string> of_template(std::string_view name) const override {
    return found(template_values, name);
  }
  std::optional<std::string> of_vm(std::string_view vm, std::string_view name) const override {
    return vm == "dom0" ? found(dom0_values, name) : std::nullopt;
  }
  std::optional<std::string> global(std::string_view name) const override {
    return found(globals, name);
  }
  std::optional<std::string> feature(std::string_view name) const override {
    return found(features, name);
  }
  std::uint64_t host_memory() const override { return memory; }
  std::string newest_kernel() const override { return "6.6"; }
  std::int64_t domain() const override { return -1; }
  std::string start_time() const override { return ""; }
};

}  // namespace

TEST_CASE("numbers are taken as Python takes them", "[property]") {
  CHECK(accepted("memory", "400") == "400");
  CHECK(accepted("memory", " \t+1_0_0\n") == "100");
  CHECK(accepted("memory", "007") == "7");
  CHECK(accepted("maxmem", "-0") == "0");
  for (const std::string value : {"", " ", "forty two", "0x10", "1.0", "1_", "_1", "1__0", "+-1",
                                  "- 1", "--1", "+", "-", "1 0", "99999999999999999999"}) {
    INFO(value);
    CHECK(refusal("memory", value) == FaultKind::bad_value);
  }
  CHECK(refusal("memory", "1\0"s) == FaultKind::bad_value);
  CHECK(refusal("memory", "0") == FaultKind::bad_property_value);
  CHECK(refusal("memory", "-5") == FaultKind::bad_property_value);
  CHECK(refusal("maxmem", "-1") == FaultKind::bad_property_value);
}

TEST_CASE("truth values have four words each, in any case", "[property]") {
  for (const std::string value : {"1", "yes", "true", "on", "TRUE", "On"})
    CHECK(accepted("autostart", value) == "True");
  for (const std::string value : {"0", "no", "false", "off", "False", "oFF"})
    CHECK(accepted("autostart", value) == "False");
  for (const std::string value : {"", "some string", " yes", "yes\n", "2", "y", "None"})
    CHECK(refusal("autostart", value) == FaultKind::bad_value);
}

TEST_CASE("texts are printable ASCII and white space", "[property]") {
  CHECK(accepted("kernelopts", "a\tb\nc\v\f\r ~") == "a\tb\nc\v\f\r ~");
  CHECK(accepted("kernelopts", "").empty());
  CHECK(accepted("kernelopts", std::string(512, 'x')).size() == 512);
  for (const std::string& value : {"a\0b"s, "a\x01"s, "\x7f"s, "\x80"s, "caf\xc3\xa9"s, "\x1b[0m"s})
    CHECK(refusal("kernelopts", value) == FaultKind::bad_value);
  CHECK(refusal("kernelopts", std::string(513, 'x')) == FaultKind::bad_property_value);
}

TEST_CASE("names of VMs may be none", "[property]") {
  CHECK(accepted("netvm", "sys-net") == "sys-net");
  CHECK(accepted("netvm", "").empty());
  for (const std::string value : {"forbidden-chars/../!", "\x80\x90\xa0", "none", "a\n"})
    CHECK(refusal("netvm", value) == FaultKind::bad_value);
}

TEST_CASE("addresses", "[property]") {
  CHECK(accepted("ip", "10.137.0.9") == "10.137.0.9");
  for (const std::string value : {"", "10.137.0", "10.137.0.256", "10.137.0.01", "10.137.0.9 ",
                                  "10.137.0.-1", "::1", "1.2.3.4.5"})
    CHECK(refusal("ip", value) == FaultKind::bad_property_value);
  CHECK(accepted("mac", "00:16:3E:5e:6c:0A") == "00:16:3e:5e:6c:0a");
  for (const std::string value : {"", "00:16:3e:5e:6c", "00:16:3e:5e:6c:0g", "00163e5e6c00"})
    CHECK(refusal("mac", value) == FaultKind::bad_property_value);
}

TEST_CASE("ways of virtualising, kernels and users", "[property]") {
  CHECK(accepted("virt_mode", "PvH") == "pvh");
  CHECK(refusal("virt_mode", "container") == FaultKind::bad_property_value);
  CHECK(accepted("kernel", "6.6.2-1.fc37").size() == 12);
  for (const std::string value : {"a/b", "..", ".", "../x"})
    CHECK(refusal("kernel", value) == FaultKind::bad_property_value);
  CHECK(accepted("default_user", "user_1") == "user_1");
  CHECK(refusal("default_user", "us er") == FaultKind::bad_property_value);
}

TEST_CASE("addresses follow from the number of the VM", "[property]") {
  Known known;
  known.values["netvm"] = "sys-net";
  const auto ip_of = [&](Qid qid) {
    known.machine.qid = qid;
    return known.value("ip");
  };
  CHECK(ip_of(1) == "10.137.0.1");
  CHECK(ip_of(254) == "10.137.0.254");
  CHECK(ip_of(255) == "10.137.1.1");
  CHECK(ip_of(508) == "10.137.1.254");
  CHECK(ip_of(509) == "10.137.2.1");
  CHECK(ip_of(9999) == "10.137.39.93");
  known.machine.vm_class = VmClass::DispVM;
  known.values["dispid"] = "255";
  CHECK(known.value("ip") == "10.138.1.1");
  known.values["netvm"] = "";
  CHECK(known.value("ip").empty());
}

TEST_CASE("defaults follow from the template and from all of Qubes", "[property]") {
  Known known;
  CHECK(known.value("memory") == "400");
  CHECK(known.value("maxmem") == "4000");
  CHECK(known.value("vcpus") == "2");
  CHECK(known.value("virt_mode") == "pvh");
  CHECK(known.value("kernel") == "6.6");
  CHECK(known.value("kernelopts") == "swiotlb=2048");
  known.globals = {{"default_kernel", "5.0"}, {"default_netvm", "sys-net"}};
  CHECK(known.value("kernel") == "5.0");
  CHECK(known.value("netvm") == "sys-net");
  known.template_values = {{"memory", "700"}, {"kernel", ""}};
  CHECK(known.value("memory") == "700");
  CHECK(known.value("kernel").empty());
  CHECK(known.value("kernelopts").empty());
  known.memory = 4000;
  CHECK(known.value("maxmem") == "2000");
  known.values["virt_mode"] = "hvm";
  CHECK(known.value("maxmem") == "0");
}

TEST_CASE("keyboard layouts, denied devices and addresses of version 6", "[property]") {
  CHECK(accepted("keyboard_layout", "us++") == "us++");
  CHECK(accepted("keyboard_layout", "de+neo_2+grp:alt,ctrl") == "de+neo_2+grp:alt,ctrl");
  for (const std::string value : {"", "us", "us+", "us+++", "u1++", "us+a b+", "us++a;b"})
    CHECK(refusal("keyboard_layout", value) == FaultKind::bad_property_value);
  CHECK(accepted("devices_denied", "") == "");
  CHECK(accepted("devices_denied", "uabcdefb******uabcdef") == "b******uabcdef");
  CHECK(refusal("devices_denied", "b*****") == FaultKind::bad_value);
  for (const std::string value : {"x******", "b12345g", "bABCDE_"})
    CHECK(refusal("devices_denied", value) == FaultKind::bad_property_value);
  CHECK(accepted("ip6", "fd09:24ef:4179::a89:5") == "fd09:24ef:4179::a89:5");
  for (const std::string value : {"", "10.137.0.9", "fd09::1/64", "fd09::g"})
    CHECK(refusal("ip6", value) == FaultKind::bad_property_value);
  CHECK(accepted("backup_timestamp", "-5") == "-5");
  CHECK(refusal("stubdom_mem", "0") == FaultKind::bad_property_value);
}

TEST_CASE("a VM has the keyboard of the VM that shows it", "[property]") {
  Known known;
  CHECK(known.value("keyboard_layout") == "us++");
  known.dom0_values["keyboard_layout"] = "de++";
  CHECK(known.value("keyboard_layout") == "de++");
  known.values["guivm"] = "";
  CHECK(known.value("keyboard_layout") == "us++");
}

TEST_CASE("the icon shows class and label", "[property]") {
  Known known;
  known.values["label"] = "red";
  CHECK(known.value("icon") == "appvm-red");
  known.features["servicevm"] = "1";
  CHECK(known.value("icon") == "servicevm-red");
  known.values["template_for_dispvms"] = "True";
  CHECK(known.value("icon") == "templatevm-red");
  known.machine.vm_class = VmClass::AdminVM;
  CHECK(known.value("icon") == "adminvm-black");
}

TEST_CASE("each class has its properties, plain ones first", "[property]") {
  for (const VmClass vm_class : kVmClasses) {
    bool referring = false;
    std::string last;
    for (const Property* each : properties_of(vm_class)) {
      INFO(text(vm_class) << " " << each->name);
      const bool refers = each->stage == Property::Stage::referring;
      CHECK((refers || !referring));
      if (refers == referring) CHECK(each->name > last);
      last = each->name;
      referring = refers;
      CHECK_FALSE(each->help.empty());
    }
  }
  CHECK_THROWS_AS(find_property(VmClass::TemplateVM, PropertyName::parse("template")), Fault);
  CHECK_THROWS_WITH(find_property(VmClass::AppVM, PropertyName::parse("memroy")),
                    Catch::Contains("did you mean 'memory'?"));
}
