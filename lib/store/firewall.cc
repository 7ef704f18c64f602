// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/firewall.h"

namespace qubes::mgmt {
namespace {

// So far apart that many rules can be put between two without moving one.
constexpr std::int64_t kStep = 1 << 20;

}  // namespace

std::optional<std::vector<FirewallRule>> FirewallTable::of_vm(Qid vm) const {
  auto found = store_.query("SELECT 1 FROM firewall WHERE vm = ?", vm);
  if (!found.next()) return std::nullopt;
  std::vector<FirewallRule> rules;
  auto rows = store_.query(
      "SELECT rule, expire, comment FROM firewall_rule WHERE vm = ? ORDER BY position", vm);
  while (rows.next()) {
    FirewallRule rule = FirewallRule::parse(rows.text(0));
    rule.expire = rows.optional_number(1);
    rule.comment = rows.text(2);
    rules.push_back(std::move(rule));
  }
  return rules;
}

void FirewallTable::add(Qid vm, std::span<const FirewallRule> rules) const {
  store_.execute("INSERT INTO firewall (vm, last_rule) VALUES (?, ?)", vm, rules.size());
  std::int64_t id = 0;
  for (const FirewallRule& rule : rules) {
    ++id;
    store_.execute(
        "INSERT INTO firewall_rule (vm, id, position, rule, expire, comment) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        vm, id, id * kStep, rule.match_text(), rule.expire, rule.comment);
  }
}

}  // namespace qubes::mgmt
