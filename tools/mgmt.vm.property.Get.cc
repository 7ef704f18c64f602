// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/properties.h"

namespace qubes::mgmt {
namespace {

Reply get(Context& context, const VmReference& vm, const PropertyName& name) {
  const PropertyReading reading = read_property(context, vm, name);
  return {Reply::Setting{name.text(), reading.type, reading.is_default, reading.value}};
}

const Call call{
    {.name = "mgmt.vm.property.Get",
     .summary = "print the value of a property, and whether it is the default",
     .notes = "The value is everything after the last field; it may hold blanks and newlines.",
     .scope = Scope::local,
     .access = Access::read,
     .faults = {FaultKind::no_such_vm},
     .reply = "default={yes|no} VALUE",
     .shipped_reply = "default={True|False} type=TYPE VALUE",
     .example = "mgmt.vm.property.Get work memory",
     .asks_xen = shows_state},
    get,
    target("the VM"),
    argument("the property"),
};

}  // namespace
}  // namespace qubes::mgmt
