// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_changes.h"

namespace qubes::mgmt {
namespace {

Reply extend(Context& context, const VmReference& vm, const VolumeName& volume,
             const ByteCount& size) {
  return Reply::scalar(std::to_string(
      resize_volume(context, find_volume(context, vm, volume), size, Shrinking::refused)));
}

const Call call{
    {.name = "mgmt.vm.volume.Extend",
     .summary = "make a volume of a VM larger",
     .notes = "A running VM sees it at once.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed,
                FaultKind::bad_value},
     .is_shipped = false,
     .reply = "the new size in bytes",
     .example = "mgmt.vm.volume.Extend work private 4294967296"},
    extend,
    target("the VM"),
    argument("the volume"),
    payload("the new size"),
};

}  // namespace
}  // namespace qubes::mgmt
