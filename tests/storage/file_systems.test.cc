// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/fault.h"
#include "file_system.h"
#include "pool_world.h"
#include "storage/drivers.h"
#include "storage/shared_extents.h"
#include "storage/sparse.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

void make_source(PoolWorld& world) {
  const ScratchRoot outside;
  make_image(outside.path() / "image", 8 * kGiB, {{0, std::string(20 * kMiB, 'x')}});
  world.import_file(kVid, outside.path() / "image");
}

std::uint64_t used(const PoolWorld& world) { return world.pool.space()->usage; }

void discard(const std::string& device) {
  const Descriptor opened{open(device.c_str(), O_RDWR | O_CLOEXEC)};
  const std::uint64_t range[] = {0, kMiB};
  REQUIRE(ioctl(opened.number(), BLKDISCARD, range) == 0);
}

}  // namespace

TEST_CASE("the best driver is the one that the file system can do", "[drivers]") {
  CHECK(best_file_driver(FileSystem{"xfs"}.mounted()) == "file-reflink");
  CHECK(best_file_driver(FileSystem{"btrfs"}.mounted() / "to/be/made") == "file-reflink");
  CHECK(best_file_driver(FileSystem{"ext4"}.mounted()) == "file");
}

TEST_CASE("a pool of shared blocks is refused where there are none", "[drivers]") {
  const FileSystem ext4{"ext4"};
  const Root root{ext4.mounted()};
  PoolOptions options{{"dir_path", "/new/pool"}};
  CHECK_THROWS_WITH(set_up_pool(root, "file-reflink", options),
                    Contains("the file system of '/new/pool' cannot share blocks"));
  CHECK_FALSE(fs::exists(ext4.mounted() / "new"));
  options["setup_check"] = GENERATE(as<std::string>{}, "False", "0", "off", "");
  set_up_pool(root, "file-reflink", options);
  CHECK(fs::is_directory(ext4.mounted() / "new/pool"));
  const FileSystem xfs{"xfs"};
  CHECK_NOTHROW(set_up_pool(Root{xfs.mounted()}, "file-reflink", {{"dir_path", "/new/pool"}}));
}

TEST_CASE("a start, a stop and a clone take no space where blocks can be shared", "[file_pool]") {
  const FileSystem system{GENERATE(as<std::string>{}, "xfs", "btrfs")};
  PoolWorld world{system.mounted(), CopyBy::reflink};
  make_source(world);
  const std::uint64_t before = used(world);
  for (int i = 0; i < 30; ++i) {
    world.pool.clone(kVid, "clones/c/" + std::to_string(i));
    world.pool.start(world.persistent());
    world.pool.stop(world.persistent());
  }
  CHECK(used(world) < before + 10 * kMiB);
  CHECK(head(world.file(".img"), 4) == "xxxx");
}

TEST_CASE("a copy keeps its holes on each file system", "[file_pool]") {
  const FileSystem system{GENERATE(as<std::string>{}, "ext4", "xfs", "btrfs")};
  PoolWorld world{system.mounted(), CopyBy::extents};
  make_source(world);
  world.pool.clone(kVid, "clones/c/root");
  CHECK(bytes_on_disk(world.path() / "clones/c/root.img") < 21 * kMiB);
  CHECK(fs::file_size(world.path() / "clones/c/root.img") == 8 * kGiB);
}

TEST_CASE("what two images share is known without being read", "[sparse]") {
  const FileSystem system{GENERATE(as<std::string>{}, "xfs", "btrfs")};
  const auto [one, other] = std::pair{system.mounted() / "one", system.mounted() / "other"};
  make_image(one, 64 * kMiB, {{0, std::string(40 * kMiB, 'x')}});
  const Descriptor source{open(one.c_str(), O_RDWR | O_CLOEXEC)};
  const Descriptor copy{open(other.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
  REQUIRE(ioctl(copy.number(), FICLONE, source.number()) == 0);
  CHECK(shared_until(copy.number(), source.number(), 0) >= 4096);
  CHECK(is_same_content(copy.number(), source.number()));

  // Nobody has saved this yet: where the blocks lie does not tell of it.
  REQUIRE(pwrite(copy.number(), "y", 1, 20 * kMiB) == 1);
  CHECK_FALSE(is_same_content(copy.number(), source.number()));
  CHECK_FALSE(is_same_content(source.number(), copy.number()));
  REQUIRE(pwrite(copy.number(), "x", 1, 20 * kMiB) == 1);
  CHECK(is_same_content(copy.number(), source.number()));
}

TEST_CASE("any write of a guest marks its image as written", "[file_pool]") {
  const FileSystem system{GENERATE(as<std::string>{}, "ext4", "xfs", "btrfs")};
  PoolWorld world{system.mounted(), CopyBy::reflink};
  make_source(world);
  SECTION("writing") { write_head(world.pool.start(world.persistent()).device, "y"); }
  SECTION("discarding") { discard(world.pool.start(world.persistent()).device); }
  const std::string written = head(world.file("-dirty.img"), kMiB);
  CHECK(written != std::string(kMiB, 'x'));
  world.pool.cancel(world.persistent());
  CHECK(head(world.file("-dirty.img"), kMiB) == written);
}

TEST_CASE("a full disk is told, and an import on it leaves nothing", "[file_pool]") {
  const FileSystem system{GENERATE(as<std::string>{}, "ext4", "xfs", "btrfs")};
  PoolWorld world{system.mounted(), CopyBy::reflink};
  const Descriptor random{open("/dev/urandom", O_RDONLY | O_CLOEXEC)};
  try {
    world.pool.import(kVid, random.number(), world);
    FAIL("400 MiB hold everything");
  } catch (const Fault& fault) {
    CHECK(fault.kind() == FaultKind::io_failed);
    CHECK_THAT(fault.what(), Contains("No space left on device"));
  }
  CHECK(fs::is_empty(world.path()));
  CHECK_NOTHROW(world.pool.create(kVid, kGiB));
}
