// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/drivers.h"

#include <catch2/catch.hpp>

#include "base/fault.h"
#include "images.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using Catch::Matchers::Contains;

TEST_CASE("each driver opens a folder", "[drivers]") {
  const ScratchRoot scratch;
  CHECK(driver_names() == std::vector<std::string_view>{"file-reflink", "file", "linux-kernel"});
  for (const auto name : driver_names()) CHECK(open_pool(name, scratch.path()));
  CHECK(open_pool("file", scratch.path())->space());
  CHECK_FALSE(open_pool("linux-kernel", scratch.path())->space());
}

TEST_CASE("a driver or folder that is not there is told", "[drivers]") {
  const ScratchRoot scratch;
  CHECK_THROWS_WITH(open_pool("zfs", scratch.path()), "driver 'zfs' is not available");
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
