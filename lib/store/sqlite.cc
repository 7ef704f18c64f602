// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/sqlite.h"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt::sqlite {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLongestWait{20};
constexpr int kFramesBeforeCheckpoint = 16;
constexpr std::string_view kDamaged =
    "the store is damaged; restore a copy of /var/lib/qubes-mgmt/store.db";

// SQLite's own handler sleeps up to 100 ms at a time, which starves a writer among many.
// Steps of about a millisecond, differing between processes, serve them all.
int wait_for_lock(void* /*unused*/, int attempts) {
  static Clock::time_point begun;
  if (attempts == 0) begun = Clock::now();
  if (Clock::now() - begun > kLongestWait) return 0;
  const auto spread = static_cast<std::uint32_t>(::getpid()) * 7919U +
                      static_cast<std::uint32_t>(attempts) * 104729U;
  ::usleep(500 + spread % 1000);
  return 1;
}

// The WAL is kept between processes and so would grow for ever among many that each write a
// little. Whoever finds it long empties it; if somebody reads it just now, the next one does,
// without any waiting.
int empty_long_wal(void* /*unused*/, sqlite3* database, const char* name, int frames) {
  if (frames <= kFramesBeforeCheckpoint) return SQLITE_OK;
  sqlite3_busy_handler(database, nullptr, nullptr);
  sqlite3_wal_checkpoint_v2(database, name, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_handler(database, wait_for_lock, nullptr);
  return SQLITE_OK;
}

void configure(sqlite3* database) {
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_handler(database, wait_for_lock, nullptr);
  int keep = 1;
  sqlite3_file_control(database, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
  for (const int option :
       {SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_ENABLE_FKEY, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE})
    sqlite3_db_config(database, option, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_wal_hook(database, empty_long_wal, nullptr);
  // How SQLite was compiled must not decide whether a commit is durable.
  check(database, sqlite3_exec(database, "PRAGMA synchronous = FULL", nullptr, nullptr, nullptr));
}

FaultKind kind_of(int result, int system_error) {
  switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return FaultKind::busy;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
      return FaultKind::io_failed;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return system_error == EACCES ? FaultKind::denied : FaultKind::io_failed;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      return FaultKind::store_failed;
    default:
      return FaultKind::internal;
  }
}

std::string sentence(FaultKind kind, int result, int system_error, std::string_view words) {
  const std::string_view cause = system_error != 0 ? std::strerror(system_error) : "";
  switch (kind) {
    case FaultKind::busy:
      return concat("the store is busy: other calls have kept it for ", kLongestWait.count(),
                    " s; try again");
    case FaultKind::denied:
      return "the store may not be opened: be root or in the group qubes";
    case FaultKind::store_failed:
      return std::string{kDamaged};
    case FaultKind::io_failed:
      if ((result & 0xff) == SQLITE_FULL)
        return "the store cannot be written: no space left on the disk; nothing was changed";
      if ((result & 0xff) == SQLITE_READONLY)
        return "the store cannot be written: it is read-only; nothing was changed";
      return concat("the store cannot be read or written: ", cause.empty() ? words : cause);
    default:
      return concat("a statement failed: ", words);
  }
}

// A failed roll-back leaves nothing to be done: closing the file rolls back as well.
void roll_back(sqlite3* database) { sqlite3_exec(database, "ROLLBACK", nullptr, nullptr, nullptr); }

}  // namespace

Fault damaged_store() { return {FaultKind::store_failed, std::string{kDamaged}}; }

void close_database(sqlite3* database) { sqlite3_close_v2(database); }

void finalize_statement(sqlite3_stmt* statement) { sqlite3_finalize(statement); }

void check(sqlite3* database, int result) {
  if (result == SQLITE_OK || result == SQLITE_ROW || result == SQLITE_DONE) return;
  const int system_error = database != nullptr ? sqlite3_system_errno(database) : 0;
  const FaultKind kind = kind_of(result, system_error);
  throw Fault{kind,
              sentence(kind, result, system_error,
                       database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(result))};
}

Rows::Rows(sqlite3* database, std::string_view sql) : database_{database} {
  sqlite3_stmt* statement = nullptr;
  const int result =
      sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  statement_.reset(statement);
  // The statements are our own and right: what does not fit is the store.
  if (result == SQLITE_ERROR) throw damaged_store();
  check(database, result);
}

bool Rows::next() {
  const int result = sqlite3_step(statement_.get());
  check(database_, result);
  return result == SQLITE_ROW;
}

std::int64_t Rows::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Rows::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {bytes == nullptr ? "" : bytes, static_cast<std::size_t>(size)};
}

bool Rows::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::optional<std::int64_t> Rows::optional_number(int column) const {
  if (is_null(column)) return std::nullopt;
  return number(column);
}

void Rows::bind_value(int position, std::int64_t value) {
  check(database_, sqlite3_bind_int64(statement_.get(), position, value));
}

void Rows::bind_value(int position, std::string_view value) {
  // An empty view may have no address, which SQLite would take for NULL.
  check(database_,
        sqlite3_bind_text64(statement_.get(), position, value.empty() ? "" : value.data(),
                            value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Rows::bind_value(int position, std::optional<std::int64_t> value) {
  if (value) return bind_value(position, *value);
  check(database_, sqlite3_bind_null(statement_.get(), position));
}

void Rows::bind_value(int position, std::optional<std::string_view> value) {
  if (value) return bind_value(position, *value);
  check(database_, sqlite3_bind_null(statement_.get(), position));
}

void Rows::bind_value(int position, const Blob& value) {
  check(database_, sqlite3_bind_blob64(statement_.get(), position,
                                       value.bytes.empty() ? "" : value.bytes.data(),
                                       value.bytes.size(), SQLITE_TRANSIENT));
}

Database::Database(const std::filesystem::path& file, Mode mode) {
  sqlite3* database = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE |
                    (mode == Mode::create ? SQLITE_OPEN_CREATE : 0);
  const int result = sqlite3_open_v2(file.c_str(), &database, flags, nullptr);
  handle_.reset(database);
  check(database, result);
  configure(database);
}

void Database::run_script(std::string_view sql) const {
  const std::string script{sql};
  check(handle_.get(), sqlite3_exec(handle_.get(), script.c_str(), nullptr, nullptr, nullptr));
}

std::int64_t Database::last_insert_id() const { return sqlite3_last_insert_rowid(handle_.get()); }

Transaction::Transaction(const Database& database) : database_{database} {
  database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (open_) roll_back(database_.handle());
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

Snapshot::Snapshot(const Database& database) : database_{database} { database_.execute("BEGIN"); }

Snapshot::~Snapshot() { roll_back(database_.handle()); }

}  // namespace qubes::mgmt::sqlite
