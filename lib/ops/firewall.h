// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "model/firewall_list.h"
#include "model/names.h"
#include "ops/context.h"
#include "store/firewall.h"

namespace qubes::mgmt {

/// The rules of a VM that have not expired, in their order. One without rules of its own has
/// `r1 action=accept`. Throws no_such_vm, and malformed for dom0, as all of these do.
std::vector<FirewallRow> firewall_rules(const Context& context, const VmReference& reference);

/// The one of them at a place. Throws bad_value where there is none.
FirewallRow firewall_rule(const Context& context, const VmReference& reference,
                          const FirewallPlace& place);

/// Each of these changes the list as one, drops what has expired, and tells firewall-changed.

/// Replaces it. A line that names a rule keeps its id, and so does one that a rule had word for
/// word before. Throws bad_value for the id of no rule.
void set_firewall(Context& context, const VmReference& reference, const FirewallLines& lines);

/// Puts a rule before the place, or at the end, and answers what it is called. Throws bad_value
/// where there is no such place, and for one rule too many.
FirewallRuleId insert_firewall_rule(Context& context, const VmReference& reference,
                                    const std::optional<FirewallPlace>& place,
                                    const FirewallRule& rule);

/// Throws bad_value where there is no such rule.
void remove_firewall_rule(Context& context, const VmReference& reference, FirewallRuleId id);

/// Takes all rules away, so that nothing is let through.
void flush_firewall(Context& context, const VmReference& reference);

/// Tells the netvm the rules anew.
void reload_firewall(Context& context, const VmReference& reference);

}  // namespace qubes::mgmt
