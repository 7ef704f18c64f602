// SPDX-License-Identifier: GPL-2.0-or-later
// The least that mgmt.vm.List can be: floor-sqlite-list STORE

#include "floor.h"

int main(int argc, char** argv) {
  check_usage(argc, 1);
  open_store(argv[1]);
  finish(prepare("BEGIN", ""));
  find_vm("dom0");
  sqlite3_stmt* vm =
      prepare("SELECT qid, uuid, name, class, label, template FROM vm ORDER BY qid <> 0, name", "");
  while (next(vm))
    printf("%s class=%s state=NA\n", (const char*)sqlite3_column_text(vm, 2),
           (const char*)sqlite3_column_text(vm, 3));
  sqlite3_finalize(vm);
  finish(prepare("COMMIT", ""));
  sqlite3_close(store);
  return 0;
}
