// SPDX-License-Identifier: GPL-2.0-or-later
// The least that mgmt.vm.property.Set can be: floor-sqlite-set STORE VM PROPERTY VALUE
//
// It writes the same rows of state, history and events; what changed it does not find out by the
// session extension but knows.

#include <time.h>

#include "floor.h"

static sqlite3_int64 now(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return (sqlite3_int64)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

// The value as it was, or an empty text.
static const char* old_value(sqlite3_int64 qid, const char* name) {
  static char value[256];
  sqlite3_stmt* stored =
      prepare("SELECT value FROM vm_property WHERE vm = ? AND name = ?", "nt", qid, name);
  if (next(stored))
    snprintf(value, sizeof value, "%s", (const char*)sqlite3_column_text(stored, 0));
  sqlite3_finalize(stored);
  return value;
}

static void record(sqlite3_int64 at, sqlite3_int64 qid, char** words, const char* old) {
  char key[64];
  snprintf(key, sizeof key, "%lld,'%s'", qid, words[3]);
  finish(prepare(
      "INSERT INTO change (at, source, call, target, argument, schema) VALUES (?, ?, ?, ?, ?, 1)",
      "ntttt", at, "dom0", "mgmt.vm.property.Set", words[2], words[3]));
  finish(prepare("INSERT INTO change_row (seq, tbl, key, col, old, new) VALUES (?, ?, ?, ?, ?, ?)",
                 "nttttt", sqlite3_last_insert_rowid(store), "vm_property", key, "value", old,
                 words[4]));
}

static void announce(sqlite3_int64 at, char** words, const char* old, const char* stage) {
  char name[128];
  char keys[1024];
  snprintf(name, sizeof name, "%s:%s", stage, words[3]);
  const int length = snprintf(keys, sizeof keys, "name%c%s%cnewvalue%c%s%coldvalue%c%s%c", 0,
                              words[3], 0, 0, words[4], 0, 0, old, 0);
  sqlite3_stmt* event = prepare("INSERT INTO event (at, subject, name, keys) VALUES (?, ?, ?, ?)",
                                "ntt", at, words[2], name);
  must(sqlite3_bind_blob(event, 4, keys, length, SQLITE_STATIC));
  finish(event);
}

static void prune(void) {
  finish(prepare("SELECT min(seq), max(seq), min(at) FROM change", ""));
  finish(
      prepare("DELETE FROM event WHERE seq <= (SELECT max(seq) FROM event) - 100000 AND seq IN "
              "(SELECT seq FROM event ORDER BY seq LIMIT 6)",
              ""));
}

int main(int argc, char** argv) {
  check_usage(argc, 4);
  open_store(argv[1]);
  finish(prepare("BEGIN IMMEDIATE", ""));
  const sqlite3_int64 qid = find_vm(argv[2]);
  const char* old = old_value(qid, argv[3]);
  finish(
      prepare("INSERT INTO vm_property (vm, name, value) VALUES (?, ?, ?) "
              "ON CONFLICT (vm, name) DO UPDATE SET value = excluded.value",
              "ntt", qid, argv[3], argv[4]));
  const sqlite3_int64 at = now();
  record(at, qid, argv, old);
  announce(at, argv, old, "property-pre-set");
  announce(at, argv, old, "property-set");
  prune();
  finish(prepare("COMMIT", ""));
  sqlite3_close(store);
  return 0;
}
