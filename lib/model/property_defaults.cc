// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <charconv>
#include <iterator>

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
  return facts.of("template", property).value_or(std::string{otherwise});
}

bool is_disposable(const PropertyFacts& facts) { return facts.vm().vm_class == VmClass::DispVM; }

Qid number_for_address(const PropertyFacts& facts) {
  if (!is_disposable(facts)) return facts.vm().qid;
  return to_number<Qid>(facts.value("dispid")).value_or(0);
}

// A feature of the VM or of its template; an empty one counts as none.
std::string feature_or(const PropertyFacts& facts, std::string_view feature,
                       const std::string& otherwise) {
  const auto value = facts.feature(feature, FeatureLookup::with_template);
  return value && !value->empty() ? *value : otherwise;
}

}  // namespace

std::string none(const PropertyFacts& /*facts*/) { return ""; }

std::string no(const PropertyFacts& /*facts*/) { return "False"; }

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
  else if (vm_class == VmClass::RemoteVM)
    kind = "remotevm";
  else if (vm_class == VmClass::StandaloneVM)
    kind = "standalonevm";
  return concat(kind, "-", facts.value("label"));
}

std::string memory(const PropertyFacts& facts) { return template_or(facts, "memory", "400"); }

std::string maxmem(const PropertyFacts& facts) {
  constexpr std::uint64_t kUsual = 4000;
  constexpr std::uint64_t kTimesMemory = 10;
  // An HVM guest is only balanced if an agent in it takes part.
  if (facts.value("virt_mode") == "hvm" &&
      (facts.feature("qrexec", FeatureLookup::with_template).value_or("").empty() ||
       facts.lacks_service("meminfo-writer")))
    return "0";
  if (const auto inherited = facts.of("template", "maxmem")) return *inherited;
  const auto memory = to_number<std::uint64_t>(facts.value("memory")).value_or(0);
  const bool is_linux = facts.feature("os", FeatureLookup::with_template) == "Linux";
  const std::uint64_t wanted = is_linux ? kTimesMemory * memory : kUsual;
  const std::uint64_t host = facts.host_memory();
  return std::to_string(host == 0 ? wanted : std::min(wanted, host / 2));
}

std::string vcpus(const PropertyFacts& facts) { return template_or(facts, "vcpus", "2"); }

std::string virt_mode(const PropertyFacts& facts) { return template_or(facts, "virt_mode", "pvh"); }

std::string kernel(const PropertyFacts& facts) {
  if (const auto inherited = facts.of("template", "kernel")) return *inherited;
  return facts.global("default_kernel");
}

std::string kernelopts(const PropertyFacts& facts) {
  const std::string kernel = facts.value("kernel");
  if (kernel.empty()) return "";
  if (const auto inherited = facts.of("template", "kernelopts")) return *inherited;
  return facts.kernel_options(kernel).value_or("swiotlb=2048");
}

std::string default_user(const PropertyFacts& facts) {
  return template_or(facts, "default_user", "user");
}

std::string qrexec_timeout(const PropertyFacts& facts) {
  return template_or(facts, "qrexec_timeout", facts.global("default_qrexec_timeout"));
}

std::string shutdown_timeout(const PropertyFacts& facts) {
  return template_or(facts, "shutdown_timeout", facts.global("default_shutdown_timeout"));
}

std::string include_in_backups(const PropertyFacts& facts) {
  if (facts.vm().vm_class == VmClass::RemoteVM) return "False";
  return is_disposable(facts) && is_true(facts, "auto_cleanup") ? "False" : "True";
}

std::string updateable(const PropertyFacts& facts) {
  return facts.vm().template_qid ? "False" : "True";
}

std::string netvm(const PropertyFacts& facts) {
  if (facts.vm().vm_class == VmClass::TemplateVM) return "";
  return facts.global("default_netvm");
}

std::string default_dispvm(const PropertyFacts& facts) {
  if (is_disposable(facts)) return facts.value("template");
  return facts.global("default_dispvm");
}

