// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/features.h"

namespace qubes::mgmt {
namespace {

Reply check(Context& context, const VmReference& vm, const FeatureName& name) {
  return Reply::scalar(read_feature(context, vm, name, FeatureLookup::with_template_and_adminvm));
}

const Call call{
    {.name = "mgmt.vm.feature.CheckWithTemplateAndAdminVM",
     .summary = "print a feature of a VM, else of its template or dom0",
     .notes = "Looks in the VM itself, then in its template, and so on upwards, then in dom0; the "
              "first that has it counts, even if it is empty.",
     .scope = Scope::local,
     .access = Access::read,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_feature},
     .reply = "the value",
     .example = "mgmt.vm.feature.CheckWithTemplateAndAdminVM work gui"},
    check,
    target("the VM"),
    argument("the feature"),
};

}  // namespace
}  // namespace qubes::mgmt
