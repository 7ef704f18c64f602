// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/pool_volumes.h"

namespace qubes::mgmt {
namespace {

Reply remove(Context& context, const PoolName& pool, const VolumeIdText& vid) {
  remove_pool_volume(context, pool, vid);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.pool.volume.Remove",
     .summary = "remove a volume that belongs to its pool alone",
     .notes = "With all its snapshots. One that a VM has must be detached first.",
     .scope = Scope::global,
     .access = Access::execute,
     .needs = Needs::root,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_pool, FaultKind::no_such_volume, FaultKind::pool_failed,
                FaultKind::vm_in_use},
     .is_shipped = false,
     .example = "mgmt.pool.volume.Remove varlibqubes volumes/archive"},
    remove,
    pool_argument("the pool"),
    payload("the volume"),
};

}  // namespace
}  // namespace qubes::mgmt
