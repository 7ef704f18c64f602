// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/globals.h"

namespace qubes::mgmt {
namespace {

Reply reset(Context& context, const GlobalPropertyName& name) {
  reset_global(context, name);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.property.Reset",
     .summary = "let the default of a global property hold again",
     .notes = "Resetting what is not set is no fault.",
     .scope = Scope::global,
     .access = Access::write,
     .dest = Dest::dom0,
     .example = "mgmt.property.Reset default_netvm"},
    reset,
    argument("the property"),
};

}  // namespace
}  // namespace qubes::mgmt
