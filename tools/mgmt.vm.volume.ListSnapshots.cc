// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "frame/snapshot_rows.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& context, const VmReference& vm, const VolumeName& name) {
  return snapshot_rows(snapshots_of(context, find_volume(context, vm, name)));
}

const Call call{
    {.name = "mgmt.vm.volume.ListSnapshots",
     .summary = "list the snapshots of a volume of a VM",
     .notes =
         "Oldest first. --json tells when the content of each was last written, and its names.",
     .scope = Scope::local,
     .access = Access::read,
     .needs = Needs::root,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed},
     .reply = "SNAPSHOT, a line for each",
     .example = "mgmt.vm.volume.ListSnapshots work private"},
    list,
    target("the VM"),
    argument("the volume"),
};

}  // namespace
}  // namespace qubes::mgmt
