// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/stop.h"

namespace qubes::mgmt {
namespace {

Reply pause(Context& context, const VmReference& vm) {
  pause_vm(context, vm);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.Pause",
     .summary = "stop a VM from running, until it is unpaused",
     .notes = "One that is paused already stays as it is.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .faults = {FaultKind::no_such_vm, FaultKind::not_running, FaultKind::vm_failed,
                FaultKind::pool_failed, FaultKind::failed},
     .example = "mgmt.vm.Pause work"},
    pause,
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
