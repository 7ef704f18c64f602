// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "model/global_property.h"

namespace qubes::mgmt {
namespace {

Reply help(Context& /*context*/, const GlobalPropertyName& name) {
  return Reply::scalar(std::string{find_global_property(name.text()).help});
}

const Call call{
    {.name = "mgmt.property.Help",
     .summary = "explain a global property",
     .notes = "One paragraph of plain text.",
     .scope = Scope::global,
     .access = Access::read,
     .dest = Dest::dom0,
     .reply = "the explanation",
     .example = "mgmt.property.Help updatevm"},
    help,
    argument("the property"),
};

}  // namespace
}  // namespace qubes::mgmt
