// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "base/text.h"
#include "model/property_rules.h"

namespace qubes::mgmt::defaults {
namespace {

bool is_true(const PropertyFacts& facts, std::string_view property) {
  return facts.value(property) == "True";
}

bool is_networked(const PropertyFacts& facts) {
  return !facts.value("netvm").empty() || is_true(facts, "provides_network");
}

std::string template_or(const PropertyFacts& facts, std::string_view property,
                        std::string_view otherwise) {
  return facts.of_template(property).value_or(std::string{otherwise});
}

}  // namespace

std::string none(const PropertyFacts& /*facts*/) { return ""; }

std::string no(const PropertyFacts& /*facts*/) { return "False"; }

std::string yes(const PropertyFacts& /*facts*/) { return "True"; }

std::string klass(const PropertyFacts& facts) { return std::string{text(facts.vm().vm_class)}; }

std::string icon(const PropertyFacts& facts) {
  const VmClass vm_class = facts.vm().vm_class;
  if (vm_class == VmClass::AdminVM) return "adminvm-black";
  std::string_view kind = "appvm";
  if (vm_class == VmClass::TemplateVM ||
      (vm_class == VmClass::AppVM && is_true(facts, "template_for_dispvms")))
    kind = "templatevm";
  else if (!facts.feature("servicevm").value_or("").empty())
    kind = "servicevm";
  else if (vm_class == VmClass::DispVM)
    kind = "dispvm";
  else if (vm_class == VmClass::StandaloneVM)
    kind = "standalonevm";
  return concat(kind, "-", facts.value("label"));
}

std::string memory(const PropertyFacts& facts) { return template_or(facts, "memory", "400"); }

std::string maxmem(const PropertyFacts& facts) {
  constexpr std::uint64_t kUsual = 4000;
  constexpr std::uint64_t kTimesMemory = 10;
  // An HVM guest is only balanced if an agent in it takes part.
  if (facts.value("virt_mode") == "hvm" && facts.feature("qrexec").value_or("").empty()) return "0";
  if (const auto inherited = facts.of_template("maxmem")) return *inherited;
  const auto memory = to_number<std::uint64_t>(facts.value("memory")).value_or(0);
  const bool is_linux = facts.feature("os") == "Linux";
  const std::uint64_t wanted = is_linux ? kTimesMemory * memory : kUsual;
  const std::uint64_t host = facts.host_memory();
  return std::to_string(host == 0 ? wanted : std::min(wanted, host / 2));
}

std::string vcpus(const PropertyFacts& facts) { return template_or(facts, "vcpus", "2"); }

std::string virt_mode(const PropertyFacts& facts) { return template_or(facts, "virt_mode", "pvh"); }

std::string kernel(const PropertyFacts& facts) {
  if (const auto inherited = facts.of_template("kernel")) return *inherited;
  if (const auto global = facts.global("default_kernel")) return *global;
  return facts.newest_kernel();
}

std::string kernelopts(const PropertyFacts& facts) {
  if (facts.value("kernel").empty()) return "";
  return template_or(facts, "kernelopts", "swiotlb=2048");
}

std::string default_user(const PropertyFacts& facts) {
  return template_or(facts, "default_user", "user");
}

std::string qrexec_timeout(const PropertyFacts& facts) {
  return template_or(facts, "qrexec_timeout",
                     facts.global("default_qrexec_timeout").value_or("60"));
}

std::string shutdown_timeout(const PropertyFacts& facts) {
  return template_or(facts, "shutdown_timeout",
                     facts.global("default_shutdown_timeout").value_or("60"));
}

std::string include_in_backups(const PropertyFacts& facts) {
  const bool vanishes = facts.vm().vm_class == VmClass::DispVM && is_true(facts, "auto_cleanup");
  return vanishes ? "False" : "True";
}

std::string updateable(const PropertyFacts& facts) {
  return facts.vm().template_qid ? "False" : "True";
}

std::string netvm(const PropertyFacts& facts) {
  if (facts.vm().vm_class == VmClass::TemplateVM) return "";
  return facts.global("default_netvm").value_or("");
}

std::string default_dispvm(const PropertyFacts& facts) {
  if (facts.vm().vm_class == VmClass::DispVM) return facts.value("template");
  return facts.global("default_dispvm").value_or("");
}

std::string management_dispvm(const PropertyFacts& facts) {
  return template_or(facts, "management_dispvm", facts.global("management_dispvm").value_or(""));
}

std::string guivm(const PropertyFacts& facts) {
  return facts.global("default_guivm").value_or("dom0");
}

std::string audiovm(const PropertyFacts& facts) {
  return facts.global("default_audiovm").value_or("dom0");
}

// 10.137.x.y from the qid, 10.138.x.y from a disposable's number; never .0 nor .255 at the end.
std::string ip(const PropertyFacts& facts) {
  if (!is_networked(facts)) return "";
  const bool is_disposable = facts.vm().vm_class == VmClass::DispVM;
  const auto number =
      is_disposable ? to_number<Qid>(facts.value("dispid")).value_or(0) : facts.vm().qid;
  const std::string_view network = is_disposable ? "10.138." : "10.137.";
  if (number < 255) return concat(network, "0.", number);
  return concat(network, (number - 1) / 254, ".", (number - 1) % 254 + 1);
}

std::string mac(const PropertyFacts& /*facts*/) { return "00:16:3e:5e:6c:00"; }

std::string keyboard_layout(const PropertyFacts& facts) {
  const std::string guivm = facts.vm().qid == kDom0 ? "" : facts.value("guivm");
  return (guivm.empty() ? std::nullopt : facts.of_vm(guivm, "keyboard_layout")).value_or("us++");
}

std::string bootmode(const PropertyFacts& /*facts*/) { return "default"; }

std::string gateway(const PropertyFacts& facts) {
  return is_true(facts, "provides_network") ? facts.value("ip") : "";
}

std::string dns(const PropertyFacts& facts) {
  return is_networked(facts) ? "10.139.1.1 10.139.1.2" : "";
}

std::string xid(const PropertyFacts& facts) { return std::to_string(facts.domain()); }

std::string start_time(const PropertyFacts& facts) { return facts.start_time(); }

}  // namespace qubes::mgmt::defaults
