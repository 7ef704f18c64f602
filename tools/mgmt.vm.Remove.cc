// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "model/names.h"
#include "ops/remove.h"

namespace qubes::mgmt {
namespace {

Reply remove(Context& context, const VmReference& vm) {
  remove_vm(context, vm);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.Remove",
     .summary = "remove a halted VM with its volumes",
     .notes = "Refused while another VM, or a global property, names it: as template or netvm, "
              "for instance.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .faults = {FaultKind::no_such_vm, FaultKind::vm_in_use, FaultKind::not_halted,
                FaultKind::pool_failed, FaultKind::failed},
     .example = "mgmt.vm.Remove work"},
    remove,
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
