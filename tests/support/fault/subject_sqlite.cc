// SPDX-License-Identifier: GPL-2.0-or-later
#include <sqlite3.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

namespace {

struct CloseStore {
  void operator()(sqlite3* store) const { sqlite3_close(store); }
};

}  // namespace

/// Adds rows to store.db in the current folder, each in a transaction of its own, and prints one
/// line for each commit that SQLite has acknowledged.
int main(int count, char** words) {
  if (count != 2) return 2;
  const std::string journal = std::string{"PRAGMA journal_mode = "} + words[1];
  sqlite3* opened = nullptr;
  const int rc = sqlite3_open("store.db", &opened);
  const std::unique_ptr<sqlite3, CloseStore> store{opened};
  if (rc != SQLITE_OK) return 1;
  const auto run = [opened](const char* sql) {
    return sqlite3_exec(opened, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
  };
  if (!run(journal.c_str()) || !run("PRAGMA synchronous = FULL")) return 1;
  for (int row = 0; row < 2; ++row) {
    if (!run("BEGIN IMMEDIATE; INSERT INTO note (text) VALUES (hex(randomblob(3000))); COMMIT"))
      return 1;
    if (write(STDOUT_FILENO, "committed\n", std::strlen("committed\n")) < 0) return 1;
  }
  return 0;
}
