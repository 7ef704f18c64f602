// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/tags.h"

namespace qubes::mgmt {
namespace {

Reply set(Context& context, const VmReference& vm, const Tag& tag) {
  set_tag(context, vm, tag);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.tag.Set",
     .summary = "give a VM a tag",
     .notes = "A tag that is there already is no fault. Tags that give power over a VM, "
              "created-by-VM, managed-by-VM and backup-ID, are dom0's to set and to remove; the VM "
              "that such a tag names has to exist.",
     .scope = Scope::local,
     .access = Access::write,
     .faults = {FaultKind::no_such_vm, FaultKind::bad_value},
     .example = "mgmt.vm.tag.Set work managed-by-sys-admin"},
    set,
    target("the VM"),
    argument("the tag"),
};

}  // namespace
}  // namespace qubes::mgmt
