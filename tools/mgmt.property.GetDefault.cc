// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/globals.h"

namespace qubes::mgmt {
namespace {

Reply get_default(Context& context, const GlobalPropertyName& name) {
  const GlobalProperty& property = find_global_property(name.text());
  return {Reply::Default{name.text(), property.type, default_of_global(context, property)}};
}

const Call call{
    {.name = "mgmt.property.GetDefault",
     .summary = "print what a global property is where it is not set",
     .scope = Scope::global,
     .access = Access::read,
     .dest = Dest::dom0,
     .reply = "type=TYPE VALUE",
     .example = "mgmt.property.GetDefault default_kernel"},
    get_default,
    argument("the property"),
};

}  // namespace
}  // namespace qubes::mgmt
