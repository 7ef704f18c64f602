// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_changes.h"

namespace qubes::mgmt {
namespace {

Reply snapshot(Context& context, const VmReference& vm, const VolumeName& volume,
               const std::optional<SnapshotName>& name) {
  return Reply::scalar(snapshot_volume(context, find_volume(context, vm, volume), name));
}

const Call call{
    {.name = "mgmt.vm.volume.Snapshot",
     .summary = "keep what a volume of a VM holds now",
     .notes = "Of a running VM it is what the disk holds at that moment, for which the VM is "
              "paused. With a name it is kept as long as the volume; without, it goes when it is "
              "the oldest of too many.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed,
                FaultKind::failed, FaultKind::bad_value},
     .is_shipped = false,
     .reply = "the id of the snapshot",
     .example = "mgmt.vm.volume.Snapshot work private before-update"},
    snapshot,
    target("the VM"),
    argument("the volume"),
    optional_payload("a name for it"),
};

}  // namespace
}  // namespace qubes::mgmt
