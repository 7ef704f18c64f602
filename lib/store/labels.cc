// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/labels.h"

namespace qubes::mgmt {
namespace {

std::optional<Label> first(sqlite::Rows rows) {
  if (!rows.next()) return std::nullopt;
  return Label{rows.number(0), rows.text(1), rows.text(2)};
}

}  // namespace

std::optional<Label> LabelTable::find(std::string_view name) const {
  return first(store_.query("SELECT id, name, color FROM label WHERE name = ?", name));
}

std::optional<Label> LabelTable::find(std::int64_t id) const {
  return first(store_.query("SELECT id, name, color FROM label WHERE id = ?", id));
}

Label LabelTable::get(std::int64_t id) const {
  auto label = find(id);
  if (!label) throw sqlite::damaged_store();
  return *std::move(label);
}

std::vector<Label> LabelTable::all() const {
  std::vector<Label> labels;
  auto rows = store_.query("SELECT id, name, color FROM label ORDER BY id");
  while (rows.next()) labels.push_back({rows.number(0), rows.text(1), rows.text(2)});
  return labels;
}

void LabelTable::add(const Label& label) const {
  store_.execute("INSERT INTO label (id, name, color) VALUES (?, ?, ?)", label.id, label.name,
                 label.color);
}

std::vector<std::string> LabelTable::names() const {
  std::vector<std::string> names;
  auto rows = store_.query("SELECT name FROM label ORDER BY id");
  while (rows.next()) names.push_back(rows.text(0));
  return names;
}

std::vector<std::string> LabelTable::users(std::int64_t id) const {
  std::vector<std::string> names;
  auto rows = store_.query("SELECT name FROM vm WHERE label = ? ORDER BY name", id);
  while (rows.next()) names.push_back(rows.text(0));
  return names;
}

void LabelTable::add(std::string_view name, std::string_view color) const {
  store_.execute(
      "INSERT INTO label (id, name, color) "
      "VALUES ((SELECT max(?, max(id)) + 1 FROM label), ?, ?)",
      kLastBuiltInLabel, name, color);
}

void LabelTable::remove(std::int64_t id) const {
  store_.execute("DELETE FROM label WHERE id = ?", id);
}

}  // namespace qubes::mgmt
