// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/pools.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& context) { return {Reply::Names{pool_names(context)}}; }

const Call call{
    {.name = "mgmt.pool.List",
     .summary = "list the pools",
     .scope = Scope::global,
     .access = Access::read,
     .dest = Dest::dom0,
     .reply = "POOL, a line for each",
     .example = "mgmt.pool.List"},
    list,
};

}  // namespace
}  // namespace qubes::mgmt
