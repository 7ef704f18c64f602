// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/tags.h"

namespace qubes::mgmt {
namespace {

Reply remove(Context& context, const VmReference& vm, const Tag& tag) {
  remove_tag(context, vm, tag);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.tag.Remove",
     .summary = "take a tag from a VM",
     .notes = "Tags created-by-VM, managed-by-VM and backup-ID are dom0's to remove.",
     .scope = Scope::local,
     .access = Access::write,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_tag},
     .example = "mgmt.vm.tag.Remove work managed-by-sys-admin"},
    remove,
    target("the VM"),
    argument("the tag"),
};

}  // namespace
}  // namespace qubes::mgmt
