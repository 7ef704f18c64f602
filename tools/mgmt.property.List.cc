// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "model/global_property.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& /*context*/) {
  Reply::Names names;
  for (const GlobalProperty& property : global_properties())
    names.names.emplace_back(property.name);
  return {names};
}

const Call call{
    {.name = "mgmt.property.List",
     .summary = "list the global properties",
     .scope = Scope::global,
     .access = Access::read,
     .dest = Dest::dom0,
     .reply = "PROPERTY, a line for each",
     .example = "mgmt.property.List"},
    list,
};

}  // namespace
}  // namespace qubes::mgmt
