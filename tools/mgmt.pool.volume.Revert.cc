// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_changes.h"

namespace qubes::mgmt {
namespace {

Reply revert(Context& context, const PoolName& pool, const VolumeIdWith<SnapshotName>& wanted) {
  revert_volume(context, find_volume(context, pool, wanted.vid), wanted.value);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.pool.volume.Revert",
     .summary = "make a snapshot the content of a volume of a pool",
     .notes = "As mgmt.vm.volume.Revert does.",
     .scope = Scope::global,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_pool, FaultKind::no_such_volume, FaultKind::pool_failed,
                FaultKind::no_such_revision, FaultKind::not_halted},
     .is_shipped = false,
     .example = "mgmt.pool.volume.Revert varlibqubes appvms/work/private 3"},
    revert,
    pool_argument("the pool"),
    payload("the volume and the snapshot"),
};

}  // namespace
}  // namespace qubes::mgmt
