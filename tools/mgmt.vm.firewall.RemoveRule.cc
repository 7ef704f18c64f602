// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/firewall.h"

namespace qubes::mgmt {
namespace {

Reply remove_rule(Context& context, const VmReference& vm, const FirewallRuleId& rule) {
  remove_firewall_rule(context, vm, rule);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.firewall.RemoveRule",
     .summary = "take a firewall rule away from a VM",
     .notes = "By its id alone, since its position may have become that of another.",
     .scope = Scope::local,
     .access = Access::write,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::bad_value},
     .is_shipped = false,
     .example = "mgmt.vm.firewall.RemoveRule work r2"},
    remove_rule,
    target("the VM"),
    argument("the rule"),
};

}  // namespace
}  // namespace qubes::mgmt
