// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/pools.h"

namespace qubes::mgmt {
namespace {

Reply set(Context& context, const PoolName& name, const RevisionCount& number) {
  set_pool_option(context, name, "revisions_to_keep", std::to_string(number.number));
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.pool.Set.revisions_to_keep",
     .summary = "say how many former contents new volumes of a pool keep",
     .notes = "-1: none, and no copy is made at start.",
     .scope = Scope::global,
     .access = Access::write,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_pool},
     .example = "mgmt.pool.Set.revisions_to_keep varlibqubes 2"},
    set,
    argument("the pool"),
    payload("how many"),
};

}  // namespace
}  // namespace qubes::mgmt
