// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "frame/snapshot_rows.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& context, const PoolName& pool, const VolumeIdText& vid) {
  return snapshot_rows(snapshots_of(context, find_volume(context, pool, vid)));
}

const Call call{
    {.name = "mgmt.pool.volume.ListSnapshots",
     .summary = "list the snapshots of a volume of a pool",
     .notes =
         "Oldest first. --json tells when the content of each was last written, and its names.",
     .scope = Scope::global,
     .access = Access::read,
     .needs = Needs::root,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_pool, FaultKind::no_such_volume, FaultKind::pool_failed},
     .is_shipped = false,
     .reply = "SNAPSHOT, a line for each",
     .example = "mgmt.pool.volume.ListSnapshots varlibqubes appvms/work/private"},
    list,
    pool_argument("the pool"),
    payload("the volume"),
};

}  // namespace
}  // namespace qubes::mgmt
