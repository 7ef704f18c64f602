// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

// What the floors share: the store opened as the calls open it, and statements run by the
// shortest way. Whatever fails ends the program with 1.

static sqlite3* store;

static inline void must(int result) {
  if (result == SQLITE_OK || result == SQLITE_ROW || result == SQLITE_DONE) return;
  fprintf(stderr, "floor: %s\n", sqlite3_errmsg(store));
  exit(1);
}

static inline int empty_long_wal(void* unused, sqlite3* database, const char* name, int frames) {
  (void)unused;
  if (frames > 16)
    sqlite3_wal_checkpoint_v2(database, name, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  return SQLITE_OK;
}

// A statement with its parameters bound: 't' a text, 'n' a number, in the order of `kinds`.
static inline sqlite3_stmt* prepare(const char* sql, const char* kinds, ...) {
  sqlite3_stmt* statement = NULL;
  must(sqlite3_prepare_v2(store, sql, -1, &statement, NULL));
  va_list values;
  va_start(values, kinds);
  for (int i = 0; kinds[i] != '\0'; ++i) {
    if (kinds[i] == 't')
      must(sqlite3_bind_text(statement, i + 1, va_arg(values, const char*), -1, SQLITE_STATIC));
    else
      must(sqlite3_bind_int64(statement, i + 1, va_arg(values, sqlite3_int64)));
  }
  va_end(values);
  return statement;
}

// Runs a statement to its end, whatever it gives.
static inline void finish(sqlite3_stmt* statement) {
  int result = SQLITE_ROW;
  while (result == SQLITE_ROW) result = sqlite3_step(statement);
  must(result);
  sqlite3_finalize(statement);
}

// Steps to the next row; 0 where there is none.
static inline int next(sqlite3_stmt* statement) {
  const int result = sqlite3_step(statement);
  must(result);
  return result == SQLITE_ROW;
}

static inline void open_store(const char* file) {
  must(sqlite3_open_v2(file, &store, SQLITE_OPEN_READWRITE, NULL));
  sqlite3_busy_timeout(store, 5000);
  int keep = 1;
  sqlite3_file_control(store, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
  sqlite3_db_config(store, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config(store, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
  sqlite3_db_config(store, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_db_config(store, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_wal_hook(store, empty_long_wal, NULL);
  finish(prepare("PRAGMA user_version", ""));
}

// The qid of a VM; its row is read whole, as the calls do.
static inline sqlite3_int64 find_vm(const char* name) {
  sqlite3_stmt* vm =
      prepare("SELECT qid, uuid, name, class, label, template FROM vm WHERE name = ?", "t", name);
  if (!next(vm)) {
    fprintf(stderr, "floor: no VM '%s'\n", name);
    exit(1);
  }
  const sqlite3_int64 qid = sqlite3_column_int64(vm, 0);
  sqlite3_finalize(vm);
  return qid;
}

static inline void check_usage(int given, int expected) {
  if (given == expected + 1) return;
  fprintf(stderr, "floor: expected %d words\n", expected);
  exit(2);
}
