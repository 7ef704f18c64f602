// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/pools.h"

namespace qubes::mgmt {
namespace {

Reply add(Context& context, const PoolName& argument, const OptionLines& options) {
  add_pool(context, argument, options);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.pool.Add",
     .summary = "make a pool",
     .notes = "Folders that are missing are made. The argument is the name, with driver=DRIVER "
              "among the options; or the driver, with name=NAME among them. mgmt.pool.ListDrivers "
              "prints the drivers and their options.",
     .scope = Scope::global,
     .access = Access::execute,
     .needs = Needs::root,
     .dest = Dest::dom0,
     .faults = {FaultKind::failed, FaultKind::pool_in_use, FaultKind::pool_failed,
                FaultKind::not_implemented, FaultKind::bad_value},
     .example = "mgmt.pool.Add fast driver=file dir_path=/mnt/fast"},
    add,
    argument("what it is called, or its driver"),
    payload_lines("its options"),
};

}  // namespace
}  // namespace qubes::mgmt
