// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/property_checks.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/fault.h"
#include "base/text.h"
#include "ops/facts.h"
#include "ops/features.h"
#include "ops/kernels.h"
#include "ops/tags.h"
#include "ops/vms.h"
#include "ops/volumes.h"
#include "store/intents.h"
#include "store/properties.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

Fault refused(const PropertySetting& setting, FaultKind kind, std::string_view why) {
  return {kind, concat("cannot set ", setting.property, " of '", setting.vm.name, "' to '",
                       setting.value, "': ", why)};
}

Vm named_vm(const PropertySetting& setting) {
  const auto name = VmName::parse(setting.value);
  if (auto vm = VmTable{setting.context.store}.find(name)) return *vm;
  throw refused(setting, FaultKind::bad_property_value,
                concat("there is no such VM", vm_suggestion(setting.context, name.text())));
}

bool is_true(const Context& context, const Vm& vm, std::string_view property) {
  return StoreFacts{context, vm}.value(property) == "True";
}

void check_name(const PropertySetting& setting) {
  if (!setting.context.is_from_dom0())
    throw refused(setting, FaultKind::denied, "only dom0 may rename a VM");
  if (setting.vm.qid == kDom0)
    throw refused(setting, FaultKind::bad_property_value, "dom0 keeps its name");
  if (setting.context.origin.is_shipped())
    throw refused(setting, FaultKind::bad_property_value,
                  "under this name of the call a VM keeps its name: use mgmt.vm.property.Set");
  const auto name = VmName::parse(setting.value);
  const auto other = VmTable{setting.context.store}.find(name);
  if (other && other->qid != setting.vm.qid)
    throw refused(setting, FaultKind::vm_exists, "another VM is called so");
  // What a dead creation has left stands in nobody's way.
  if (IntentTable{setting.context.store}.is_being_made_now(name.text()))
    throw refused(setting, FaultKind::vm_exists, "another call is making a VM of that name");
  require_halted(setting.context, setting.vm, "rename a VM");
}

void check_template(const PropertySetting& setting) {
  if (setting.value.empty())
    throw refused(setting, FaultKind::bad_property_value, "a VM of its class needs a template");
  const Vm chosen = named_vm(setting);
  const bool is_disposable = setting.vm.vm_class == VmClass::DispVM;
  if (is_disposable && !is_true(setting.context, chosen, "template_for_dispvms"))
    throw refused(setting, FaultKind::bad_property_value,
                  "a disposable needs a VM whose template_for_dispvms is True");
  if (!is_disposable && chosen.vm_class != VmClass::TemplateVM)
    throw refused(setting, FaultKind::bad_property_value,
                  concat("it is of class ", text(chosen.vm_class), ", a TemplateVM is needed"));
  require_halted(setting.context, setting.vm, "change the template");
}

// Follows the chain that would result; a loop from an older store ends the walk as well.
void refuse_loop(const PropertySetting& setting, const Vm& netvm) {
  std::set<Qid> seen{setting.vm.qid};
  for (Vm next = netvm; seen.insert(next.qid).second;) {
    const std::string above = StoreFacts{setting.context, next}.value("netvm");
    if (above.empty()) return;
    next = find_vm(setting.context, VmName::parse(above));
  }
  throw refused(setting, FaultKind::bad_value, "its own network would come from this VM: a loop");
}

// A running VM could not be given an interface that nobody serves.
void require_running_netvm(const PropertySetting& setting, const Vm& netvm) {
  if (!living_domain(setting.context, setting.vm) || living_domain(setting.context, netvm)) return;
  throw refused(
      setting, FaultKind::not_started,
      concat("'", setting.vm.name, "' runs and '", netvm.name, "' does not: start it first"));
}

void check_netvm(const PropertySetting& setting) {
  if (setting.value.empty()) return;
  const Vm netvm = named_vm(setting);
  if (!is_true(setting.context, netvm, "provides_network"))
    throw refused(setting, FaultKind::bad_value,
                  "it does not provide network: set its provides_network to True first");
  refuse_loop(setting, netvm);
  require_running_netvm(setting, netvm);
}

