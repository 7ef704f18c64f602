// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/firewall.h"

namespace qubes::mgmt {
namespace {

Reply set(Context& context, const VmReference& vm, const FirewallLines& lines) {
  set_firewall(context, vm, lines);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.firewall.Set",
     .summary = "replace the firewall rules of a VM",
     .notes = "All of them or none. What Get prints can be changed and given back: a line that "
              "begins with the id of a rule keeps it, and so does one that reads as a rule did.",
     .scope = Scope::local,
     .access = Access::write,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::bad_value},
     .example = "mgmt.vm.firewall.Set work action=accept dsthost=www.qubes-os.org"},
    set,
    target("the VM"),
    payload("the rules", FirewallLines::kLongest),
};

}  // namespace
}  // namespace qubes::mgmt
