// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>

#include "model/feature.h"
#include "model/global_property.h"
#include "model/property.h"
#include "ops/import_plan.h"

namespace qubes::mgmt {
namespace {

using PlannedVm = ImportPlan::PlannedVm;

// Those that are part of what a VM is, and were read with it.
constexpr std::array<std::string_view, 5> kOfVmItself{"name", "qid", "uuid", "label", "template"};

Fault refused(FaultKind kind, std::string_view why) { return {kind, std::string{why}}; }

bool is_word(std::string_view text, std::string_view marks) {
  return !text.empty() && consists_of(text, marks);
}

void require_vm(const ImportPlan& plan, const std::string& name) {
  if (!name.empty() && plan.find(name) == nullptr)
    throw refused(FaultKind::bad_property_value, concat("there is no VM '", name, "'"));
}

void take_property(const ImportPlan& plan, PlannedVm& planned, const QubesXml::Named& property) {
  const Property& known = find_property(planned.vm.vm_class, PropertyName::parse(property.name));
  if (known.origination == Origination::computed)
    throw refused(FaultKind::bad_property_value, "it follows from other things, and is not stored");
  std::string value = accepted_value(known, property.value);
  auto& stored = known.type == ValueType::vm ? planned.references : planned.values;
  if (known.type == ValueType::vm) require_vm(plan, value);
  if (!stored.emplace(property.name, std::move(value)).second)
    throw refused(FaultKind::bad_property_value, "it is there twice");
}

bool is_of_vm_itself(const PlannedVm& planned, std::string_view name) {
  if (name == "template" && !planned.vm.template_qid) return false;
  return std::ranges::find(kOfVmItself, name) != kOfVmItself.end();
}

void take_feature(PlannedVm& planned, const QubesXml::Named& feature) {
  FeatureName::parse(feature.name);
  FeatureValue::parse(feature.value);
  if (!planned.seen.insert(concat("feature ", feature.name)).second)
    throw refused(FaultKind::bad_value, "it is there twice");
  planned.features.push_back(feature);
}

bool is_class(std::string_view name) {
  return is_word(name, "_-") &&
         std::ranges::none_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
}

void take_device(PlannedVm& planned, const DeviceAssignment& device) {
  const auto refuse = [](std::string_view why) { return refused(FaultKind::bad_value, why); };
  if (!is_class(device.device_class)) throw refuse("its class is none");
  VmName::parse(device.backend);
  const bool has_names = !device.port.empty() && is_printable(device.port) &&
                         device.port.find(' ') == std::string::npos &&
                         is_printable(device.identity);
  if (!has_names) throw refuse("its port and identity are printable and not empty");
  for (const auto& [name, value] : device.options)
    if (!is_word(name, "._-") || !is_printable(value))
      throw refuse(concat("its option '", printable(name), "' is not printable"));
  // None of these holds a blank but the last.
  if (!planned.seen
           .insert(concat("device ", device.device_class, " ", device.backend, " ", device.port,
                          " ", device.identity))
           .second)
    throw refuse("it is there twice");
  planned.devices.push_back(device);
}

void plan_vm(ImportPlan& plan, PlannedVm& planned) {
  const std::string& name = planned.vm.name;
  const QubesXml::Domain& domain = *planned.domain;
  for (const QubesXml::Named& property : domain.properties)
    if (!is_of_vm_itself(planned, property.name))
      take(plan, concat(name, ": property ", printable(property.name)),
           [&] { take_property(plan, planned, property); });
  for (const QubesXml::Named& feature : domain.features)
    take(plan, concat(name, ": feature ", printable(feature.name)),
         [&] { take_feature(planned, feature); });
  for (const std::string& tag : domain.tags)
    take(plan, concat(name, ": tag"), [&] { planned.tags.insert(Tag::parse(tag).text()); });
  for (const DeviceAssignment& device : domain.devices)
    take(plan,
         concat(name, ": ", printable(device.device_class), " device ", printable(device.backend),
                ":", printable(device.port)),
         [&] { take_device(planned, device); });
  std::ranges::stable_sort(planned.devices, {}, &DeviceAssignment::device_class);
}

void take_global(ImportPlan& plan, const QubesXml::Named& property) {
  const GlobalProperty* known = &find_global_property(property.name);
  std::string value = accepted_value(*known, property.value);
  if (known->names_pool() && plan.find_pool(value) == nullptr)
    throw refused(FaultKind::bad_property_value,
                  concat("there is no pool '", printable(value), "'"));
  if (known->type == ValueType::vm) require_vm(plan, value);
  auto& stored = known->type == ValueType::vm ? plan.global_references : plan.global_values;
  if (!stored.emplace(property.name, std::move(value)).second)
    throw refused(FaultKind::bad_property_value, "it is there twice");
}

bool provides_network(const PlannedVm& planned) {
  const auto stored = planned.values.find("provides_network");
  return stored != planned.values.end() && stored->second == "True";
}

void require_provider(const ImportPlan& plan, const std::string& name) {
  if (!name.empty() && !provides_network(*plan.find(name)))
    throw refused(FaultKind::bad_value, concat("'", name, "' does not provide network"));
}

// The netvm in force.
const PlannedVm* netvm_of(const ImportPlan& plan, const PlannedVm& planned) {
  const auto stored = planned.references.find("netvm");
  if (stored != planned.references.end())
    return stored->second.empty() ? nullptr : plan.find(stored->second);
  const bool has_default = planned.vm.qid != kDom0 && planned.vm.vm_class != VmClass::TemplateVM;
  const auto global = plan.global_references.find("default_netvm");
  if (!has_default || global == plan.global_references.end() || global->second.empty())
    return nullptr;
  return plan.find(global->second);
}

void check_providers(ImportPlan& plan) {
  for (PlannedVm& planned : plan.vms) {
    const auto stored = planned.references.find("netvm");
    if (stored != planned.references.end() &&
        !take(plan, concat(planned.vm.name, ": property netvm"),
              [&] { require_provider(plan, stored->second); }))
      stored->second.clear();
  }
  const auto global = plan.global_references.find("default_netvm");
  if (global != plan.global_references.end() &&
      !take(plan, "global property default_netvm", [&] { require_provider(plan, global->second); }))
    plan.global_references.erase(global);
}

// Each walk up the netvms ends where an earlier one has been; meeting itself it has found a
// loop.
void break_loops(ImportPlan& plan) {
  std::map<const PlannedVm*, const PlannedVm*> walked_from;
  for (const PlannedVm& start : plan.vms) {
    const PlannedVm* at = &start;
    while (at != nullptr && walked_from.emplace(at, &start).second) {
      const PlannedVm* above = netvm_of(plan, *at);
      const auto seen = walked_from.find(above);
      if (seen != walked_from.end() && seen->second == &start) {
        plan.vms[static_cast<std::size_t>(at - plan.vms.data())].references["netvm"].clear();
        plan.left_out.push_back(concat(at->vm.name, ": property netvm: its network would come ",
                                       "from itself, a loop, so it has none"));
      }
      at = above;
    }
  }
}

}  // namespace

void plan_settings(const QubesXml& content, ImportPlan& plan) {
  for (PlannedVm& planned : plan.vms) plan_vm(plan, planned);
  for (const QubesXml::Named& property : content.properties)
    take(plan, concat("global property ", printable(property.name)),
         [&] { take_global(plan, property); });
}

void check_netvms(ImportPlan& plan) {
  check_providers(plan);
  break_loops(plan);
}

}  // namespace qubes::mgmt