void check_provides_network(const PropertySetting& setting) {
  if (setting.value == "True") return;
  const auto users = PropertyTable{setting.context.store}.users(setting.vm.qid, "netvm");
  const bool is_default =
      StoreFacts{setting.context, setting.vm}.global("default_netvm") == setting.vm.name;
  if (users.empty() && !is_default) return;
  throw refused(
      setting, FaultKind::bad_value,
      users.empty() ? "it is the default netvm" : concat("it is the netvm of ", listed(users)));
}

void check_template_for_dispvms(const PropertySetting& setting) {
  if (setting.value == "True") return;
  for (const ReferenceUse& use : PropertyTable{setting.context.store}.uses(setting.vm.qid)) {
    if (use.property != "template" && use.property != "default_dispvm" &&
        use.property != "management_dispvm")
      continue;
    throw refused(setting, FaultKind::vm_in_use,
                  concat("it is the ", use.property, " of ",
                         use.vm.empty() ? "all of Qubes" : concat("'", use.vm, "'")));
  }
}

void check_disposable_template(const PropertySetting& setting) {
  if (setting.value.empty()) return;
  if (!is_true(setting.context, named_vm(setting), "template_for_dispvms"))
    throw refused(setting, FaultKind::bad_property_value, "its template_for_dispvms is not True");
}

void check_any_vm(const PropertySetting& setting) {
  if (!setting.value.empty()) named_vm(setting);
}

void check_kernel(const PropertySetting& setting) {
  if (!setting.value.empty()) kernel_files(setting.context, setting.value);
}

void check_memory(const PropertySetting& setting) {
  const auto stored = PropertyTable{setting.context.store}.value(setting.vm.qid, "maxmem");
  const auto limit = stored ? to_number<std::int64_t>(*stored).value_or(0) : 0;
  if (limit != 0 && to_number<std::int64_t>(setting.value).value_or(0) > limit)
    throw refused(setting, FaultKind::bad_property_value,
                  concat("it is more than maxmem, which is ", limit, ": raise that first"));
}

void check_maxmem(const PropertySetting& setting) {
  if (setting.value != setting.old_value)
    require_halted(setting.context, setting.vm, "change maxmem");
  const std::string memory = StoreFacts{setting.context, setting.vm}.value("memory");
  const auto limit = to_number<std::int64_t>(setting.value).value_or(0);
  if (limit != 0 && limit < to_number<std::int64_t>(memory).value_or(0))
    throw refused(setting, FaultKind::bad_property_value,
                  concat("it is less than memory, which is ", memory,
                         ": lower that first, or "
                         "set 0 for memory that is not balanced"));
}

using Rule = void (*)(const PropertySetting&);

struct RuleRow {
  std::string_view property;
  Rule check;
};

constexpr std::array kRules{
    RuleRow{"audiovm", check_any_vm},
    RuleRow{"default_dispvm", check_disposable_template},
    RuleRow{"guivm", check_any_vm},
    RuleRow{"kernel", check_kernel},
    RuleRow{"management_dispvm", check_disposable_template},
    RuleRow{"maxmem", check_maxmem},
    RuleRow{"memory", check_memory},
    RuleRow{"name", check_name},
    RuleRow{"netvm", check_netvm},
    RuleRow{"provides_network", check_provides_network},
    RuleRow{"relayvm", check_any_vm},
    RuleRow{"template", check_template},
    RuleRow{"template_for_dispvms", check_template_for_dispvms},
};

// Qubes marks VMs that provide network as service VMs, which their icon shows.
void mark_service_vm(const PropertySetting& setting) {
  if (setting.value == "True")
    put_feature(setting.context, setting.vm, "servicevm", "1");
  else
    drop_feature(setting.context, setting.vm, "servicevm");
}

}  // namespace

void check_setting(const PropertySetting& setting) {
  const auto* rule = std::ranges::find(kRules, setting.property, &RuleRow::property);
  if (rule != kRules.end()) rule->check(setting);
}

void follow_setting(const PropertySetting& setting) {
  if (setting.property == "provides_network") mark_service_vm(setting);
  if (setting.property == "template") follow_template(setting.context, setting.vm);
  if (setting.property == "name") follow_rename(setting.context, setting.old_value, setting.value);
  if (setting.property == "guivm" || setting.property == "audiovm")
    follow_reference(setting.context, setting.vm, setting.property, setting.old_value,
                     setting.value);
}

}  // namespace qubes::mgmt
