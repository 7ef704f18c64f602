// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/list.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& context, const std::optional<VmReference>& target) {
  Reply::Rows rows;
  for (const auto& [vm, state] : visible_vms(context, target.value()))
    rows.rows.push_back({vm.name,
                         {{"class", std::string{text(vm.vm_class)}},
                          {"state", std::string{text(state)}},
                          {"uuid", vm.uuid.text(), Reply::Field::Shown::shipped}}});
  return {rows};
}

const Call call{
    {.name = "mgmt.vm.List",
     .summary = "list the VMs with their class and what they do",
     .notes = "Sent to dom0 it lists all VMs, dom0 first, then by name; sent to a VM, only that "
              "one. A caller other than dom0 sees the VMs that the policy lets it list one by one "
              "without asking anybody; ask hides a VM.",
     .scope = Scope::global,
     .access = Access::read,
     .needs = Needs::xen,
     .faults = {FaultKind::no_such_vm},
     .reply = "NAME class=CLASS state=STATE, a line for each",
     .shipped_reply = "NAME class=CLASS state=STATE uuid=UUID, a line for each",
     .example = "mgmt.vm.List"},
    list,
    optional_target("dom0 for all VMs, or the one to list"),
};

}  // namespace
}  // namespace qubes::mgmt
