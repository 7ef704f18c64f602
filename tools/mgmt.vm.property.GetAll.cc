// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/properties.h"

namespace qubes::mgmt {
namespace {

Reply get_all(Context& context, const VmReference& vm) {
  Reply::Settings all;
  for (auto& [name, reading] : read_properties(context, vm))
    all.settings.push_back({std::string{name}, reading.type, reading.is_default, reading.value});
  return {all};
}

const Call call{
    {.name = "mgmt.vm.property.GetAll",
     .summary = "print all properties of a VM",
     .notes = "In values, a backslash is written as two, a newline as a backslash and an n.",
     .scope = Scope::local,
     .access = Access::read,
     .needs = Needs::xen,
     .faults = {FaultKind::no_such_vm},
     .reply = "PROPERTY default={yes|no} VALUE, a line for each",
     .shipped_reply = "PROPERTY default={True|False} type=TYPE VALUE, a line for each",
     .example = "mgmt.vm.property.GetAll work"},
    get_all,
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
