// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/vms.h"

namespace qubes::mgmt {
namespace {

Reply follow(Context& context, const std::optional<VmReference>& vm) {
  if (vm) find_vm(context, *vm);
  throw Fault{FaultKind::not_implemented, "events are kept, and cannot be followed yet"};
}

const Call call{
    {.name = "mgmt.Events",
     .summary = "print what happens, as it happens",
     .notes = "Refused in this version.",
     .scope = Scope::global,
     .access = Access::read,
     .faults = {FaultKind::no_such_vm, FaultKind::not_implemented},
     .example = "mgmt.Events"},
    follow,
    optional_target("the VM whose events alone are wanted"),
};

}  // namespace
}  // namespace qubes::mgmt
