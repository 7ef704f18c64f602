// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/properties.h"

namespace qubes::mgmt {
namespace {

Reply set(Context& context, const VmReference& vm, const PropertyName& name,
          const AnyValue& value) {
  return {.content = Reply::Nothing{}, .warnings = set_property(context, vm, name, value)};
}

const Call call{
    {.name = "mgmt.vm.property.Set",
     .summary = "set a property of a VM",
     .notes =
         "mgmt.vm.property.Help says what each accepts. Setting what is set already is no "
         "fault. The name, the template and maxmem of a VM can be changed while it is halted. A "
         "new name is taken along by the tags that name the VM; lines of the qrexec policy "
         "that still say the old one are printed as warnings.",
     .scope = Scope::local,
     .access = Access::write,
     .faults = {FaultKind::no_such_vm, FaultKind::bad_value, FaultKind::bad_property_value,
                FaultKind::no_such_label, FaultKind::vm_in_use, FaultKind::vm_exists,
                FaultKind::not_halted, FaultKind::not_started},
     .example = "mgmt.vm.property.Set work memory 800",
     .asks_xen = depends_on_state},
    set,
    target("the VM"),
    argument("the property"),
    said_payload("the new value"),
};

}  // namespace
}  // namespace qubes::mgmt
