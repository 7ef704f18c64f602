// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/pool_volumes.h"

namespace qubes::mgmt {
namespace {

Reply create(Context& context, const PoolName& pool, const NewPoolVolume& wanted) {
  return Reply::scalar(create_pool_volume(context, pool, wanted));
}

const Call call{
    {.name = "mgmt.pool.volume.Create",
     .summary = "make a volume that belongs to its pool alone",
     .notes = "It can be lent to a VM by mgmt.vm.volume.Attach.",
     .scope = Scope::global,
     .access = Access::execute,
     .needs = Needs::root,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_pool, FaultKind::pool_failed, FaultKind::bad_value},
     .is_shipped = false,
     .reply = "the id of the volume",
     .example = "mgmt.pool.volume.Create varlibqubes name=archive size=1073741824"},
    create,
    argument("the pool"),
    payload("what it is called, and its size in bytes"),
};

}  // namespace
}  // namespace qubes::mgmt
