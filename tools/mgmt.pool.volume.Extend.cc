// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_changes.h"

namespace qubes::mgmt {
namespace {

Reply extend(Context& context, const PoolName& pool, const VolumeIdWith<ByteCount>& wanted) {
  return Reply::scalar(std::to_string(resize_volume(context, find_volume(context, pool, wanted.vid),
                                                    wanted.value, Shrinking::refused)));
}

const Call call{
    {.name = "mgmt.pool.volume.Extend",
     .summary = "make a volume of a pool larger",
     .notes = "As mgmt.vm.volume.Extend does.",
     .scope = Scope::global,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_pool, FaultKind::no_such_volume, FaultKind::pool_failed,
                FaultKind::bad_value},
     .is_shipped = false,
     .reply = "the new size in bytes",
     .example = "mgmt.pool.volume.Extend varlibqubes appvms/work/private 4294967296"},
    extend,
    pool_argument("the pool"),
    payload("the volume and its new size"),
};

}  // namespace
}  // namespace qubes::mgmt
