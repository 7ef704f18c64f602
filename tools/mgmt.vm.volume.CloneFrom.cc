// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_clone.h"

namespace qubes::mgmt {
namespace {

Reply clone_from(Context& context, const VmReference& vm, const VolumeName& volume) {
  return Reply::scalar(give_clone_token(context, find_volume(context, vm, volume)));
}

const Call call{
    {.name = "mgmt.vm.volume.CloneFrom",
     .summary = "give the right to copy a volume of a VM",
     .notes = "Once, within an hour, to whoever gives the token to mgmt.vm.volume.CloneTo.",
     .scope = Scope::local,
     .access = Access::write,
     .needs = Needs::root,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed},
     .reply = "a token",
     .example = "mgmt.vm.volume.CloneFrom work private"},
    clone_from,
    target("the VM"),
    argument("the volume"),
};

}  // namespace
}  // namespace qubes::mgmt
