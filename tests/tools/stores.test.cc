// SPDX-License-Identifier: GPL-2.0-or-later
// Stores and disks that are not as they should be.
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>

#include "store/sqlite.h"
#include "tools/world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

namespace fs = std::filesystem;

/// A file system in memory, for as long as the test takes; only root may.
class SmallDisk {
 public:
  explicit SmallDisk(const char* size)
      : mounted_{::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0,
                         (std::string{"size="} + size).c_str()) == 0} {}
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_there() const { return mounted_; }
  const fs::path& path() const { return folder_.path(); }

  void fill() const {
    std::ofstream out{path() / "ballast", std::ios::binary};
    for (const std::string block(4096, 'x'); out.write(block.data(), 4096).flush();) {
    }
  }

  void make_read_only() const {
    REQUIRE(::mount("", path().c_str(), "", MS_REMOUNT | MS_RDONLY, "") == 0);
  }

 private:
  ScratchRoot folder_;
  bool mounted_;
};

const std::vector<std::vector<std::string>> kWrites{
    {"mgmt.vm.property.Set", "work", "memory", "800"},
    {"mgmt.vm.property.Reset", "work", "memory"},
    {"mgmt.vm.Create.AppVM", "deb", "name=new", "label=red"},
    {"mgmt.vm.CreateTemplate", "newer"},
    {"mgmt.vm.Remove", "work"}};

}  // namespace

TEST_CASE_METHOD(TwoVms, "a store of a newer version is left alone", "[stores]") {
  execute("PRAGMA user_version = 999");
  const std::string before = state();
  auto calls = kWrites;
  calls.push_back({"mgmt.vm.List"});
  for (const auto& words : calls)
    check_refused(shell(words, some_image(512)), 65,
                  words[0] + (words[0].find("Create") == std::string::npos && words.size() > 1
                                  ? ": " + words[1]
                                  : ""),
                  "newer qubes-mgmt");
  CHECK(state() == before);
}

