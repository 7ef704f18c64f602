// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/features.h"

namespace qubes::mgmt {
namespace {

Reply remove(Context& context, const VmReference& vm, const FeatureName& name) {
  remove_feature(context, vm, name);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.feature.Remove",
     .summary = "remove a feature from a VM",
     .scope = Scope::local,
     .access = Access::write,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_feature},
     .example = "mgmt.vm.feature.Remove work gui"},
    remove,
    target("the VM"),
    argument("the feature"),
};

}  // namespace
}  // namespace qubes::mgmt
