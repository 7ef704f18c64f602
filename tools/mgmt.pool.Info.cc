// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/pools.h"

namespace qubes::mgmt {
namespace {

Reply info(Context& context, const PoolName& name) {
  return Reply::lines(pool_facts(context, find_pool(context, name)));
}

const Call call{
    {.name = "mgmt.pool.Info",
     .summary = "print the options of a pool and how full it is",
     .notes = "Sizes are in bytes. included_in is the pool in whose folder this one lies.",
     .scope = Scope::global,
     .access = Access::read,
     .needs = Needs::root,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_pool, FaultKind::pool_failed},
     .reply = "OPTION=VALUE, a line for each",
     .example = "mgmt.pool.Info varlibqubes"},
    info,
    argument("the pool"),
};

}  // namespace
}  // namespace qubes::mgmt
