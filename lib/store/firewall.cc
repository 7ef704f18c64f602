// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/firewall.h"

#include <algorithm>
#include <map>

namespace qubes::mgmt {
namespace {

std::vector<FirewallRow> with_positions(std::span<const FirewallRow> old_rows,
                                        std::span<const FirewallLine> lines,
                                        std::int64_t& last_id) {
  std::map<std::int64_t, std::int64_t> position_of;
  for (const FirewallRow& row : old_rows) position_of[row.id.number] = row.position;
  std::vector<std::optional<std::int64_t>> old_positions;
  for (const FirewallLine& line : lines) {
    const auto found = line.id ? position_of.find(line.id->number) : position_of.end();
    old_positions.push_back(found == position_of.end() ? std::nullopt
                                                       : std::optional{found->second});
    if (line.id) last_id = std::max(last_id, line.id->number);
  }
  const auto positions = firewall_positions(old_positions);
  std::vector<FirewallRow> rows;
  for (std::size_t i = 0; i < lines.size(); ++i)
    rows.push_back(
        {lines[i].id ? *lines[i].id : FirewallRuleId{++last_id}, positions[i], lines[i].rule});
  return rows;
}

/// Those of the first list that the second does not have as they are.
std::vector<FirewallRow> missing_in(std::span<const FirewallRow> rows,
                                    std::span<const FirewallRow> others) {
  std::map<std::int64_t, const FirewallRow*> by_id;
  for (const FirewallRow& other : others) by_id[other.id.number] = &other;
  std::vector<FirewallRow> missing;
  for (const FirewallRow& row : rows) {
    const auto found = by_id.find(row.id.number);
    if (found == by_id.end() || !(*found->second == row)) missing.push_back(row);
  }
  return missing;
}

}  // namespace

std::optional<std::vector<FirewallRow>> FirewallTable::of_vm(Qid vm) const {
  auto found = store_.query("SELECT 1 FROM firewall WHERE vm = ?", vm);
  if (!found.next()) return std::nullopt;
  std::vector<FirewallRow> rules;
  auto rows = store_.query(
      "SELECT id, position, rule, expire, comment FROM firewall_rule WHERE vm = ? "
      "ORDER BY position",
      vm);
  while (rows.next()) {
    FirewallRow row{{rows.number(0)}, rows.number(1), FirewallRule::parse(rows.text(2))};
    row.rule.expire = rows.optional_number(3);
    row.rule.comment = rows.text(4);
    rules.push_back(std::move(row));
  }
  return rules;
}

std::vector<FirewallRow> FirewallTable::put(Qid vm, std::span<const FirewallLine> lines) const {
  const auto old_rows = of_vm(vm).value_or(std::vector<FirewallRow>{});
  std::int64_t last = last_id(vm);
  auto rows = with_positions(old_rows, lines, last);
  store_.execute(
      "INSERT INTO firewall (vm, last_rule) VALUES (?, ?) "
      "ON CONFLICT (vm) DO UPDATE SET last_rule = excluded.last_rule",
      vm, last);
  // Before any is written, since two must never have one position.
  for (const FirewallRow& row : missing_in(old_rows, rows)) drop(vm, row);
  for (const FirewallRow& row : missing_in(rows, old_rows)) insert(vm, row);
  return rows;
}

std::int64_t FirewallTable::last_id(Qid vm) const {
  auto found = store_.query("SELECT last_rule FROM firewall WHERE vm = ?", vm);
  return found.next() ? found.number(0) : 0;
}

void FirewallTable::drop(Qid vm, const FirewallRow& row) const {
  store_.execute("DELETE FROM firewall_rule WHERE vm = ? AND id = ?", vm, row.id.number);
}

void FirewallTable::insert(Qid vm, const FirewallRow& row) const {
  store_.execute(
      "INSERT INTO firewall_rule (vm, id, position, rule, expire, comment) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      vm, row.id.number, row.position, row.rule.match_text(), row.rule.expire, row.rule.comment);
}

}  // namespace qubes::mgmt
