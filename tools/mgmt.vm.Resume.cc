// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/suspend.h"

namespace qubes::mgmt {
namespace {

Reply resume(Context& context, const VmReference& vm) {
  resume_vm(context, vm);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.Resume",
     .summary = "wake a VM that was put to sleep",
     .notes = "One that is paused is unpaused.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .faults = {FaultKind::no_such_vm, FaultKind::not_paused, FaultKind::not_running,
                FaultKind::vm_failed, FaultKind::pool_failed, FaultKind::failed},
     .example = "mgmt.vm.Resume work"},
    resume,
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
