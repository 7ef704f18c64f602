// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/firewall.h"

namespace qubes::mgmt {
namespace {

Reply reload(Context& context, const VmReference& vm) {
  reload_firewall(context, vm);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.firewall.Reload",
     .summary = "tell the netvm of a VM its firewall rules anew",
     .notes = "As when it looked up the names of hosts at a time when they had other addresses.",
     .scope = Scope::local,
     .access = Access::write,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm},
     .example = "mgmt.vm.firewall.Reload work"},
    reload,
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
