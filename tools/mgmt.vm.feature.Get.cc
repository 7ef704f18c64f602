// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/features.h"

namespace qubes::mgmt {
namespace {

Reply get(Context& context, const VmReference& vm, const FeatureName& name) {
  return Reply::scalar(read_feature(context, vm, name, FeatureLookup::own));
}

const Call call{
    {.name = "mgmt.vm.feature.Get",
     .summary = "print the value of a feature",
     .notes =
         "A feature that is not there and one that is empty are two things: the first is refused.",
     .scope = Scope::local,
     .access = Access::read,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_feature},
     .reply = "the value",
     .example = "mgmt.vm.feature.Get work gui"},
    get,
    target("the VM"),
    argument("the feature"),
};

}  // namespace
}  // namespace qubes::mgmt
