// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/pools.h"

namespace qubes::mgmt {
namespace {

Reply set(Context& context, const PoolName& name, const Switch& value) {
  set_pool_option(context, name, "ephemeral_volatile", value.is_on ? "True" : "False");
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.pool.Set.ephemeral_volatile",
     .summary = "say whether a pool encrypts its volatile volumes",
     .scope = Scope::global,
     .access = Access::write,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_pool, FaultKind::not_implemented},
     .example = "mgmt.pool.Set.ephemeral_volatile varlibqubes True"},
    set,
    argument("the pool"),
    payload("yes or no"),
};

}  // namespace
}  // namespace qubes::mgmt
