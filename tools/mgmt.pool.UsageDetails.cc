// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/pools.h"

namespace qubes::mgmt {
namespace {

Reply usage(Context& context, const PoolName& name) {
  return Reply::lines(pool_usage(context, find_pool(context, name)));
}

const Call call{
    {.name = "mgmt.pool.UsageDetails",
     .summary = "print what of a pool is used",
     .notes = "In bytes.",
     .scope = Scope::global,
     .access = Access::read,
     .needs = Needs::root,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_pool, FaultKind::pool_failed},
     .reply = "data_size=BYTES and data_usage=BYTES, a line for each",
     .example = "mgmt.pool.UsageDetails varlibqubes"},
    usage,
    argument("the pool"),
};

}  // namespace
}  // namespace qubes::mgmt
