// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/global_checks.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/fault.h"
#include "base/text.h"
#include "ops/facts.h"
#include "ops/kernels.h"
#include "ops/vms.h"
#include "store/properties.h"
#include "store/vms.h"
#include "store/volumes.h"

namespace qubes::mgmt {
namespace {

struct Setting {
  const Context& context;
  const GlobalProperty& property;
  const std::string& value;
};

Fault refused(const Setting& setting, std::string_view why) {
  return {FaultKind::bad_property_value, concat("cannot set ", setting.property.name, " to '",
                                                printable(setting.value), "': ", why)};
}

Vm named_vm(const Setting& setting) {
  const auto name = VmName::parse(setting.value);
  if (auto vm = VmTable{setting.context.store}.find(name)) return *vm;
  throw refused(setting,
                concat("there is no such VM", vm_suggestion(setting.context, name.text())));
}

bool is_true(const Setting& setting, const Vm& vm, std::string_view property) {
  return StoreFacts{setting.context, vm}.value(property) == "True";
}

void check_any_vm(const Setting& setting) { named_vm(setting); }

void check_dispvm(const Setting& setting) {
  if (!is_true(setting, named_vm(setting), "template_for_dispvms"))
    throw refused(setting, "its template_for_dispvms is not True");
}

void check_template(const Setting& setting) {
  const Vm chosen = named_vm(setting);
  if (chosen.vm_class != VmClass::TemplateVM)
    throw refused(setting,
                  concat("it is of class ", text(chosen.vm_class), ", a TemplateVM is needed"));
}

// The default must not become the netvm of a VM that it depends on itself.
void check_netvm(const Setting& setting) {
  const Vm chosen = named_vm(setting);
  if (!is_true(setting, chosen, "provides_network"))
    throw refused(setting, "it does not provide network: set its provides_network to True first");
  const PropertyTable table{setting.context.store};
  std::set<Qid> seen;
  for (auto next = std::optional{chosen.qid}; next && seen.insert(*next).second;) {
    const auto above = table.reference(*next, "netvm");
    if (!above) throw refused(setting, "its own network comes from the default netvm: a loop");
    next = above->target;
  }
}

void check_kernel(const Setting& setting) { kernel_files(setting.context, setting.value); }

void check_pool(const Setting& setting) {
  const PoolTable pools{setting.context.store};
  if (!pools.find(setting.value))
    throw refused(setting, concat("there is no such pool; there are ", listed(pools.names())));
}

struct Rule {
  std::string_view property;
  void (*check)(const Setting&);
};

constexpr auto kRules = std::to_array<Rule>({
    {"clockvm", check_any_vm},
    {"default_audiovm", check_any_vm},
    {"default_dispvm", check_dispvm},
    {"default_guivm", check_any_vm},
    {"default_kernel", check_kernel},
    {"default_netvm", check_netvm},
    {"default_pool", check_pool},
    {"default_pool_kernel", check_pool},
    {"default_pool_private", check_pool},
    {"default_pool_root", check_pool},
    {"default_pool_volatile", check_pool},
    {"default_template", check_template},
    {"management_dispvm", check_dispvm},
    {"updatevm", check_any_vm},
});

}  // namespace

void check_global(const Context& context, const GlobalProperty& property,
                  const std::string& value) {
  const Setting setting{context, property, value};
  // No VM and no kernel are values; no pool is not.
  if (value.empty() && !property.names_pool()) return;
  const auto* rule = std::ranges::find(kRules, property.name, &Rule::property);
  if (rule != kRules.end()) rule->check(setting);
}

}  // namespace qubes::mgmt
