// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& /*context*/) {
  Reply::Names names;
  for (const VmClass vm_class : kVmClasses) names.names.emplace_back(text(vm_class));
  return {names};
}

const Call call{
    {.name = "mgmt.vmclass.List",
     .summary = "list the classes of VMs",
     .scope = Scope::global,
     .access = Access::read,
     .dest = Dest::dom0,
     .reply = "CLASS, a line for each",
     .example = "mgmt.vmclass.List"},
    list,
};

}  // namespace
}  // namespace qubes::mgmt
