// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/firewall.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/fault.h"
#include "base/text.h"
#include "ops/vms.h"

namespace qubes::mgmt {
namespace {

Vm find_filtered(const Context& context, const VmReference& reference) {
  Vm vm = find_vm(context, reference);
  if (vm.qid == kDom0)
    throw Fault{FaultKind::malformed, "dom0 has no network and no firewall: name another VM"};
  return vm;
}

std::vector<FirewallRow> rules_in_force(const Context& context, const Vm& vm) {
  constexpr std::int64_t kMicroseconds = 1'000'000;
  auto rows = FirewallTable{context.store}.of_vm(vm.qid);
  if (!rows) return {{{1}, 0, {.action = FirewallRule::Action::accept}}};
  const std::int64_t now = now_in_store() / kMicroseconds;
  std::erase_if(*rows,
                [&](const FirewallRow& row) { return row.rule.expire && *row.rule.expire <= now; });
  return *rows;
}

std::vector<FirewallLine> lines_of(const std::vector<FirewallRow>& rows) {
  std::vector<FirewallLine> lines;
  for (const FirewallRow& row : rows) lines.push_back({row.id, row.rule});
  return lines;
}

Fault no_such_rule(const Vm& vm, FirewallRuleId id) {
  return {FaultKind::bad_value, concat("'", vm.name, "' has no firewall rule ", id.text(),
                                       ": expected one that mgmt.vm.firewall.Get prints")};
}

std::size_t index_of(const Vm& vm, const std::vector<FirewallRow>& rows, FirewallRuleId id) {
  const auto found = std::ranges::find(rows, id, &FirewallRow::id);
  if (found == rows.end()) throw no_such_rule(vm, id);
  return static_cast<std::size_t>(found - rows.begin());
}

/// `end` is the first position that is too far.
std::size_t index_of(const Vm& vm, const std::vector<FirewallRow>& rows, const FirewallPlace& place,
                     std::size_t end) {
  if (const auto* id = std::get_if<FirewallRuleId>(&place.place)) return index_of(vm, rows, *id);
  const std::size_t position = std::get<std::size_t>(place.place);
  if (position >= end)
    throw Fault{FaultKind::bad_value, concat("'", vm.name, "' has ", rows.size(),
                                             " firewall rules: there is no position ", position,
                                             end == 0 ? "" : concat(", expected 0 to ", end - 1))};
  return position;
}

/// Gives the lines without an id that of the first rule which reads the same and which no other
/// line has.
std::vector<FirewallLine> recognised(const Vm& vm, const std::vector<FirewallRow>& rows,
                                     std::vector<FirewallLine> lines) {
  std::set<std::int64_t> taken;
  for (const FirewallLine& line : lines) {
    if (!line.id) continue;
    index_of(vm, rows, *line.id);
    if (!taken.insert(line.id->number).second)
      throw Fault{FaultKind::bad_value, concat("the firewall rule ", line.id->text(),
                                               " is given twice; once is accepted")};
  }
  std::map<std::string, std::vector<FirewallRuleId>> free;
  for (auto row = rows.rbegin(); row != rows.rend(); ++row)
    if (!taken.contains(row->id.number)) free[row->rule.text()].push_back(row->id);
  for (FirewallLine& line : lines) {
    if (line.id) continue;
    const auto same = free.find(line.rule.text());
    if (same == free.end() || same->second.empty()) continue;
    line.id = same->second.back();
    same->second.pop_back();
  }
  return lines;
}

std::vector<FirewallRow> put(Context& context, const Vm& vm, std::span<const FirewallLine> lines) {
  context.change().event(vm.name, "firewall-changed");
  const FirewallTable table{context.store};
  // Whoever looked at a VM without rules of its own has seen an r1, which stays that one.
  if (!table.of_vm(vm.qid)) table.put(vm.qid, lines_of(rules_in_force(context, vm)));
  return table.put(vm.qid, lines);
}

}  // namespace

std::vector<FirewallRow> firewall_rules(const Context& context, const VmReference& reference) {
  return rules_in_force(context, find_filtered(context, reference));
}

FirewallRow firewall_rule(const Context& context, const VmReference& reference,
                          const FirewallPlace& place) {
  const Vm vm = find_filtered(context, reference);
  const auto rows = rules_in_force(context, vm);
  return rows.at(index_of(vm, rows, place, rows.size()));
}

void set_firewall(Context& context, const VmReference& reference, const FirewallLines& lines) {
  const Vm vm = find_filtered(context, reference);
  put(context, vm, recognised(vm, rules_in_force(context, vm), lines.lines));
}

FirewallRuleId insert_firewall_rule(Context& context, const VmReference& reference,
                                    const std::optional<FirewallPlace>& place,
                                    const FirewallRule& rule) {
  const Vm vm = find_filtered(context, reference);
  const auto rows = rules_in_force(context, vm);
  if (rows.size() >= FirewallLines::kMost)
    throw Fault{FaultKind::bad_value, concat("'", vm.name, "' has ", rows.size(),
                                             " firewall rules: it can have no more")};
  const std::size_t at = place ? index_of(vm, rows, *place, rows.size() + 1) : rows.size();
  auto lines = lines_of(rows);
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), {std::nullopt, rule});
  return put(context, vm, lines).at(at).id;
}

void remove_firewall_rule(Context& context, const VmReference& reference, FirewallRuleId id) {
  const Vm vm = find_filtered(context, reference);
  const auto rows = rules_in_force(context, vm);
  auto lines = lines_of(rows);
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(index_of(vm, rows, id)));
  put(context, vm, lines);
}

void flush_firewall(Context& context, const VmReference& reference) {
  put(context, find_filtered(context, reference), {});
}

void reload_firewall(Context& context, const VmReference& reference) {
  context.change().event(find_filtered(context, reference).name, "firewall-changed");
}

}  // namespace qubes::mgmt
