// SPDX-License-Identifier: GPL-2.0-or-later
// The least that mgmt.vm.property.Get can be: floor-sqlite-get STORE VM PROPERTY

#include "floor.h"

int main(int argc, char** argv) {
  check_usage(argc, 3);
  open_store(argv[1]);
  finish(prepare("BEGIN", ""));
  const sqlite3_int64 qid = find_vm(argv[2]);
  sqlite3_stmt* value =
      prepare("SELECT value FROM vm_property WHERE vm = ? AND name = ?", "nt", qid, argv[3]);
  if (next(value))
    printf("default=no %s", (const char*)sqlite3_column_text(value, 0));
  else
    printf("default=yes ");
  sqlite3_finalize(value);
  finish(prepare("COMMIT", ""));
  sqlite3_close(store);
  return 0;
}
