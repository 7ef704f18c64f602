// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/property.h"

#include <algorithm>

#include "base/fault.h"
#include "base/text.h"
#include "model/property_table.h"

namespace qubes::mgmt {
bool Property::is_of(VmClass vm_class) const {
  return std::ranges::find(classes, vm_class) != classes.end();
}

std::vector<const Property*> properties_of(VmClass vm_class) {
  std::vector<const Property*> found;
  for (const Property& property : property_table())
    if (property.is_of(vm_class)) found.push_back(&property);
  return found;
}

const Property& find_property(VmClass vm_class, const PropertyName& name) {
  std::vector<std::string> known;
  for (const Property* property : properties_of(vm_class)) {
    if (property->name == name.text()) return *property;
    known.emplace_back(property->name);
  }
  throw Fault{
      FaultKind::no_such_property,
      concat("a VM of class ", text(vm_class), " has no property '", printable(name.text()), "'",
             suggestion(name.text(), known), "; mgmt.vm.property.List prints those it has")};
}

std::string accepted_value(const Property& property, std::string_view untrusted) {
  const std::string value = decoded(property.name, property.type, untrusted);
  return property.accept == nullptr ? value : property.accept(value);
}

}  // namespace qubes::mgmt
