// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/properties.h"

namespace qubes::mgmt {
namespace {

Reply get_default(Context& context, const VmReference& vm, const PropertyName& name) {
  const PropertyDefault found = default_of_property(context, vm, name);
  return {Reply::Default{name.text(), found.type, found.value}};
}

const Call call{
    {.name = "mgmt.vm.property.GetDefault",
     .summary = "print what a property is where it is not set",
     .notes = "Nothing for a property that has no default.",
     .scope = Scope::local,
     .access = Access::read,
     .faults = {FaultKind::no_such_vm},
     .reply = "type=TYPE VALUE",
     .example = "mgmt.vm.property.GetDefault work memory",
     .asks_xen = shows_state},
    get_default,
    target("the VM"),
    argument("the property"),
};

}  // namespace
}  // namespace qubes::mgmt
