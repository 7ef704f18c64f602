// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_changes.h"

namespace qubes::mgmt {
namespace {

Reply resize(Context& context, const VmReference& vm, const VolumeName& volume,
             const ByteCount& size) {
  resize_volume(context, find_volume(context, vm, volume), size, Shrinking::allowed);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.volume.Resize",
     .summary = "make a volume of a VM larger or smaller",
     .notes = "A running VM sees growth at once. Only that of a halted one can shrink: what is cut "
              "off stays in a snapshot.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed,
                FaultKind::bad_value, FaultKind::not_halted},
     .example = "mgmt.vm.volume.Resize work private 4294967296"},
    resize,
    target("the VM"),
    argument("the volume"),
    payload("the new size"),
};

}  // namespace
}  // namespace qubes::mgmt
