// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/marks.h"

namespace qubes::mgmt {
namespace {

// Runs a statement that RETURNs a row for what it changed, to its end; says whether it did.
bool has_changed(sqlite::Rows rows) {
  const bool changed = rows.next();
  while (rows.next()) {
  }
  return changed;
}

}  // namespace

std::vector<std::string> TagTable::of_vm(Qid vm) const {
  std::vector<std::string> tags;
  auto rows = store_.query("SELECT tag FROM vm_tag WHERE vm = ? ORDER BY tag", vm);
  while (rows.next()) tags.push_back(rows.text(0));
  return tags;
}

bool TagTable::add(Qid vm, std::string_view tag) const {
  return has_changed(store_.query(
      "INSERT INTO vm_tag (vm, tag) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING 1", vm, tag));
}

bool TagTable::remove(Qid vm, std::string_view tag) const {
  return has_changed(
      store_.query("DELETE FROM vm_tag WHERE vm = ? AND tag = ? RETURNING 1", vm, tag));
}

std::vector<std::string> TagTable::vms_with(std::string_view tag) const {
  std::vector<std::string> names;
  auto rows = store_.query(
      "SELECT name FROM vm JOIN vm_tag ON vm_tag.vm = vm.qid WHERE tag = ? ORDER BY name", tag);
  while (rows.next()) names.push_back(rows.text(0));
  return names;
}

std::string NoteTable::text(Qid vm) const {
  auto rows = store_.query("SELECT text FROM vm_note WHERE vm = ?", vm);
  return rows.next() ? rows.text(0) : "";
}

void NoteTable::set(Qid vm, std::string_view text) const {
  if (text.empty()) return store_.execute("DELETE FROM vm_note WHERE vm = ?", vm);
  store_.execute(
      "INSERT INTO vm_note (vm, text) VALUES (?, ?) "
      "ON CONFLICT (vm) DO UPDATE SET text = excluded.text",
      vm, text);
}

std::vector<std::string> FeatureTable::names(Qid vm) const {
  std::vector<std::string> names;
  auto rows = store_.query("SELECT name FROM vm_feature WHERE vm = ? ORDER BY position", vm);
  while (rows.next()) names.push_back(rows.text(0));
  return names;
}

std::optional<std::string> FeatureTable::value(Qid vm, std::string_view name) const {
  auto rows = store_.query("SELECT value FROM vm_feature WHERE vm = ? AND name = ?", vm, name);
  if (!rows.next()) return std::nullopt;
  return rows.text(0);
}

std::vector<std::pair<std::string, std::string>> FeatureTable::of_vm(Qid vm) const {
  std::vector<std::pair<std::string, std::string>> features;
  auto rows =
      store_.query("SELECT name, value FROM vm_feature WHERE vm = ? ORDER BY position, name", vm);
  while (rows.next()) features.emplace_back(rows.text(0), rows.text(1));
  return features;
}

void FeatureTable::set(Qid vm, std::string_view name, std::string_view value) const {
  store_.execute(
      "INSERT INTO vm_feature (vm, name, value, position) VALUES (?1, ?2, ?3, "
      "(SELECT coalesce(max(position), 0) + 1 FROM vm_feature WHERE vm = ?1)) "
      "ON CONFLICT (vm, name) DO UPDATE SET value = excluded.value",
      vm, name, value);
}

bool FeatureTable::remove(Qid vm, std::string_view name) const {
  return has_changed(
      store_.query("DELETE FROM vm_feature WHERE vm = ? AND name = ? RETURNING 1", vm, name));
}

}  // namespace qubes::mgmt
