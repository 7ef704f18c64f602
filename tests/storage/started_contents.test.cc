// SPDX-License-Identifier: GPL-2.0-or-later

// Snapshots, sizes and sources of volumes that a guest uses.

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/fault.h"
#include "pool_world.h"
#include "storage/loop.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

struct InUse : PoolWorld {
  InUse() { put(kVid, "first"); }

  void put(const Vid& vid, const std::string& text) {
    const fs::path image = outside.path() / text;
    make_image(image, kMiB, {{0, text}});
    import_file(vid, image);
  }

  void start_and_write(const VolumeSpec& volume, const std::string& text) {
    guest = pool.start(volume);
    write_head(guest.device, text);
  }

  void stop(const VolumeSpec& volume) {
    guest = {};
    pool.stop(volume);
  }

  off_t device_size() const {
    const Descriptor device{open(guest.device.c_str(), O_RDONLY | O_CLOEXEC)};
    return lseek(device.number(), 0, SEEK_END);
  }

  std::string revision(const std::string& id) const {
    for (const auto& entry : fs::directory_iterator{file("").parent_path()})
      if (entry.path().filename().string().starts_with("private.img." + id + "@"))
        return head(entry.path(), 5);
    return "none";
  }

  ScratchRoot outside;
};

}  // namespace

TEST_CASE_METHOD(InUse, "a snapshot of a running guest keeps what it has written", "[file_pool]") {
  start_and_write(persistent(), "SECON");
  CHECK(pool.snapshot(persistent()) == "1");
  CHECK(pool.snapshot(persistent()) == "1");
  write_head(guest.device, "THIRD");
  CHECK(pool.snapshot(persistent()) == "2");
  CHECK(revision("1") == "SECON");
  CHECK(revision("2") == "THIRD");
  stop(persistent(5));
  CHECK(revision("3") == "first");
  CHECK(head(file(".img"), 5) == "THIRD");
  pool.revert(persistent(), "1");
  CHECK(head(file(".img"), 5) == "SECON");
}

TEST_CASE_METHOD(InUse, "a snapshot before the guest writes is the committed content",
                 "[file_pool]") {
  guest = pool.start(persistent());
  CHECK(pool.snapshot(persistent()) == "1");
  CHECK(fs::hard_link_count(file(".img")) == 2);
  stop(persistent());
  CHECK(revisions() == Names{"1"});
  CHECK(revision("1") == "first");
}

TEST_CASE_METHOD(InUse, "a guest never writes into a revision", "[file_pool]") {
  pool.snapshot(persistent(-1));
  VolumeSpec volume = persistent(-1);
  if (GENERATE(true, false)) volume.pinned = {"1"};
  start_and_write(volume, "SECON");
  CHECK(revision("1") == "first");
  stop(volume);
  CHECK(head(file(".img"), 5) == "SECON");
  CHECK(revision("1") == (volume.pinned.empty() ? "none" : "first"));
}

TEST_CASE_METHOD(InUse, "a guest never writes into what somebody reads", "[file_pool]") {
  const Descriptor read = pool.read(kVid);
  start_and_write(persistent(-1), "SECON");
  std::string bytes(5, '\0');
  CHECK(read_full(read.number(), bytes) == 5);
  CHECK(bytes == "first");
  stop(persistent(-1));
  CHECK(head(file(".img"), 5) == "SECON");
  start_and_write(persistent(-1), "THIRD");
  CHECK_THROWS_WITH(pool.read(kVid), Contains("is missing"));
}

TEST_CASE_METHOD(InUse, "a running guest's device grows at once", "[file_pool]") {
  const int keep = GENERATE(1, -1);
  start_and_write(persistent(keep), "SECON");
  pool.resize(persistent(keep), 3 * kMiB);
  CHECK(device_size() == 3 * kMiB);
  CHECK_THROWS_WITH(pool.resize(persistent(keep), kMiB),
                    "'appvms/work/private-dirty.img' has 3145728 bytes and cannot shrink while it "
                    "is used");
  CHECK(device_size() == 3 * kMiB);
  stop(persistent(keep));
  CHECK(fs::file_size(file(".img")) == 3 * kMiB);
  CHECK(head(file(".img"), 5) == "SECON");
}

TEST_CASE_METHOD(InUse, "a new size survives a start that is cancelled", "[file_pool]") {
  guest = pool.start(persistent());
  pool.resize(persistent(), 3 * kMiB);
  guest = {};
  pool.cancel(persistent());
  pool.stop(persistent());
  CHECK(fs::file_size(file(".img")) == 3 * kMiB);
}

TEST_CASE_METHOD(InUse, "a snapshot is outdated once its source is committed", "[file_pool]") {
  const Vid source = "vm-templates/t/root";
  put(source, "templ");
  VolumeSpec templ = persistent();
  templ.vid = source;
  VolumeSpec root = snapshot(source);
  root.vid = "appvms/work/root";
  CHECK_FALSE(pool.is_outdated(root));
  guest = pool.start(root);
  CHECK_FALSE(pool.is_outdated(root));
  {
    const StartedVolume running = pool.start(templ);
    write_head(running.device, "TEMPL");
    CHECK_FALSE(pool.is_outdated(root));
  }
  pool.snapshot(templ);
  CHECK_FALSE(pool.is_outdated(root));
  pool.stop(templ);
  CHECK(pool.is_outdated(root));
  stop(root);
  CHECK_FALSE(pool.is_outdated(root));
  guest = pool.start(root);
  CHECK_FALSE(pool.is_outdated(root));
}

TEST_CASE_METHOD(InUse, "the content of a device can be copied", "[file_pool]") {
  guest = pool.start(persistent());
  write_head(guest.device, "SECON");
  const Descriptor device{open(guest.device.c_str(), O_RDONLY | O_CLOEXEC)};
  put("b/private", "other");
  VolumeSpec other = persistent();
  other.vid = "b/private";
  pool.copy(other, device, kMiB);
  CHECK(content(path() / "b/private.img") == "SECON" + std::string(kMiB - 5, '\0'));
  CHECK(bytes_on_disk(path() / "b/private.img") <= 4 * kKiB);
}
