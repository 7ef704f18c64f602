// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_changes.h"

namespace qubes::mgmt {
namespace {

Reply set(Context& context, const VmReference& vm, const VolumeName& volume,
          const RevisionCount& value) {
  set_revisions_to_keep(context, find_volume(context, vm, volume), value);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.volume.Set.revisions_to_keep",
     .summary = "say how many former contents a volume of a VM keeps",
     .notes = "-1: none, and no copy is made at start; to or from that only while the VM, and "
              "disposables based on it, are halted.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed,
                FaultKind::not_halted},
     .example = "mgmt.vm.volume.Set.revisions_to_keep work private 2"},
    set,
    target("the VM"),
    argument("the volume"),
    payload("the value"),
};

}  // namespace
}  // namespace qubes::mgmt
