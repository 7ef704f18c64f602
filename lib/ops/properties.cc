// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/properties.h"

#include <algorithm>
#include <array>

#include "base/fault.h"
#include "base/text.h"
#include "ops/facts.h"
#include "ops/property_checks.h"
#include "ops/vms.h"
#include "store/labels.h"
#include "store/properties.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

// Computed properties whose value changes along with one that is set; viewers are told.
std::vector<std::string_view> dependents(std::string_view property) {
  if (property == "label") return {"icon"};
  if (property == "provides_network") return {"icon", "gateway", "gateway6"};
  return {};
}

// What dom0 may be given; everything else of dom0 only shows.
bool is_settable_on(const Vm& vm, const Property& property) {
  if (property.origination != Origination::settable) return false;
  constexpr std::array<std::string_view, 5> kOfDom0{
      "default_dispvm", "devices_denied", "include_in_backups", "keyboard_layout", "label"};
  return vm.qid != kDom0 || std::ranges::find(kOfDom0, property.name) != kOfDom0.end();
}

void require_settable(const Vm& vm, const Property& property) {
  if (is_settable_on(vm, property)) return;
  const std::string_view why = property.origination == Origination::at_creation
                                   ? "it was fixed when the VM was made"
                                   : "it follows from other things";
  throw Fault{FaultKind::bad_property_value,
              concat("property ", property.name, " of '", vm.name, "' cannot be set: ", why)};
}

Label find_label(const Context& context, std::string_view untrusted) {
  const LabelTable labels{context.store};
  std::string_view index = untrusted;
  if (index.starts_with("label-")) index.remove_prefix(6);
  const auto number = to_number<std::int64_t>(index);
  auto label = number ? labels.find(*number) : labels.find(untrusted);
  if (label) return *label;
  const auto known = labels.names();
  throw Fault{FaultKind::no_such_label,
              concat("there is no label '", printable(untrusted), "'", suggestion(untrusted, known),
                     "; there are ", join(known, ", "))};
}

void store_value(const Context& context, const Vm& vm, const Property& property,
                 const std::string& value) {
  const VmTable vms{context.store};
  const PropertyTable table{context.store};
  if (property.name == "name") return vms.set_name(vm.qid, VmName::parse(value));
  if (property.name == "label")
    return vms.set_label(vm.qid, LabelTable{context.store}.find(value).value().id);
  if (property.type != ValueType::vm) return table.set_value(vm.qid, property.name, value);
  const auto target = value.empty() ? std::optional<Qid>{}
                                    : std::optional{find_vm(context, VmName::parse(value)).qid};
  if (property.name == "template") return vms.set_template(vm.qid, target.value());
  table.set_reference(vm.qid, property.name, target);
}

void require_resettable(const Vm& vm, const Property& property) {
  require_settable(vm, property);
  if (property.fallback != nullptr) return;
  throw Fault{FaultKind::bad_value, concat("property ", property.name, " of '", vm.name,
                                           "' cannot be reset: it has no default, set another "
                                           "value instead")};
}

}  // namespace

PropertyReading read_property(const Context& context, const VmReference& reference,
                              const PropertyName& name) {
  const Vm vm = find_vm(context, reference);
  const Property& property = find_property(vm.vm_class, name);
  const StoreFacts facts{context, vm};
  const auto stored = facts.stored(property);
  // What dom0 is called and numbered is given, not set.
  const bool is_given = vm.qid == kDom0 && property.origination == Origination::at_creation;
  const bool is_default = !stored || is_given || (vm.qid == kDom0 && property.name == "name");
  return {property.type, is_default, stored ? *stored : facts.value(property)};
}

void set_property(Context& context, const VmReference& reference, const PropertyName& name,
                  const AnyValue& untrusted) {
  const Vm vm = find_vm(context, reference);
  const Property& property = find_property(vm.vm_class, name);
  require_settable(vm, property);
  std::string value = accepted_value(property, untrusted.text());
  if (property.type == ValueType::label) value = find_label(context, value).name;
  const PropertySetting setting{context, vm, property.name, value};
  check_setting(setting);

  const std::string old_value = StoreFacts{context, vm}.value(property);
  Change& change = context.change();
  const Change::Keys keys{{"name", property.name}, {"newvalue", value}, {"oldvalue", old_value}};
  change.event(vm.name, concat("property-pre-set:", property.name), keys);
  store_value(context, vm, property, value);
  follow_setting(setting);
  for (const std::string_view dependent : dependents(property.name))
    change.event(vm.name, concat("property-reset:", dependent), {{"name", dependent}});
  change.event(property.name == "name" ? value : vm.name, concat("property-set:", property.name),
               keys);
}

void reset_property(Context& context, const VmReference& reference, const PropertyName& name) {
  const Vm vm = find_vm(context, reference);
  const Property& property = find_property(vm.vm_class, name);
  if (property.origination == Origination::computed) return;
  require_resettable(vm, property);
  const StoreFacts facts{context, vm};
  const std::string default_value = property.fallback(facts);
  const PropertySetting setting{context, vm, property.name, default_value};
  check_setting(setting);

  const std::string old_value = facts.value(property);
  Change& change = context.change();
  const Change::Keys keys{{"name", property.name}, {"oldvalue", old_value}};
  change.event(vm.name, concat("property-pre-reset:", property.name), keys);
  change.event(vm.name, concat("property-pre-del:", property.name), keys);
  PropertyTable{context.store}.clear(vm.qid, property.name);
  follow_setting(setting);
  for (const std::string_view dependent : dependents(property.name))
    change.event(vm.name, concat("property-reset:", dependent), {{"name", dependent}});
  change.event(vm.name, concat("property-reset:", property.name), keys);
  change.event(vm.name, concat("property-del:", property.name), keys);
}

bool depends_on_state(std::string_view property) {
  return property == "name" || property == "template";
}

bool shows_state(std::string_view property) {
  return property == "xid" || property == "start_time";
}

}  // namespace qubes::mgmt
