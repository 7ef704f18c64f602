// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/firewall.h"

namespace qubes::mgmt {
namespace {

Reply insert(Context& context, const VmReference& vm, const std::optional<FirewallPlace>& place,
             const FirewallRule& rule) {
  return Reply::scalar(insert_firewall_rule(context, vm, place, rule).text());
}

const Call call{
    {.name = "mgmt.vm.firewall.InsertRule",
     .summary = "add a firewall rule to a VM",
     .notes = "Before a rule that is named by its id, or at a position; without either, at the "
              "end. No other rule changes its id. A VM without rules of its own has "
              "action=accept, before which most rules are meant to stand.",
     .scope = Scope::local,
     .access = Access::write,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::bad_value},
     .is_shipped = false,
     .reply = "the id of the rule",
     .example = "mgmt.vm.firewall.InsertRule work 0 action=drop proto=icmp"},
    insert,
    target("the VM"),
    optional_argument("before which rule"),
    payload("the rule"),
};

}  // namespace
}  // namespace qubes::mgmt
