// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/pool_volumes.h"

namespace qubes::mgmt {
namespace {

Reply attach(Context& context, const VmReference& vm, const PoolName& pool,
             const VolumeIdText& vid) {
  attach_volume(context, vm, pool, vid);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.volume.Attach",
     .summary = "lend a volume of a pool to a VM",
     .notes = "As the first of the disks xvde to xvdz that is free: at once where the VM runs, and "
              "at each start. Only a volume that no VM has, made by mgmt.pool.volume.Create.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_pool, FaultKind::no_such_volume,
                FaultKind::pool_failed, FaultKind::vm_in_use, FaultKind::not_running,
                FaultKind::bad_value, FaultKind::failed},
     .is_shipped = false,
     .example = "mgmt.vm.volume.Attach work varlibqubes volumes/archive"},
    attach,
    target("the VM"),
    pool_argument("the pool"),
    payload("the volume"),
};

}  // namespace
}  // namespace qubes::mgmt
