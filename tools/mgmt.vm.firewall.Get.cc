// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/fault.h"
#include "frame/call.h"
#include "ops/firewall.h"

namespace qubes::mgmt {
namespace {

Reply get(Context& context, const VmReference& vm, const std::optional<FirewallPlace>& place) {
  if (place && context.origin.is_shipped())
    throw Fault{FaultKind::malformed, "this call takes no argument by its admin name"};
  Reply::Rows rows{.are_names_shipped = false};
  for (const FirewallRow& row :
       place ? std::vector{firewall_rule(context, vm, *place)} : firewall_rules(context, vm)) {
    rows.rows.push_back({row.id.text(), {}});
    for (const FirewallOption& option : row.rule.options())
      rows.rows.back().fields.push_back({option.key, option.value});
  }
  return {std::move(rows)};
}

const Call call{
    {.name = "mgmt.vm.firewall.Get",
     .summary = "print the firewall rules of a VM",
     .notes = "The first rule that fits decides; where none does, nothing is let through. Rules "
              "that have expired are not shown. A VM without rules of its own lets everything "
              "through.",
     .scope = Scope::local,
     .access = Access::read,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::bad_value},
     .reply = "r<number> RULE, a line for each",
     .shipped_reply = "RULE, a line for each",
     .example = "mgmt.vm.firewall.Get work"},
    get,
    target("the VM"),
    optional_argument("which rule alone"),
};

}  // namespace
}  // namespace qubes::mgmt
