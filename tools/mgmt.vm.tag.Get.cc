// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/tags.h"

namespace qubes::mgmt {
namespace {

Reply get(Context& context, const VmReference& vm, const Tag& tag) {
  return {Reply::Truth{has_tag(context, vm, tag)}};
}

const Call call{
    {.name = "mgmt.vm.tag.Get",
     .summary = "say whether a VM has a tag",
     .scope = Scope::local,
     .access = Access::read,
     .faults = {FaultKind::no_such_vm},
     .reply = "1 or 0",
     .example = "mgmt.vm.tag.Get work created-by-dom0",
     .answers_truth = true},
    get,
    target("the VM"),
    argument("the tag"),
};

}  // namespace
}  // namespace qubes::mgmt
