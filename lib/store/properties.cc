// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/properties.h"

namespace qubes::mgmt {
namespace {

std::optional<std::string> first_text(sqlite::Rows rows) {
  if (!rows.next()) return std::nullopt;
  return rows.text(0);
}

std::optional<StoredReference> first_reference(sqlite::Rows rows) {
  if (!rows.next()) return std::nullopt;
  return StoredReference{rows.optional_number(0)};
}

std::map<std::string, std::string, std::less<>> by_name(sqlite::Rows rows) {
  std::map<std::string, std::string, std::less<>> values;
  while (rows.next()) values.emplace(rows.text(0), rows.text(1));
  return values;
}

}  // namespace

std::optional<std::string> PropertyTable::value(Qid vm, std::string_view name) const {
  return first_text(
      store_.query("SELECT value FROM vm_property WHERE vm = ? AND name = ?", vm, name));
}

std::optional<StoredReference> PropertyTable::reference(Qid vm, std::string_view name) const {
  return first_reference(
      store_.query("SELECT target FROM vm_reference WHERE vm = ? AND name = ?", vm, name));
}

std::set<std::string> PropertyTable::values(std::string_view name) const {
  std::set<std::string> values;
  auto rows = store_.query("SELECT value FROM vm_property WHERE name = ?", name);
  while (rows.next()) values.insert(rows.text(0));
  return values;
}

// The row is changed in place rather than replaced, so that history shows one column.
void PropertyTable::set_value(Qid vm, std::string_view name, std::string_view value) const {
  store_.execute(
      "INSERT INTO vm_property (vm, name, value) VALUES (?, ?, ?) "
      "ON CONFLICT (vm, name) DO UPDATE SET value = excluded.value",
      vm, name, value);
}

void PropertyTable::set_reference(Qid vm, std::string_view name, std::optional<Qid> target) const {
  store_.execute(
      "INSERT INTO vm_reference (vm, name, target) VALUES (?, ?, ?) "
      "ON CONFLICT (vm, name) DO UPDATE SET target = excluded.target",
      vm, name, target);
}

void PropertyTable::clear(Qid vm, std::string_view name) const {
  store_.execute("DELETE FROM vm_property WHERE vm = ? AND name = ?", vm, name);
  store_.execute("DELETE FROM vm_reference WHERE vm = ? AND name = ?", vm, name);
}

std::optional<std::string> PropertyTable::global_value(std::string_view name) const {
  return first_text(store_.query("SELECT value FROM global_property WHERE name = ?", name));
}

std::optional<StoredReference> PropertyTable::global_reference(std::string_view name) const {
  return first_reference(store_.query("SELECT target FROM global_reference WHERE name = ?", name));
}

void PropertyTable::set_global_value(std::string_view name, std::string_view value) const {
  store_.execute(
      "INSERT INTO global_property (name, value) VALUES (?, ?) "
      "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      name, value);
}

void PropertyTable::set_global_reference(std::string_view name, std::optional<Qid> target) const {
  store_.execute(
      "INSERT INTO global_reference (name, target) VALUES (?, ?) "
      "ON CONFLICT (name) DO UPDATE SET target = excluded.target",
      name, target);
}

void PropertyTable::clear_global(std::string_view name) const {
  store_.execute("DELETE FROM global_property WHERE name = ?", name);
  store_.execute("DELETE FROM global_reference WHERE name = ?", name);
}

std::map<std::string, std::string, std::less<>> PropertyTable::all_of(Qid vm) const {
  return by_name(
      store_.query("SELECT name, value FROM vm_property WHERE vm = ?1 UNION ALL "
                   "SELECT vm_reference.name, coalesce(vm.name, '') FROM vm_reference "
                   "LEFT JOIN vm ON vm.qid = target WHERE vm_reference.vm = ?1",
                   vm));
}

std::map<std::string, std::string, std::less<>> PropertyTable::all_global() const {
  return by_name(
      store_.query("SELECT name, value FROM global_property UNION ALL "
                   "SELECT global_reference.name, coalesce(vm.name, '') FROM global_reference "
                   "LEFT JOIN vm ON vm.qid = target"));
}

std::vector<ReferenceUse> PropertyTable::uses(Qid target) const {
  std::vector<ReferenceUse> uses;
  auto rows = store_.query(
      "SELECT vm.name, vm_reference.name FROM vm_reference JOIN vm ON vm.qid = vm_reference.vm "
      "WHERE vm_reference.target = ?1 AND vm_reference.vm <> ?1 "
      "UNION ALL SELECT name, 'template' FROM vm WHERE template = ?1 "
      "UNION ALL SELECT vm.name, 'backend of ' || vm_device.class || ' device ' || port FROM "
      "vm_device "
      "JOIN vm ON vm.qid = vm_device.vm WHERE backend = ?1 AND vm_device.vm <> ?1 "
      "UNION ALL SELECT '', name FROM global_reference WHERE target = ?1 ORDER BY 1, 2",
      target);
  while (rows.next()) uses.push_back({rows.text(0), rows.text(1)});
  return uses;
}

std::vector<std::string> PropertyTable::users(Qid target, std::string_view name) const {
  std::vector<std::string> names;
  auto rows = store_.query(
      "SELECT vm.name FROM vm_reference JOIN vm ON vm.qid = vm_reference.vm "
      "WHERE vm_reference.target = ? AND vm_reference.name = ? ORDER BY vm.name",
      target, name);
  while (rows.next()) names.push_back(rows.text(0));
  return names;
}

}  // namespace qubes::mgmt
