// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/globals.h"

namespace qubes::mgmt {
namespace {

Reply get(Context& context, const GlobalPropertyName& name) {
  const PropertyReading reading = read_global(context, find_global_property(name.text()));
  return {Reply::Setting{name.text(), reading.type, reading.is_default, reading.value}};
}

const Call call{
    {.name = "mgmt.property.Get",
     .summary = "print the value of a global property",
     .notes = "And whether it is the default.",
     .scope = Scope::global,
     .access = Access::read,
     .dest = Dest::dom0,
     .reply = "default={yes|no} VALUE",
     .shipped_reply = "default={True|False} type=TYPE VALUE",
     .example = "mgmt.property.Get default_netvm"},
    get,
    argument("the property"),
};

}  // namespace
}  // namespace qubes::mgmt
