// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/drivers.h"

#include <catch2/catch.hpp>

#include "base/fault.h"
#include "base/text.h"
#include "images.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using Catch::Matchers::Contains;

TEST_CASE("each driver opens a folder", "[drivers]") {
  const ScratchRoot scratch;
  for (const Driver& driver : drivers())
    if (driver.open != nullptr) CHECK(open_pool(driver.name, scratch.path()));
  CHECK(open_pool("file", scratch.path())->space());
  CHECK_FALSE(open_pool("linux-kernel", scratch.path())->space());
}

TEST_CASE("a driver or folder that is not there is told", "[drivers]") {
  const ScratchRoot scratch;
  const auto kind_for = [&](const std::string& driver) {
    try {
      open_pool(driver, scratch.path());
    } catch (const Fault& fault) {
      CHECK(fault.what() == "driver '" + driver + "' is not available");
      return fault.kind();
    }
    return FaultKind::internal;
  };
  for (const char* driver : {"zfs", "callback", "lvm_thin"})
    CHECK(kind_for(driver) == FaultKind::not_implemented);
  CHECK(kind_for("floppy") == FaultKind::pool_failed);
  CHECK_THROWS_WITH(open_pool("file", scratch.path() / "x"), Contains("of the pool is missing"));
  write_head(scratch.path() / "x", "a file");
  CHECK_THROWS_AS(open_pool("file", scratch.path() / "x"), Fault);
}

TEST_CASE("a folder that is still missing is judged by the one above", "[drivers]") {
  const ScratchRoot scratch;
  CHECK(best_file_driver(scratch.path() / "a/b/c") == best_file_driver(scratch.path()));
  CHECK(best_file_driver("/proc/none") == "file");
  CHECK(std::filesystem::is_empty(scratch.path()));
}

TEST_CASE("drivers tell their options as Qubes does", "[drivers]") {
  std::map<std::string, std::string> told;
  for (const Driver& driver : drivers())
    for (const DriverOption& option : driver.options)
      told[std::string{driver.name}] += concat(option.name, option.is_required ? "! " : " ");
  CHECK(told ==
        std::map<std::string, std::string>{
            {"file", "revisions_to_keep dir_path! ephemeral_volatile "},
            {"file-reflink", "revisions_to_keep dir_path! setup_check ephemeral_volatile "},
            {"linux-kernel", "dir_path! "},
            {"lvm_thin", "revisions_to_keep volume_group! thin_pool! ephemeral_volatile "}});
}

TEST_CASE("a new pool gets its folder below the root", "[drivers]") {
  const ScratchRoot scratch;
  const Root root{scratch.path()};
  const std::string folder =
      GENERATE(as<std::string>{}, "/srv/a/pool", "/srv/a/pool/", "/srv//a/./pool");
  set_up_pool(root, "file", {{"dir_path", folder}});
  CHECK(open_pool("file", scratch.path() / "srv/a/pool"));
  CHECK_NOTHROW(set_up_pool(root, "file", {{"dir_path", folder}}));
}

TEST_CASE("a pool that cannot be is refused, and nothing made", "[drivers]") {
  const ScratchRoot scratch;
  const Root root{scratch.path()};
  CHECK_THROWS_WITH(set_up_pool(root, "file", {}), "missing required driver options: dir_path");
  for (const char* folder : {"", "pool", "/a/../../b"})
    CHECK_THROWS_WITH(set_up_pool(root, "file", {{"dir_path", folder}}),
                      Contains("must be an absolute path"));
  CHECK_THROWS_AS(set_up_pool(root, "zfs", {{"dir_path", "/a"}}), Fault);
  CHECK(std::filesystem::is_empty(scratch.path()));
  write_head(scratch.path() / "file", "x");
  CHECK_THROWS_AS(set_up_pool(root, "file", {{"dir_path", "/file"}}), Fault);
}
