// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/pools.h"

namespace qubes::mgmt {
namespace {

Reply remove(Context& context, const PoolName& name) {
  remove_pool(context, name);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.pool.Remove",
     .summary = "forget a pool",
     .notes = "Nothing on disk is touched. A pool that holds volumes of ours stays, and so does "
              "one that is a default.",
     .scope = Scope::global,
     .access = Access::write,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_pool, FaultKind::pool_in_use},
     .example = "mgmt.pool.Remove fast"},
    remove,
    argument("the pool"),
};

}  // namespace
}  // namespace qubes::mgmt
