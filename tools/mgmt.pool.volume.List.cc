// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_reads.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& context, const PoolName& pool) {
  return {Reply::Names{volume_ids(context, pool)}};
}

const Call call{
    {.name = "mgmt.pool.volume.List",
     .summary = "list the volumes of a pool",
     .scope = Scope::global,
     .access = Access::read,
     .needs = Needs::root,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_pool, FaultKind::pool_failed},
     .reply = "VOLUME, a line for each",
     .example = "mgmt.pool.volume.List varlibqubes"},
    list,
    argument("the pool"),
};

}  // namespace
}  // namespace qubes::mgmt