TEST_CASE_METHOD(TwoVms, "a damaged store is reported", "[stores]") {
  const std::string junk = GENERATE("no database at all", std::string(20'000, 'j'));
  for (const char* suffix : {"-wal", "-shm"}) fs::remove(store().string() + suffix);
  std::ofstream{store(), std::ios::trunc} << junk;
  for (const auto& words : kWrites) {
    const Result result = shell(words, some_image(512));
    INFO(result.err);
    CHECK(result.status == 65);
    CHECK(is_one_line(result.err));
  }
  CHECK(shell({"mgmt.vm.List"}).status == 65);
  CHECK(fs::file_size(store()) == junk.size());
}

TEST_CASE_METHOD(TwoVms, "a store cut off in the middle is reported", "[stores]") {
  execute("PRAGMA wal_checkpoint(TRUNCATE)");
  for (const char* suffix : {"-wal", "-shm"}) fs::remove(store().string() + suffix);
  fs::resize_file(store(), 8192);
  const Result result = shell({"mgmt.vm.List"});
  INFO(result.err);
  CHECK(result.status == 65);
  CHECK(is_one_line(result.err));
}

TEST_CASE("a read-only disk changes nothing and is named", "[stores]") {
  const SmallDisk disk{"64m"};
  if (!disk.is_there()) return;
  const TwoVms world{disk.path()};
  const std::string before = world.state();
  disk.make_read_only();
  for (const auto& words : kWrites) {
    const Result result = world.shell(words, some_image(512));
    INFO(words[0] << ": " << result.err);
    CHECK(result.status == 74);
    CHECK(is_one_line(result.err));
  }
  REQUIRE(::mount("", disk.path().c_str(), "", MS_REMOUNT, "") == 0);
  CHECK(world.state() == before);
}

TEST_CASE("a full disk changes nothing and is named", "[stores]") {
  const SmallDisk disk{"2m"};
  if (!disk.is_there()) return;
  const TwoVms world{disk.path()};
  world.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  const std::string before = world.state();
  disk.fill();
  for (const auto& words : kWrites) {
    if (words[0] == "mgmt.vm.property.Reset") continue;
    const Result result = world.shell(words, some_image(100'000));
    INFO(words[0] << ": " << result.err);
    CHECK(result.status == 74);
    CHECK(is_one_line(result.err));
  }
  fs::remove(disk.path() / "ballast");
  CHECK(world.state() == before);
  for (const auto& words : kWrites) check_done(world.shell(words, some_image(512)));
}

TEST_CASE("the first call on a full or read-only disk says so", "[stores]") {
  const SmallDisk disk{"1m"};
  if (!disk.is_there()) return;
  const World world{disk.path()};
  disk.fill();
  const Result full = world.shell({"mgmt.vm.List"});
  INFO(full.err);
  CHECK(full.status == 74);
  CHECK(is_one_line(full.err));
  fs::remove(disk.path() / "ballast");
  disk.make_read_only();
  CHECK(world.shell({"mgmt.vm.List"}).status == 74);
}

TEST_CASE_METHOD(TwoVms, "a store that others keep busy is waited for, but not for ever",
                 "[stores]") {
  const sqlite::Database kept{store(), sqlite::Database::Mode::read_write};
  const std::string before = state();
  kept.execute("BEGIN IMMEDIATE");
  const auto begin = std::chrono::steady_clock::now();
  check_refused(shell({"mgmt.vm.property.Set", "work", "memory", "800"}), 75,
                "mgmt.vm.property.Set: work", "busy");
  const auto waited = std::chrono::steady_clock::now() - begin;
  CHECK(waited > std::chrono::seconds{3});
  CHECK(waited < std::chrono::seconds{30});
  CHECK(shell({"mgmt.vm.List"}).status == 0);
  kept.execute("ROLLBACK");
  CHECK(state() == before);
}

TEST_CASE_METHOD(TwoVms, "a store without a schema is reported and not made anew", "[stores]") {
  if (GENERATE(false, true)) {
    for (const char* suffix : {"-wal", "-shm"}) fs::remove(store().string() + suffix);
    fs::resize_file(store(), 0);
  } else {
    execute(GENERATE("PRAGMA user_version = 0", "PRAGMA user_version = -1"));
  }
  auto calls = kWrites;
  calls.push_back({"mgmt.vm.List"});
  for (const auto& words : calls) {
    const Result result = shell(words, some_image(512));
    INFO(result.err);
    CHECK(result.status == 65);
    CHECK(is_one_line(result.err));
  }
  CHECK_FALSE(fs::exists(store().string() + ".before-1"));
}

TEST_CASE_METHOD(TwoVms, "what the store's checks would not let in is reported", "[stores]") {
  execute("PRAGMA ignore_check_constraints = 1; PRAGMA foreign_keys = 0;" +
          std::string{GENERATE("UPDATE vm SET template = 99 WHERE name = 'work'",
                               "UPDATE vm SET class = 'Machine' WHERE name = 'work'",
                               "UPDATE vm SET uuid = 'x' WHERE name = 'work'",
                               "UPDATE vm SET label = 99 WHERE name = 'work'",
                               "DROP TABLE vm_property", "ALTER TABLE vm RENAME COLUMN uuid TO id",
                               "INSERT INTO vm_reference VALUES (2, 'netvm', 99)")});
  const Result result = shell({"mgmt.vm.property.GetAll", "work"});
  INFO(result.err);
  CHECK(result.status == 65);
  CHECK(is_one_line(result.err));
}

TEST_CASE_METHOD(TwoVms, "a note of something unheard of is reported", "[stores]") {
  execute(
      "PRAGMA ignore_check_constraints = 1;"
      "INSERT INTO intent VALUES (5, 'paint', NULL, 'x', 1, '1', 'b', 0)");
  check_refused(shell({"mgmt.vm.Remove", "work"}), 65, "mgmt.vm.Remove: work", "damaged");
}

TEST_CASE_METHOD(TwoVms, "locks work after a boot, which empties /run", "[stores]") {
  fs::remove_all(root.at("/run"));
  check_done(shell({"mgmt.vm.Remove", "work"}));
}
