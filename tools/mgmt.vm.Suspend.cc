// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/suspend.h"

namespace qubes::mgmt {
namespace {

Reply suspend(Context& context, const VmReference& vm) {
  suspend_vm(context, vm);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.Suspend",
     .summary = "put a VM to sleep",
     .notes = "One that has PCI devices suspends itself, as a laptop does; any other is paused.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .faults = {FaultKind::no_such_vm, FaultKind::not_running, FaultKind::vm_failed,
                FaultKind::pool_failed, FaultKind::failed},
     .example = "mgmt.vm.Suspend work"},
    suspend,
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
