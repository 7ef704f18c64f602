// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/stop.h"

namespace qubes::mgmt {
namespace {

Reply shut_down(Context& context, const VmReference& vm,
                const std::optional<ShutdownWords>& words) {
  shut_down_vm(context, vm, words.value_or(ShutdownWords{}));
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.Shutdown",
     .summary = "ask a VM to power off",
     .notes = "Returns when it was asked; with the word wait, when it has halted, or after its "
              "shutdown_timeout. With force, also a VM that is paused or that others depend on.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .faults = {FaultKind::no_such_vm, FaultKind::not_started, FaultKind::not_running,
                FaultKind::vm_in_use, FaultKind::vm_failed, FaultKind::shutdown_timeout,
                FaultKind::pool_failed, FaultKind::failed},
     .example = "mgmt.vm.Shutdown work wait"},
    shut_down,
    target("the VM"),
    optional_argument("how"),
};

}  // namespace
}  // namespace qubes::mgmt
