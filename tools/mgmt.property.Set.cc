// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/globals.h"

namespace qubes::mgmt {
namespace {

Reply set(Context& context, const GlobalPropertyName& name, const AnyValue& value) {
  set_global(context, name, value);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.property.Set",
     .summary = "set a global property",
     .notes = "mgmt.property.Help says what each accepts.",
     .scope = Scope::global,
     .access = Access::write,
     .dest = Dest::dom0,
     .faults = {FaultKind::bad_value, FaultKind::bad_property_value},
     .example = "mgmt.property.Set default_netvm sys-firewall"},
    set,
    argument("the property"),
    said_payload("the new value"),
};

}  // namespace
}  // namespace qubes::mgmt
