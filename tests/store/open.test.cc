// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "base/fault.h"
#include "store/fresh_store.h"
#include "store/intents.h"
#include "store/migrations.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

using Texts = std::vector<std::string>;
namespace fs = std::filesystem;

std::string content(const fs::path& file) {
  std::ifstream in{file};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// Runs this in processes of their own; says how many have succeeded.
template <class Work>
int in_processes(int count, const Work& work) {
  for (int i = 0; i < count; ++i) {
    if (::fork() != 0) continue;
    try {
      work(i);
      ::_exit(0);
    } catch (const std::exception&) {
      ::_exit(1);
    }
  }
  int succeeded = 0;
  for (int status = 0; ::wait(&status) > 0;) succeeded += status == 0 ? 1 : 0;
  return succeeded;
}

FaultKind refusal(const FreshStore& fresh, StoreAccess access) {
  try {
    fresh.open(access);
  } catch (const Fault& fault) {
    return fault.kind();
  }
  FAIL("opened");
  return FaultKind::failed;
}

}  // namespace

TEST_CASE_METHOD(FreshStore, "a fresh store has the schema that all migrations make", "[schema]") {
  std::string schema = "-- SPDX-License-Identifier: GPL-2.0-or-later\n";
  for (const std::string& sql :
       query("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"))
    schema += sql + ";\n";
  CHECK(schema == content(QUBES_TEST_MADE_SCHEMA));
  CHECK(query("PRAGMA user_version") == Texts{std::to_string(migrations().size())});
}

TEST_CASE("the schema for people to read is the one that is made", "[schema]") {
  CHECK(content(QUBES_TEST_READ_SCHEMA) == content(QUBES_TEST_MADE_SCHEMA));
}

TEST_CASE_METHOD(FreshStore, "a fresh store has dom0, eight labels and two pools", "[store]") {
  CHECK(query("SELECT qid || name || class FROM vm") == Texts{"0dom0AdminVM"});
  CHECK(query("SELECT id || name FROM label ORDER BY id") ==
        Texts{"1red", "2orange", "3yellow", "4green", "5gray", "6blue", "7purple", "8black"});
  CHECK(query("SELECT name FROM pool ORDER BY id") == Texts{"varlibqubes", "linux-kernel"});
  CHECK(query("PRAGMA journal_mode") == Texts{"wal"});
  CHECK(query("PRAGMA foreign_keys") == Texts{"1"});
  CHECK(query("PRAGMA synchronous") == Texts{"2"});
  CHECK(query("PRAGMA foreign_key_check").empty());
}

TEST_CASE_METHOD(FreshStore, "what cannot be loaded cannot be written", "[store]") {
  for (const std::string sql :
       {"UPDATE vm SET class = 'NoVM'", "UPDATE vm SET label = 99", "DELETE FROM label",
        "UPDATE vm SET name = 'a b'", "INSERT INTO vm_property VALUES (7, 'a', 'b')",
        "UPDATE vm SET template = 0", "UPDATE vm SET qid = 'x'",
        "INSERT INTO vm_tag VALUES (0, 'a b')"})
    CHECK_THROWS_AS(change(sql), Fault);
  CHECK(query("SELECT seq FROM change").empty());
}

TEST_CASE_METHOD(FreshStore, "a store of a newer schema is refused, and one of none", "[schema]") {
  for (const char* version : {"999", "0", "-1"}) {
    store.run_script("PRAGMA user_version = " + std::string{version});
    CHECK(refusal(*this, StoreAccess::read) == FaultKind::store_failed);
    CHECK(refusal(*this, StoreAccess::write) == FaultKind::store_failed);
  }
}

TEST_CASE_METHOD(FreshStore, "writers at once all write", "[store]") {
  const int done = in_processes(16, [&](int number) {
    const sqlite::Database own = open();
    for (int i = 0; i < 10; ++i) {
      Change change{own, {"dom0", "mgmt.Test", "dom0", ""}};
      own.execute("INSERT INTO vm_property VALUES (0, ?, 'x')",
                  std::to_string(number) + "-" + std::to_string(i));
      change.event("", "written");
      change.commit();
    }
  });
  CHECK(done == 16);
  CHECK(query("SELECT count(*) FROM vm_property") == Texts{"160"});
  CHECK(query("SELECT count(*) || ' ' || max(seq) FROM event") == Texts{"160 160"});
  CHECK(query("SELECT count(*) || ' ' || max(seq) FROM change") == Texts{"160 160"});
  CHECK(query("PRAGMA integrity_check") == Texts{"ok"});
}

TEST_CASE_METHOD(FreshStore, "the log of writes does not grow for ever", "[store]") {
  for (int i = 0; i < 200; ++i) {
    const sqlite::Database own = open();
    own.execute("UPDATE label SET color = ?", std::string{i % 2 == 0 ? "0x000000" : "0xffffff"});
  }
  CHECK(fs::file_size(file().string() + "-wal") < 400'000);
}

TEST_CASE_METHOD(FreshStore, "an intent outlives its process and is found", "[intents]") {
  CHECK(
      in_processes(1, [&](int /*number*/) {
        IntentTable{open()}.add(IntentKind::create, std::nullopt, "new", {{1, "appvms/new/root"}});
      }) == 1);
  const IntentTable table{store};
  const auto orphans = table.orphans_without_vm();
  REQUIRE(orphans.size() == 1);
  CHECK(orphans[0].kind == IntentKind::create);
  CHECK(orphans[0].name == "new");
  REQUIRE(orphans[0].volumes.size() == 1);
  CHECK(orphans[0].volumes[0].vid == "appvms/new/root");
  table.drop(orphans[0].id);
  CHECK(table.orphans_without_vm().empty());
  CHECK(query("SELECT 1 FROM intent_volume").empty());
}

TEST_CASE_METHOD(FreshStore, "the intent of a process that lives is no orphan", "[intents]") {
  const IntentTable table{store};
  const auto id = table.add(IntentKind::start, Qid{0}, "dom0", {});
  CHECK(table.orphans_of(0).empty());
  // Another process has got its number since, or the machine was booted.
  const std::string column = GENERATE("pid_start", "boot_id");
  store.run_script("UPDATE intent SET " + column + " = 'other'");
  REQUIRE(table.orphans_of(0).size() == 1);
  CHECK(table.orphans_of(0)[0].id == id);
  CHECK(table.orphans_of(1).empty());
}
