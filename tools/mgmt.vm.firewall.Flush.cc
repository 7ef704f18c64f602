// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/firewall.h"

namespace qubes::mgmt {
namespace {

Reply flush(Context& context, const VmReference& vm) {
  flush_firewall(context, vm);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.firewall.Flush",
     .summary = "take all firewall rules away from a VM",
     .notes = "Then nothing is let through. What lets everything through is the one rule "
              "action=accept, by Set.",
     .scope = Scope::local,
     .access = Access::write,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm},
     .is_shipped = false,
     .example = "mgmt.vm.firewall.Flush work"},
    flush,
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
