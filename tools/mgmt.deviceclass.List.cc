// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& /*context*/) {
  Reply::Names names;
  for (const std::string_view name : device_class_names()) names.names.emplace_back(name);
  return {names};
}

const Call call{
    {.name = "mgmt.deviceclass.List",
     .summary = "list the classes of devices",
     .scope = Scope::global,
     .access = Access::read,
     .dest = Dest::dom0,
     .reply = "CLASS, a line for each",
     .example = "mgmt.deviceclass.List"},
    list,
};

}  // namespace
}  // namespace qubes::mgmt
