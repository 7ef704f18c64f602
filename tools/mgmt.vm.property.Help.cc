// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "model/property.h"
#include "ops/vms.h"

namespace qubes::mgmt {
namespace {

Reply help(Context& context, const VmReference& vm, const PropertyName& name) {
  return Reply::scalar(std::string{find_property(find_vm(context, vm).vm_class, name).help});
}

const Call call{
    {.name = "mgmt.vm.property.Help",
     .summary = "explain a property",
     .notes = "One paragraph of plain text.",
     .scope = Scope::local,
     .access = Access::read,
     .faults = {FaultKind::no_such_vm},
     .reply = "the explanation",
     .example = "mgmt.vm.property.Help work netvm"},
    help,
    target("the VM"),
    argument("the property"),
};

}  // namespace
}  // namespace qubes::mgmt
