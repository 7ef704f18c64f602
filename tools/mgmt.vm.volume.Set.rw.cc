// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_changes.h"

namespace qubes::mgmt {
namespace {

Reply set(Context& context, const VmReference& vm, const VolumeName& volume, const Switch& value) {
  set_writable(context, find_volume(context, vm, volume), value);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.volume.Set.rw",
     .summary = "say whether a VM may write to a volume of its",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed,
                FaultKind::not_halted, FaultKind::bad_value},
     .example = "mgmt.vm.volume.Set.rw work private False"},
    set,
    target("the VM"),
    argument("the volume"),
    payload("the value"),
};

}  // namespace
}  // namespace qubes::mgmt
