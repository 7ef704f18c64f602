// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/fault.h"
#include "base/handle.h"

struct sqlite3;
struct sqlite3_stmt;

/// SQLite as C++ likes it. Failures are faults: busy after five seconds of waiting, io_failed
/// for what the disk did, denied for what the file system forbids, store_failed for a damaged
/// file, internal for a statement that is wrong.
namespace qubes::mgmt::sqlite {

void close_database(sqlite3* database);
void finalize_statement(sqlite3_stmt* statement);

/// Bytes to be bound as a BLOB.
struct Blob {
  std::string_view bytes;
};

/// A prepared statement on its way through its rows.
class Rows {
 public:
  /// Steps to the next row, if there is one.
  bool next();

  std::int64_t number(int column) const;
  std::string text(int column) const;
  bool is_null(int column) const;
  std::optional<std::int64_t> optional_number(int column) const;

 private:
  friend class Database;
  Rows(sqlite3* database, std::string_view sql);

  void bind_value(int position, std::int64_t value);
  void bind_value(int position, std::string_view value);
  void bind_value(int position, std::optional<std::int64_t> value);
  void bind_value(int position, std::optional<std::string_view> value);
  void bind_value(int position, const Blob& value);

  sqlite3* database_;
  Handle<sqlite3_stmt, finalize_statement> statement_;
};

class Database {
 public:
  enum class Mode { read_write, create };

  Database(const std::filesystem::path& file, Mode mode);

  /// Runs one statement with these values bound, in order, and gives its rows.
  template <class... Values>
  Rows query(std::string_view sql, const Values&... values) const {
    Rows rows{handle_.get(), sql};
    int position = 0;
    (rows.bind_value(++position, bindable(values)), ...);
    return rows;
  }

  /// Runs one statement for what it does.
  template <class... Values>
  void execute(std::string_view sql, const Values&... values) const {
    Rows rows = query(sql, values...);
    while (rows.next()) {
    }
  }

  /// Runs a script of many statements.
  void run_script(std::string_view sql) const;

  std::int64_t last_insert_id() const;

  /// For the few that need SQLite's own interface: the session extension, the backup.
  sqlite3* handle() const { return handle_.get(); }

 private:
  static std::int64_t bindable(std::integral auto value) {
    return static_cast<std::int64_t>(value);
  }
  static std::string_view bindable(std::string_view value) { return value; }
  static std::string_view bindable(const std::string& value) { return value; }
  static std::optional<std::int64_t> bindable(const std::optional<std::int64_t>& value) {
    return value;
  }
  static std::optional<std::string_view> bindable(const std::optional<std::string_view>& value) {
    return value;
  }
  static const Blob& bindable(const Blob& value) { return value; }

  Handle<sqlite3, close_database> handle_;
};

/// A write transaction, taken at once so that it cannot fail half-way; rolled back unless
/// committed.
class Transaction {
 public:
  explicit Transaction(const Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();

 private:
  const Database& database_;
  bool open_ = true;
};

/// A read transaction, so that all that is read is of one moment. Nothing is waited for while
/// one is open.
class Snapshot {
 public:
  explicit Snapshot(const Database& database);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  const Database& database_;
};

/// The store says what none of its checks would have let in.
Fault damaged_store();

/// Throws the fault for a result code of SQLite that is not success.
void check(sqlite3* database, int result);

}  // namespace qubes::mgmt::sqlite
