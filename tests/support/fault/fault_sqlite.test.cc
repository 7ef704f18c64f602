// SPDX-License-Identifier: GPL-2.0-or-later
#include <sqlite3.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>

#include "run_fault.h"

using namespace qubes::mgmt;

namespace {

namespace fs = std::filesystem;

const std::string kSubject = "fault-subject-sqlite";

struct CloseStore {
  void operator()(sqlite3* store) const { sqlite3_close(store); }
};
using Store = std::unique_ptr<sqlite3, CloseStore>;

Store open_store(const fs::path& folder) {
  sqlite3* store = nullptr;
  REQUIRE(sqlite3_open((folder / "store.db").c_str(), &store) == SQLITE_OK);
  return Store{store};
}

/// The first value of the first row, or the error.
std::string answer(const Store& store, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(store.get(), sql, -1, &statement, nullptr);
  std::string text = sqlite3_errmsg(store.get());
  if (sqlite3_step(statement) == SQLITE_ROW)
    text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
  sqlite3_finalize(statement);
  return text;
}

void prepare(const fs::path& folder) {
  const Store store = open_store(folder);
  const auto sql = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT";
  REQUIRE(sqlite3_exec(store.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK);
}

int lines(const std::string& text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

/// Runs the two commits on a copy of the store with the injection, and says whether it came to it.
bool try_point(const fs::path& prepared, std::vector<std::string> words,
               const std::string& journal) {
  const ScratchFolder folder;
  fs::copy_file(prepared / "store.db", folder.path() / "store.db");
  words.insert(words.end(), {"--", kSubject, journal});
  const Run run = run_fault(words, folder.path());
  CAPTURE(run.report);
  const Store store = open_store(folder.path());
  CHECK(answer(store, "PRAGMA integrity_check") == "ok");
  const int rows = std::stoi(answer(store, "SELECT count(*) FROM note"));
  const int acknowledged = lines(run.out);
  CHECK(rows >= acknowledged);
  // One commit may be there without having been acknowledged, but no more.
  CHECK(rows <= acknowledged + 1);
  return run.injected != "none";
}

}  // namespace

TEST_CASE("no commit of SQLite is lost or torn at any point", "[fault]") {
  const std::string journal = GENERATE("WAL", "DELETE");
  // In turn, because all of them at each point would take long.
  const std::vector<std::vector<std::string>> failures{
      {"ENOSPC"}, {"ENOSPC", "--full"}, {"EIO", "--sticky"}};
  const ScratchFolder prepared;
  const ScratchFolder folder;
  prepare(prepared.path());
  prepare(folder.path());
  const int points = run_fault({"count", kSubject, journal}, folder.path()).points;
  CHECK(points > 10);
  for (int point = 1; point <= points; ++point) {
    const std::string number = std::to_string(point);
    CAPTURE(journal, number);
    CHECK(try_point(prepared.path(), {"kill", number}, journal));
    std::vector<std::string> failure{"fail", number};
    const auto& how = failures[static_cast<std::size_t>(point) % failures.size()];
    failure.insert(failure.end(), how.begin(), how.end());
    CHECK(try_point(prepared.path(), failure, journal));
  }
  CHECK_FALSE(try_point(prepared.path(), {"kill", std::to_string(points + 1)}, journal));
}
