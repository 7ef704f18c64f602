// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_changes.h"

namespace qubes::mgmt {
namespace {

Reply import(Context& context, const VmReference& vm, const VolumeName& volume,
             const Stream& content) {
  import_volume(context, find_volume(context, vm, volume), content.descriptor, std::nullopt);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.volume.Import",
     .summary = "replace the content of a volume of a VM",
     .notes = "Exactly as many bytes as the volume has; what it held becomes a snapshot.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed,
                FaultKind::not_halted},
     .example = "mgmt.vm.volume.Import work private < private.img"},
    import,
    target("the VM"),
    argument("the volume"),
    payload_stream("the content"),
};

}  // namespace
}  // namespace qubes::mgmt
