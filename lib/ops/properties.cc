// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/properties.h"

#include <algorithm>

#include "base/fault.h"
#include "base/text.h"
#include "model/property_table.h"
#include "ops/facts.h"
#include "ops/labels.h"
#include "ops/policy_mentions.h"
#include "ops/property_checks.h"
#include "ops/vms.h"
#include "store/properties.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

// Computed properties whose value changes along with one that is set; viewers are told.
void tell_dependents(Context& context, const Vm& vm, const Property& property) {
  std::vector<std::string_view> dependents;
  if (property.has(kChangesIcon)) dependents = {"icon"};
  if (property.has(kChangesGateway)) dependents = {"icon", "gateway", "gateway6"};
  for (const std::string_view dependent : dependents)
    context.change().event(vm.name, concat("property-reset:", dependent), {{"name", dependent}});
}

bool is_settable_on(const Vm& vm, const Property& property) {
  return property.origination == Origination::settable &&
         (vm.qid != kDom0 || property.has(kOfDom0));
}

void require_settable(const Vm& vm, const Property& property) {
  if (is_settable_on(vm, property)) return;
  const std::string_view why = property.origination == Origination::at_creation
                                   ? "it was fixed when the VM was made"
                                   : "it follows from other things";
  throw Fault{FaultKind::bad_property_value,
              concat("property ", property.name, " of '", vm.name, "' cannot be set: ", why)};
}

void store_value(const Context& context, const Vm& vm, const Property& property,
                 const std::string& value) {
  const VmTable vms{context.store};
  const PropertyTable table{context.store};
  if (property.name == "name") return vms.set_name(vm.qid, VmName::parse(value));
  if (property.name == "label") return vms.set_label(vm.qid, find_label(context, value).id);
  if (property.type != ValueType::vm) return table.set_value(vm.qid, property.name, value);
  const auto target = value.empty() ? std::optional<Qid>{}
                                    : std::optional{find_vm(context, VmName::parse(value)).qid};
  if (property.name == "template") return vms.set_template(vm.qid, target.value());
  table.set_reference(vm.qid, property.name, target);
}

// VMs of a template that take its value; viewers are told that theirs has changed.
void tell_children(Context& context, const Vm& vm, const Property& property) {
  if (!property.has(kInherited)) return;
  for (const Vm& child : VmTable{context.store}.based_on(vm.qid)) {
    const Property& same = find_property(child.vm_class, PropertyName::parse(property.name));
    if (!StoreFacts{context, child}.stored(same))
      context.change().event(child.name, concat("property-reset:", property.name),
                             {{"name", property.name}});
  }
}

void store_with_events(const PropertySetting& setting, const Property& property) {
  auto& [context, vm, name, value, old_value] = setting;
  Change& change = context.change();
  const Change::Keys keys{{"name", name}, {"newvalue", value}, {"oldvalue", old_value}};
  change.event(vm.name, concat("property-pre-set:", name), keys);
  store_value(context, vm, property, value);
  follow_setting(setting);
  tell_dependents(context, vm, property);
  tell_children(context, vm, property);
  change.event(name == "name" ? value : vm.name, concat("property-set:", name), keys);
}

void require_resettable(const Vm& vm, const Property& property) {
  require_settable(vm, property);
  if (property.fallback != nullptr) return;
  throw Fault{FaultKind::bad_value, concat("property ", property.name, " of '", vm.name,
                                           "' cannot be reset: it has no default, set another "
                                           "value instead")};
}

PropertyReading reading_of(const Context& context, const Vm& vm, const Property& property) {
  const StoreFacts facts{context, vm};
  const auto stored = facts.stored(property);
  // What dom0 is called and numbered is given, not set.
  const bool is_given = vm.qid == kDom0 && property.origination == Origination::at_creation;
  const bool is_default = !stored || is_given || (vm.qid == kDom0 && property.name == "name");
  return {property.type, is_default, stored ? *stored : facts.value(property)};
}

bool is_marked_somewhere(std::string_view property, PropertyMark mark) {
  return std::ranges::any_of(property_table(), [&](const Property& known) {
    return known.name == property && known.has(mark);
  });
}

}  // namespace

PropertyReading read_property(const Context& context, const VmReference& reference,
                              const PropertyName& name) {
  const Vm vm = find_vm(context, reference);
  return reading_of(context, vm, find_property(vm.vm_class, name));
}

std::vector<NamedReading> read_properties(const Context& context, const VmReference& reference) {
  const Vm vm = find_vm(context, reference);
  std::vector<NamedReading> readings;
  for (const Property* property : properties_of(vm.vm_class))
    readings.push_back({property->name, reading_of(context, vm, *property)});
  return readings;
}

PropertyDefault default_of_property(const Context& context, const VmReference& reference,
                                    const PropertyName& name) {
  const Vm vm = find_vm(context, reference);
  const Property& property = find_property(vm.vm_class, name);
  if (property.fallback == nullptr) return {property.type, std::nullopt};
  return {property.type, property.fallback(StoreFacts{context, vm})};
}

std::vector<std::string> set_property(Context& context, const VmReference& reference,
                                      const PropertyName& name, const AnyValue& untrusted) {
  const Vm vm = find_vm(context, reference);
  const Property& property = find_property(vm.vm_class, name);
  require_settable(vm, property);
  std::string value = accepted_value(property, untrusted.text());
  if (property.type == ValueType::label) value = find_label(context, value).name;
  const std::string old_value = StoreFacts{context, vm}.value(property);
  const PropertySetting setting{context, vm, property.name, value, old_value};
  check_setting(setting);
  store_with_events(setting, property);
  const bool is_renamed = property.name == "name" && value != vm.name;
  return is_renamed ? policy_mentions(context, vm.name) : std::vector<std::string>{};
}

void put_property(Context& context, const Vm& vm, std::string_view name, const std::string& value) {
  const Property& property = find_property(vm.vm_class, PropertyName::parse(name));
  const std::string old_value = StoreFacts{context, vm}.value(property);
  store_with_events({context, vm, property.name, value, old_value}, property);
}

void reset_property(Context& context, const VmReference& reference, const PropertyName& name) {
  const Vm vm = find_vm(context, reference);
  const Property& property = find_property(vm.vm_class, name);
  if (property.origination == Origination::computed) return;
  require_resettable(vm, property);
  const StoreFacts facts{context, vm};
  const std::string default_value = property.fallback(facts);
  const std::string old_value = facts.value(property);
  const PropertySetting setting{context, vm, property.name, default_value, old_value};
  check_setting(setting);

  Change& change = context.change();
  const Change::Keys keys{{"name", property.name}, {"oldvalue", old_value}};
  change.event(vm.name, concat("property-pre-reset:", property.name), keys);
  change.event(vm.name, concat("property-pre-del:", property.name), keys);
  PropertyTable{context.store}.clear(vm.qid, property.name);
  follow_setting(setting);
  tell_dependents(context, vm, property);
  tell_children(context, vm, property);
  change.event(vm.name, concat("property-reset:", property.name), keys);
  change.event(vm.name, concat("property-del:", property.name), keys);
}

bool depends_on_state(std::string_view property) { return is_marked_somewhere(property, kAsksXen); }

bool shows_state(std::string_view property) { return is_marked_somewhere(property, kShowsXen); }

}  // namespace qubes::mgmt
