// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/stop.h"

namespace qubes::mgmt {
namespace {

Reply kill(Context& context, const VmReference& vm) {
  kill_vm(context, vm);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.Kill",
     .summary = "end a VM at once, without asking it",
     .notes = "Its volumes are stopped in order all the same: what it wrote to its private volume "
              "stays.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .faults = {FaultKind::no_such_vm, FaultKind::not_started, FaultKind::vm_failed,
                FaultKind::pool_failed, FaultKind::failed},
     .example = "mgmt.vm.Kill work"},
    kill,
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
