// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/change.h"

#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <sqlite3.h>

#include <chrono>

#include "store/capture.h"
#include "store/open.h"

namespace qubes::mgmt {
namespace {

constexpr std::int64_t kChangesKept = 100'000;
constexpr std::int64_t kEventsKept = 100'000;
constexpr std::int64_t kMicrosecondsKept = 365LL * 24 * 3600 * 1'000'000;
// A few at each write keep up with what writes add, without ever making one of them slow.
constexpr int kPrunedAtOnce = 3;

std::optional<std::string> text_of(sqlite3_value* value) {
  if (value == nullptr || sqlite3_value_type(value) == SQLITE_NULL) return std::nullopt;
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return std::string{bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

int bind_or_null(sqlite3_stmt* statement, int position, sqlite3_value* value) {
  return value == nullptr ? sqlite3_bind_null(statement, position)
                          : sqlite3_bind_value(statement, position, value);
}

int bind_text(sqlite3_stmt* statement, int position, std::string_view text) {
  return sqlite3_bind_text64(statement, position, text.data(), text.size(), SQLITE_TRANSIENT,
                             SQLITE_UTF8);
}

}  // namespace

std::int64_t now_in_store() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

Change::Change(const sqlite::Database& store, Origin origin, Recorded recorded)
    : store_{store},
      origin_{std::move(origin)},
      transaction_{store},
      session_{recorded == Recorded::values ? capture_begin(store) : nullptr} {}

Change::~Change() = default;

void Change::event(std::string_view subject, std::string_view name, Keys keys) {
  std::string packed;
  for (const auto& [key, value] : keys) {
    packed += key;
    packed += '\0';
    packed += value;
    packed += '\0';
  }
  events_.push_back({std::string{subject}, std::string{name}, std::move(packed)});
}

std::vector<ChangedValue> Change::preview() const {
  std::vector<ChangedValue> values;
  if (!session_) return values;
  capture_visit(store_, session_.get(), [&](const CapturedColumn& column) {
    values.push_back({std::string{column.table}, std::string{column.key},
                      std::string{column.column}, text_of(column.old_value),
                      text_of(column.new_value)});
  });
  return values;
}

// What was changed and changed back is captured, but leaves no row.
bool Change::is_nothing() const {
  return session_ && events_.empty() &&
         (sqlite3session_isempty(session_.get()) != 0 || preview().empty());
}

void Change::record(std::int64_t now) {
  store_.execute(
      "INSERT INTO change (at, source, call, target, argument, schema) VALUES (?, ?, ?, ?, ?, ?)",
      now, origin_.source, origin_.call, origin_.target, origin_.argument, newest_schema());
  if (!session_) return;
  sqlite3_stmt* prepared = nullptr;
  sqlite::check(store_.handle(),
                sqlite3_prepare_v2(store_.handle(),
                                   "INSERT INTO change_row (seq, tbl, key, col, old, new) "
                                   "VALUES (?, ?, ?, ?, ?, ?)",
                                   -1, &prepared, nullptr));
  const Handle<sqlite3_stmt, sqlite::finalize_statement> insert{prepared};
  const std::int64_t seq = store_.last_insert_id();
  capture_visit(store_, session_.get(), [&](const CapturedColumn& column) {
    for (const int result :
         {sqlite3_bind_int64(prepared, 1, seq), bind_text(prepared, 2, column.table),
          bind_text(prepared, 3, column.key), bind_text(prepared, 4, column.column),
          bind_or_null(prepared, 5, column.old_value), bind_or_null(prepared, 6, column.new_value),
          sqlite3_step(prepared), sqlite3_reset(prepared)})
      sqlite::check(store_.handle(), result);
  });
}

void Change::prune() const {
  auto rows = store_.query("SELECT min(seq), max(seq), min(at) FROM change");
  rows.next();
  const std::int64_t last_looked_at = rows.number(0) + kPrunedAtOnce - 1;
  const std::int64_t last_too_many = rows.number(1) - kChangesKept;
  const std::int64_t too_old = now_in_store() - kMicrosecondsKept;
  if (last_too_many >= rows.number(0) || rows.number(2) < too_old) {
    store_.execute(
        "DELETE FROM change_row WHERE seq IN "
        "(SELECT seq FROM change WHERE seq <= ? AND (seq <= ? OR at < ?))",
        last_looked_at, last_too_many, too_old);
    store_.execute("DELETE FROM change WHERE seq <= ? AND (seq <= ? OR at < ?)", last_looked_at,
                   last_too_many, too_old);
  }
  store_.execute(
      "DELETE FROM event WHERE seq <= (SELECT max(seq) FROM event) - ? AND seq IN "
      "(SELECT seq FROM event ORDER BY seq LIMIT ?)",
      kEventsKept, 2 * kPrunedAtOnce);
}

void Change::commit() {
  if (!is_nothing()) {
    const std::int64_t now = now_in_store();
    record(now);
    for (const Event& event : events_)
      store_.execute("INSERT INTO event (at, subject, name, keys) VALUES (?, ?, ?, ?)", now,
                     event.subject, event.name, sqlite::Blob{event.keys});
    prune();
  }
  session_.reset();
  transaction_.commit();
}

}  // namespace qubes::mgmt
