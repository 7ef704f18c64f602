// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/properties.h"

namespace qubes::mgmt {
namespace {

Reply set(Context& context, const VmReference& vm, const PropertyName& name,
          const AnyValue& value) {
  set_property(context, vm, name, value);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.property.Set",
     .summary = "set a property of a VM",
     .notes = "mgmt.vm.property.Help says what each accepts. Setting what is set already is no "
              "fault. The name and the template of a VM can be changed while it is halted.",
     .scope = Scope::local,
     .access = Access::write,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_property, FaultKind::bad_value,
                FaultKind::bad_property_value, FaultKind::no_such_label, FaultKind::vm_in_use,
                FaultKind::vm_exists, FaultKind::not_halted},
     .example = "mgmt.vm.property.Set work memory 800",
     .asks_xen = depends_on_state},
    set,
    target("the VM"),
    argument("the property"),
    said_payload("the new value"),
};

}  // namespace
}  // namespace qubes::mgmt
