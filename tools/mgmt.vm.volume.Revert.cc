// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_changes.h"

namespace qubes::mgmt {
namespace {

Reply revert(Context& context, const VmReference& vm, const VolumeName& volume,
             const SnapshotName& snapshot) {
  revert_volume(context, find_volume(context, vm, volume), snapshot);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.volume.Revert",
     .summary = "make a snapshot the content of a volume of a VM",
     .notes = "What the volume holds is kept as a snapshot first, so that this can be undone.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed,
                FaultKind::no_such_revision, FaultKind::not_halted},
     .example = "mgmt.vm.volume.Revert work private before-update"},
    revert,
    target("the VM"),
    argument("the volume"),
    payload("the snapshot"),
};

}  // namespace
}  // namespace qubes::mgmt
