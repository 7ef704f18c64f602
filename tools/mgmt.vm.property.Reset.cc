// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/properties.h"

namespace qubes::mgmt {
namespace {

Reply reset(Context& context, const VmReference& vm, const PropertyName& name) {
  reset_property(context, vm, name);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.property.Reset",
     .summary = "let the default of a property hold again",
     .notes = "Resetting what is not set is no fault. Some have no default: label, template.",
     .scope = Scope::local,
     .access = Access::write,
     .faults = {FaultKind::no_such_vm, FaultKind::bad_value, FaultKind::bad_property_value,
                FaultKind::vm_in_use, FaultKind::not_halted, FaultKind::not_started},
     .example = "mgmt.vm.property.Reset work memory",
     .asks_xen = depends_on_state},
    reset,
    target("the VM"),
    argument("the property"),
};

}  // namespace
}  // namespace qubes::mgmt
