// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/handle.h"
#include "store/sqlite.h"

struct sqlite3_session;
struct sqlite3_value;

namespace qubes::mgmt {

/// One column that a session has seen change. The values live as long as the call that hands
/// them out; nullptr where there is none.
struct CapturedColumn {
  std::string_view table;
  std::string_view key;
  std::string_view column;
  sqlite3_value* old_value;
  sqlite3_value* new_value;
};

void close_capture(sqlite3_session* session);
using Capture = Handle<sqlite3_session, close_capture>;

/// Begins to watch the state tables. SQLite gives the changes by column number; capture_visit
/// unpacks them by name, which stays right when a later schema moves columns.
Capture capture_begin(const sqlite::Database& store);

/// Hands over every column that has changed since, row by row.
void capture_visit(const sqlite::Database& store, sqlite3_session* session,
                   const std::function<void(const CapturedColumn&)>& visit);

}  // namespace qubes::mgmt
