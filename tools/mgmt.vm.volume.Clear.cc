// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_changes.h"

namespace qubes::mgmt {
namespace {

Reply clear(Context& context, const VmReference& vm, const VolumeName& volume) {
  clear_volume(context, find_volume(context, vm, volume));
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.volume.Clear",
     .summary = "empty a volume of a VM",
     .notes = "What it held becomes a snapshot.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed,
                FaultKind::not_halted},
     .example = "mgmt.vm.volume.Clear work private"},
    clear,
    target("the VM"),
    argument("the volume"),
};

}  // namespace
}  // namespace qubes::mgmt
