// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_changes.h"

namespace qubes::mgmt {
namespace {

Reply set(Context& context, const VmReference& vm, const VolumeName& volume, const Switch& value) {
  set_ephemeral(context, find_volume(context, vm, volume), value);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.volume.Set.ephemeral",
     .summary = "say whether a volatile volume is encrypted",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed,
                FaultKind::bad_value, FaultKind::not_implemented},
     .example = "mgmt.vm.volume.Set.ephemeral work volatile True"},
    set,
    target("the VM"),
    argument("the volume"),
    payload("the value"),
};

}  // namespace
}  // namespace qubes::mgmt
