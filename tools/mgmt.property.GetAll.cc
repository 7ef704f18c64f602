// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/globals.h"

namespace qubes::mgmt {
namespace {

Reply get_all(Context& context) {
  Reply::Settings all;
  for (const GlobalProperty& property : global_properties()) {
    PropertyReading reading = read_global(context, property);
    all.settings.push_back(
        {std::string{property.name}, reading.type, reading.is_default, std::move(reading.value)});
  }
  return {all};
}

const Call call{
    {.name = "mgmt.property.GetAll",
     .summary = "print all global properties",
     .notes = "In values, a backslash is written as two, a newline as a backslash and an n.",
     .scope = Scope::global,
     .access = Access::read,
     .dest = Dest::dom0,
     .reply = "PROPERTY default={yes|no} VALUE, a line for each",
     .shipped_reply = "PROPERTY default={True|False} type=TYPE VALUE, a line for each",
     .example = "mgmt.property.GetAll"},
    get_all,
};

}  // namespace
}  // namespace qubes::mgmt
