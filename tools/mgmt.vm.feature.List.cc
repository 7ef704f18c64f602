// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/features.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& context, const VmReference& vm) {
  return {Reply::Names{feature_names(context, vm)}};
}

const Call call{
    {.name = "mgmt.vm.feature.List",
     .summary = "list the features of a VM",
     .notes = "In the order in which they were first set.",
     .scope = Scope::local,
     .access = Access::read,
     .faults = {FaultKind::no_such_vm},
     .reply = "FEATURE, a line for each",
     .example = "mgmt.vm.feature.List work"},
    list,
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
