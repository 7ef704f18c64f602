// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_clone.h"

namespace qubes::mgmt {
namespace {

Reply clone_to(Context& context, const VmReference& vm, const VolumeName& volume,
               const CloneToken& token) {
  clone_volume(context, find_volume(context, vm, volume), token);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.volume.CloneTo",
     .summary = "replace the content of a volume of a VM by a copy of another",
     .notes = "The size becomes that of the other; what the volume held becomes a snapshot. The "
              "token is used up.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed,
                FaultKind::no_such_token, FaultKind::not_halted},
     .example = "mgmt.vm.volume.CloneTo play private \"$TOKEN\""},
    clone_to,
    target("the VM"),
    argument("the volume"),
    payload("the token"),
};

}  // namespace
}  // namespace qubes::mgmt
