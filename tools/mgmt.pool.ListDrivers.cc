// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.h"
#include "frame/call.h"
#include "ops/pools.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& /*context*/) {
  Reply::Names lines;
  for (const auto& [name, options] : driver_listing())
    lines.names.push_back(options.empty() ? name : concat(name, " ", join(options, " ")));
  return {lines};
}

const Call call{
    {.name = "mgmt.pool.ListDrivers",
     .summary = "list the drivers that pools can have, with their options",
     .scope = Scope::global,
     .access = Access::read,
     .dest = Dest::dom0,
     .reply = "DRIVER OPTION ..., a line for each",
     .example = "mgmt.pool.ListDrivers"},
    list,
};

}  // namespace
}  // namespace qubes::mgmt
