// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/device_assignments.h"

namespace qubes::mgmt {
namespace {

Reply add(Context& context, const VmReference& vm, const InterfaceCodes& codes) {
  deny_interfaces(context, vm, codes);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.device.denied.Add",
     .summary = "keep a VM from devices with these interfaces",
     .notes = "From then on no such device is attached to it. One that it has "
              "stays.",
     .scope = Scope::local,
     .access = Access::write,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm},
     .example = "mgmt.vm.device.denied.Add work u03****"},
    add,
    target("the VM"),
    said_payload("the codes of the interfaces"),
};

}  // namespace
}  // namespace qubes::mgmt
