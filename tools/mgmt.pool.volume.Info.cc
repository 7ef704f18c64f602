// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_reads.h"

namespace qubes::mgmt {
namespace {

Reply info(Context& context, const PoolName& pool, const VolumeIdText& vid) {
  return Reply::lines(volume_facts(context, find_volume(context, pool, vid)));
}

const Call call{
    {.name = "mgmt.pool.volume.Info",
     .summary = "describe a volume of a pool",
     .notes = "As mgmt.vm.volume.Info does.",
     .scope = Scope::global,
     .access = Access::read,
     .needs = Needs::root,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_pool, FaultKind::no_such_volume, FaultKind::pool_failed},
     .is_shipped = false,
     .reply = "KEY=VALUE, a line for each of pool, vid, size, usage, rw, source, path, "
              "save_on_stop, snap_on_start, revisions_to_keep, ephemeral, is_outdated",
     .example = "mgmt.pool.volume.Info varlibqubes appvms/work/private"},
    info,
    pool_argument("the pool"),
    payload("the volume"),
};

}  // namespace
}  // namespace qubes::mgmt
