// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/start.h"

namespace qubes::mgmt {
namespace {

Reply start(Context& context, const VmReference& vm) {
  return {.content = Reply::Nothing{}, .warnings = start_vm(context, vm)};
}

const Call call{
    {.name = "mgmt.vm.Start",
     .summary = "start a VM",
     .notes = "Returns when the guest runs. One that runs or is paused stays as it is.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .faults = {FaultKind::no_such_vm, FaultKind::no_memory, FaultKind::pool_failed,
                FaultKind::not_halted, FaultKind::bad_property_value, FaultKind::failed,
                FaultKind::vm_failed},
     .example = "mgmt.vm.Start work"},
    start,
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
