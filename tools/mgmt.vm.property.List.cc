// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "model/property.h"
#include "ops/vms.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& context, const VmReference& vm) {
  Reply::Names names;
  for (const Property* property : properties_of(find_vm(context, vm).vm_class))
    names.names.emplace_back(property->name);
  return {names};
}

const Call call{
    {.name = "mgmt.vm.property.List",
     .summary = "list the properties that a VM has",
     .notes = "Computed ones are in the list too; the last ones name other VMs.",
     .scope = Scope::local,
     .access = Access::read,
     .faults = {FaultKind::no_such_vm},
     .reply = "PROPERTY, a line for each",
     .example = "mgmt.vm.property.List work"},
    list,
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
