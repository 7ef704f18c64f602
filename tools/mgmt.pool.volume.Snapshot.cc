// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_changes.h"

namespace qubes::mgmt {
namespace {

Reply snapshot(Context& context, const PoolName& pool, const VolumeIdText& vid) {
  return Reply::scalar(snapshot_volume(context, find_volume(context, pool, vid), std::nullopt));
}

const Call call{
    {.name = "mgmt.pool.volume.Snapshot",
     .summary = "keep what a volume of a pool holds now",
     .notes = "As mgmt.vm.volume.Snapshot does, without a name.",
     .scope = Scope::global,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_pool, FaultKind::no_such_volume, FaultKind::pool_failed},
     .is_shipped = false,
     .reply = "the id of the snapshot",
     .example = "mgmt.pool.volume.Snapshot varlibqubes appvms/work/private"},
    snapshot,
    pool_argument("the pool"),
    payload("the volume"),
};

}  // namespace
}  // namespace qubes::mgmt
