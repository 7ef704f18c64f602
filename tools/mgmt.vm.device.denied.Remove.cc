// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/device_assignments.h"

namespace qubes::mgmt {
namespace {

Reply remove(Context& context, const VmReference& vm, const InterfaceCodesOrAll& codes) {
  allow_interfaces(context, vm, codes);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.device.denied.Remove",
     .summary = "let a VM have devices with these interfaces again",
     .scope = Scope::local,
     .access = Access::write,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm},
     .example = "mgmt.vm.device.denied.Remove work u03****"},
    remove,
    target("the VM"),
    said_payload("the codes of the interfaces, or all"),
};

}  // namespace
}  // namespace qubes::mgmt
