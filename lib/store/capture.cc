// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/capture.h"

#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <sqlite3.h>

#include <array>
#include <map>
#include <vector>

#include "base/fault.h"
#include "base/handle.h"

namespace qubes::mgmt {
namespace {

constexpr std::array kStateTables{"label",
                                  "pool",
                                  "pool_option",
                                  "vm",
                                  "vm_property",
                                  "vm_reference",
                                  "vm_feature",
                                  "vm_note",
                                  "vm_tag",
                                  "global_property",
                                  "global_reference",
                                  "volume",
                                  "volume_snapshot",
                                  "vm_device",
                                  "vm_device_option",
                                  "firewall",
                                  "firewall_rule"};

void end_changes(sqlite3_changeset_iter* changes) { sqlite3changeset_finalize(changes); }
void free_bytes(void* bytes) { sqlite3_free(bytes); }

using Columns = std::vector<std::string>;

Columns columns_of(const sqlite::Database& store, std::string_view table) {
  Columns names;
  auto rows = store.query("SELECT name FROM pragma_table_info(?) ORDER BY cid", table);
  while (rows.next()) names.push_back(rows.text(0));
  return names;
}

std::string literal(sqlite3_value* value) {
  if (sqlite3_value_type(value) == SQLITE_INTEGER)
    return std::to_string(sqlite3_value_int64(value));
  std::string out = "'";
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
  for (int i = 0; i < sqlite3_value_bytes(value); ++i) {
    if (bytes[i] == '\'') out += '\'';
    out += bytes[i];
  }
  return out + "'";
}

// History that is cut short in silence would be worse than a change that fails.
void check(int result) { sqlite::check(nullptr, result); }

sqlite3_value* old_value(sqlite3_changeset_iter* change, int operation, int column) {
  sqlite3_value* value = nullptr;
  if (operation != SQLITE_INSERT) check(sqlite3changeset_old(change, column, &value));
  return value;
}

sqlite3_value* new_value(sqlite3_changeset_iter* change, int operation, int column) {
  sqlite3_value* value = nullptr;
  if (operation != SQLITE_DELETE) check(sqlite3changeset_new(change, column, &value));
  return value;
}

struct ChangedRow {
  sqlite3_changeset_iter* change;
  int operation;
  const Columns& columns;
  std::vector<bool> in_key;

  std::string key() const {
    std::string key;
    for (int i = 0; i < static_cast<int>(columns.size()); ++i) {
      if (!in_key[static_cast<std::size_t>(i)]) continue;
      sqlite3_value* value = operation == SQLITE_INSERT ? new_value(change, operation, i)
                                                        : old_value(change, operation, i);
      if (!key.empty()) key += ',';
      key += literal(value);
    }
    return key;
  }
};

void visit_row(const ChangedRow& row, std::string_view table,
               const std::function<void(const CapturedColumn&)>& visit) {
  const std::string key = row.key();
  for (int i = 0; i < static_cast<int>(row.columns.size()); ++i) {
    const auto index = static_cast<std::size_t>(i);
    CapturedColumn column{table, key, row.columns[index], old_value(row.change, row.operation, i),
                          new_value(row.change, row.operation, i)};
    // Of a row that stays, the session gives the key and the columns that differ.
    if (row.operation == SQLITE_UPDATE && (row.in_key[index] || column.new_value == nullptr))
      continue;
    visit(column);
  }
}

}  // namespace

void close_capture(sqlite3_session* session) { sqlite3session_delete(session); }

Capture capture_begin(const sqlite::Database& store) {
  sqlite3_session* begun = nullptr;
  sqlite::check(store.handle(), sqlite3session_create(store.handle(), "main", &begun));
  Capture session{begun};
  for (const char* table : kStateTables)
    sqlite::check(store.handle(), sqlite3session_attach(begun, table));
  return session;
}

void capture_visit(const sqlite::Database& store, sqlite3_session* session,
                   const std::function<void(const CapturedColumn&)>& visit) {
  int size = 0;
  void* bytes = nullptr;
  sqlite::check(store.handle(), sqlite3session_changeset(session, &size, &bytes));
  const Handle<void, free_bytes> held{bytes};
  sqlite3_changeset_iter* started = nullptr;
  sqlite::check(store.handle(), sqlite3changeset_start(&started, size, bytes));
  const Handle<sqlite3_changeset_iter, end_changes> changes{started};
  std::map<std::string, Columns, std::less<>> known;
  int result = SQLITE_OK;
  while ((result = sqlite3changeset_next(started)) == SQLITE_ROW) {
    const char* table = nullptr;
    int count = 0;
    int operation = 0;
    unsigned char* key_flags = nullptr;
    check(sqlite3changeset_op(started, &table, &count, &operation, nullptr));
    check(sqlite3changeset_pk(started, &key_flags, &count));
    auto columns = known.find(table);
    if (columns == known.end()) columns = known.emplace(table, columns_of(store, table)).first;
    std::vector<bool> in_key(key_flags, key_flags + count);
    visit_row({started, operation, columns->second, std::move(in_key)}, table, visit);
  }
  check(result);
}

}  // namespace qubes::mgmt
