// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/pool_volumes.h"

namespace qubes::mgmt {
namespace {

Reply detach(Context& context, const VmReference& vm, const VolumeName& volume) {
  detach_volume(context, vm, volume);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.volume.Detach",
     .summary = "give a volume that was lent to a VM back to its pool",
     .notes = "What the VM has written stays in it. A guest that runs should have unmounted it: it "
              "loses the disk after ten seconds, whether it lets go of it or not.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed,
                FaultKind::bad_value, FaultKind::failed},
     .is_shipped = false,
     .example = "mgmt.vm.volume.Detach work archive"},
    detach,
    target("the VM"),
    argument("the volume"),
};

}  // namespace
}  // namespace qubes::mgmt
