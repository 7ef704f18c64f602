// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/stop.h"

namespace qubes::mgmt {
namespace {

Reply unpause(Context& context, const VmReference& vm) {
  unpause_vm(context, vm);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.Unpause",
     .summary = "let a paused VM run again",
     .notes = "Refused for a VM that is not paused.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .faults = {FaultKind::no_such_vm, FaultKind::not_paused, FaultKind::vm_failed,
                FaultKind::pool_failed, FaultKind::failed},
     .example = "mgmt.vm.Unpause work"},
    unpause,
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