std::string management_dispvm(const PropertyFacts& facts) {
  return template_or(facts, "management_dispvm", facts.global("management_dispvm"));
}

std::string guivm(const PropertyFacts& facts) { return facts.global("default_guivm"); }

std::string audiovm(const PropertyFacts& facts) { return facts.global("default_audiovm"); }

// 10.137.x.y from the qid, 10.138.x.y from a disposable's number; never .0 nor .255 at the end.
std::string ip(const PropertyFacts& facts) {
  if (!is_networked(facts)) return "";
  const Qid number = number_for_address(facts);
  const std::string_view network = is_disposable(facts) ? "10.138." : "10.137.";
  if (number < 255) return concat(network, "0.", number);
  return concat(network, (number - 1) / 254, ".", (number - 1) % 254 + 1);
}

std::string ip6(const PropertyFacts& facts) {
  const bool has_ip6 = !facts.feature("ipv6", FeatureLookup::with_netvm).value_or("").empty();
  if (!has_ip6 || !is_networked(facts)) return "";
  char number[16];
  const auto [end, error] =
      std::to_chars(std::begin(number), std::end(number), number_for_address(facts), 16);
  return concat("fd09:24ef:4179::", is_disposable(facts) ? "a8a:" : "a89:",
                std::string_view{number, static_cast<std::size_t>(end - number)});
}

std::string mac(const PropertyFacts& /*facts*/) { return "00:16:3e:5e:6c:00"; }

// What the guest is told may differ from what the netvm knows, by the features net.fake-….
std::string visible_ip(const PropertyFacts& facts) {
  if (!is_networked(facts)) return "";
  return feature_or(facts, "net.fake-ip", facts.value("ip"));
}

std::string visible_ip6(const PropertyFacts& facts) { return facts.value("ip6"); }

std::string visible_gateway(const PropertyFacts& facts) {
  if (!is_networked(facts)) return "";
  return feature_or(facts, "net.fake-gateway", facts.of("netvm", "gateway").value_or(""));
}

std::string visible_gateway6(const PropertyFacts& facts) {
  return facts.value("ip6").empty() ? "" : facts.of("netvm", "gateway6").value_or("");
}

std::string visible_netmask(const PropertyFacts& facts) {
  return is_networked(facts) ? feature_or(facts, "net.fake-netmask", "255.255.255.255") : "";
}

std::string gateway(const PropertyFacts& facts) {
  return is_true(facts, "provides_network") ? facts.value("visible_ip") : "";
}

std::string gateway6(const PropertyFacts& facts) {
  return is_true(facts, "provides_network") ? facts.value("visible_ip6") : "";
}

std::string dns(const PropertyFacts& facts) {
  return is_networked(facts) ? "10.139.1.1 10.139.1.2" : "";
}

std::string keyboard_layout(const PropertyFacts& facts) {
  return facts.of("guivm", "keyboard_layout").value_or("us++");
}

std::string bootmode(const PropertyFacts& facts) {
  const std::string of_template = facts.of("template", "appvm_default_bootmode").value_or("");
  // The template of a disposable is no TemplateVM, and has none.
  if (!of_template.empty() && of_template != "default") return of_template;
  return feature_or(facts, "boot-mode.active", "default");
}

std::string appvm_default_bootmode(const PropertyFacts& facts) {
  return feature_or(facts, "boot-mode.appvm-default", "default");
}

std::string is_preload(const PropertyFacts& facts) {
  const std::string waiting =
      facts.feature("preload-dispvm", FeatureLookup::with_template).value_or("");
  const auto names = split(waiting, ' ');
  return std::ranges::find(names, facts.vm().name) != names.end() ? "True" : "False";
}

std::string host_memory(const PropertyFacts& facts) { return std::to_string(facts.host_memory()); }

std::string no_domain(const PropertyFacts& /*facts*/) { return "-1"; }

std::string xid(const PropertyFacts& facts) { return std::to_string(facts.domain()); }

std::string start_time(const PropertyFacts& facts) { return facts.start_time(); }

}  // namespace qubes::mgmt::defaults
