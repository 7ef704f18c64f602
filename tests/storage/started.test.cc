// SPDX-License-Identifier: GPL-2.0-or-later
#include <catch2/catch.hpp>
#include <future>

#include "base/fault.h"
#include "pool_world.h"
#include "storage/kernel_pool.h"
#include "storage/loop.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

/// A guest is whoever writes to the device between a start and a stop.
struct Started : PoolWorld {
  Started() { put(kVid, "first"); }

  void put(const Vid& vid, const std::string& text) {
    const fs::path image = outside.path() / "image";
    make_image(image, kMiB, {{0, text}});
    import_file(vid, image);
  }

  void start_and_write(const VolumeSpec& volume, const std::string& text) {
    write_head(pool.start(volume).device, text);
  }

  void run(const std::string& text, int revisions_to_keep = 1) {
    start_and_write(persistent(revisions_to_keep), text);
    pool.stop(persistent(revisions_to_keep));
  }

  std::string committed() const { return content(file(".img")).substr(0, 5); }
  std::string running() const { return content(file("-dirty.img")).substr(0, 5); }
  std::string revision(const std::string& id) const {
    for (const auto& entry : fs::directory_iterator{file("").parent_path()})
      if (entry.path().filename().string().starts_with("private.img." + id + "@"))
        return content(entry.path()).substr(0, 5);
    return "none";
  }

  ScratchRoot outside;
};

}  // namespace

TEST_CASE_METHOD(Started, "what a guest writes is committed by stop only", "[file_pool]") {
  start_and_write(persistent(), "SECON");
  CHECK(pool.is_started(persistent()));
  CHECK(committed() == "first");
  pool.stop(persistent());
  CHECK_FALSE(pool.is_started(persistent()));
  CHECK(committed() == "SECON");
  CHECK(revision("1") == "first");
  CHECK(revisions() == Names{"1"});
}

TEST_CASE_METHOD(Started, "only the newest revisions are kept", "[file_pool]") {
  for (const char* text : {"two..", "three", "four.", "five."}) run(text, 2);
  CHECK(revisions() == Names{"3", "4"});
  CHECK(revision("3") == "three");
  CHECK(revision("4") == "four.");
  run("six..", 0);
  CHECK(pool.revisions(kVid).empty());
  CHECK(names() == Names{"private.img"});
}

TEST_CASE_METHOD(Started, "a start after a crash goes on with what was written", "[file_pool]") {
  start_and_write(persistent(), "SECON");
  const StartedVolume again = pool.start(persistent());
  CHECK(content(file("-dirty.img")).starts_with("SECON"));
  CHECK(committed() == "first");
}

TEST_CASE_METHOD(Started, "stop may be repeated, and is no fault for what is not started",
                 "[file_pool]") {
  run("SECON");
  CHECK_NOTHROW(pool.stop(persistent()));
  CHECK(revisions() == Names{"1"});
  CHECK(committed() == "SECON");
  VolumeSpec none = persistent();
  none.vid = "appvms/none/private";
  CHECK_NOTHROW(pool.stop(none));
  CHECK_NOTHROW(pool.cancel(none));
}

TEST_CASE_METHOD(Started, "a commit that was cut short makes no second revision", "[file_pool]") {
  run("SECON", 2);
  start_and_write(persistent(2), "THIRD");
  fs::create_hard_link(file(".img"), file(".img.2@2018-03-14T22:18:25Z"));
  CHECK(revisions() == Names{"1", "2"});
  pool.stop(persistent(2));
  CHECK(revisions() == Names{"1", "2"});
  CHECK(revision("1") == "first");
  CHECK(revision("2") == "SECON");
  CHECK(committed() == "THIRD");
}

TEST_CASE_METHOD(Started, "nothing is committed under a device in use", "[file_pool]") {
  const StartedVolume held = pool.start(persistent());
  // At once, as each waits for the device.
  auto stop = std::async(std::launch::async, [&] { pool.stop(persistent()); });
  auto start = std::async(std::launch::async, [&] { pool.start(persistent()); });
  auto cancel = std::async(std::launch::async, [&] { pool.cancel(persistent()); });
  CHECK_THROWS_WITH(stop.get(), Contains("is still used as " + held.device));
  CHECK_THROWS_AS(start.get(), Fault);
  CHECK_THROWS_AS(cancel.get(), Fault);
  CHECK(pool.is_started(persistent()));
}

TEST_CASE_METHOD(Started, "without revisions the image itself is written", "[file_pool]") {
  run("SECON");
  start_and_write(persistent(-1), "THIRD");
  CHECK(names() == Names{"private-dirty.img"});
  CHECK_NOTHROW(pool.verify(persistent(-1)));
  CHECK_THROWS_AS(pool.clone(kVid, "b/root"), Fault);
  pool.stop(persistent(-1));
  CHECK(committed() == "THIRD");
  CHECK(names() == Names{"private.img"});
  start_and_write(persistent(-1), "FOUR.");
  pool.stop(persistent(1));
  CHECK(committed() == "FOUR.");
  CHECK(pool.revisions(kVid).empty());
}

TEST_CASE_METHOD(Started, "a cancelled start leaves no trace", "[file_pool]") {
  run("SECON");
  const auto before = files_below(path());
  const int keep = GENERATE(1, 0);
  pool.start(persistent(keep));
  pool.cancel(persistent(keep));
  CHECK(files_below(path()) == before);
  CHECK_NOTHROW(pool.cancel(persistent(keep)));
  CHECK(files_below(path()) == before);
}

TEST_CASE_METHOD(Started, "a cancelled start in place gives the image back", "[file_pool]") {
  pool.start(persistent(-1));
  pool.cancel(persistent(-1));
  CHECK(committed() == "first");
  CHECK(names() == Names{"private.img"});
}

TEST_CASE_METHOD(Started, "cancelling drops nothing that an earlier guest wrote", "[file_pool]") {
  start_and_write(persistent(), "SECON");
  pool.start(persistent());
  pool.cancel(persistent());
  CHECK(running() == "SECON");
  pool.stop(persistent());
  CHECK(committed() == "SECON");
}

TEST_CASE_METHOD(Started, "a snapshot is a new copy at each start", "[file_pool]") {
  put("vm-templates/t/root", "templ");
  const VolumeSpec root{"appvms/work/root", VolumeKind::snapshot, 0, "vm-templates/t/root", 0};
  start_and_write(root, "DIRTY");
  CHECK(pool.is_started(root));
  CHECK(content(path() / "vm-templates/t/root.img").starts_with("templ"));
  const std::string device = pool.start(root).device;
  CHECK(content(path() / "appvms/work/root-dirty.img").starts_with("templ"));
  CHECK(fs::file_size(path() / "appvms/work/root-dirty.img") == kMiB);
  const bool stops = GENERATE(true, false);
  stops ? pool.stop(root) : pool.cancel(root);
  CHECK_FALSE(pool.is_started(root));
  CHECK(names() == Names{"private.img"});
}

TEST_CASE_METHOD(Started, "a snapshot shows the committed content of a running source",
                 "[file_pool]") {
  const StartedVolume source = pool.start(persistent());
  write_head(source.device, "SECON");
  VolumeSpec copy = snapshot(kVid);
  copy.vid = "dispvms/d/private";
  const StartedVolume started = pool.start(copy);
  CHECK(content(path() / "dispvms/d/private-dirty.img").starts_with("first"));
}

TEST_CASE_METHOD(Started, "a fresh volume is empty at each start", "[file_pool]") {
  VolumeSpec swap = fresh(8 * kMiB);
  swap.vid = "dispvms/d/volatile";
  start_and_write(swap, "dirty");
  CHECK(pool.usage(swap) > 0);
  const StartedVolume again = pool.start(swap);
  CHECK(content(path() / "dispvms/d/volatile-dirty.img") == std::string(8 * kMiB, '\0'));
  pool.stop(swap);
  CHECK_FALSE(fs::exists(path() / "dispvms"));
}

TEST_CASE_METHOD(Started, "a start that cannot be leaves all as it was", "[file_pool]") {
  const auto before = files_below(path());
  VolumeSpec lost = snapshot("none/root");
  lost.vid = "dispvms/d/root";
  CHECK_THROWS_WITH(pool.start(lost), "the image 'none/root.img' is missing");
  VolumeSpec missing = persistent();
  missing.vid = "appvms/none/private";
  CHECK_THROWS_WITH(pool.start(missing), "the image 'appvms/none/private.img' is missing");
  CHECK(files_below(path()) == before);
}

TEST_CASE_METHOD(Started, "a volume that no VM owns has nothing to start", "[file_pool]") {
  const VolumeSpec fixed{"6.1-1", VolumeKind::fixed, 0, std::nullopt, 0};
  CHECK(pool.start(fixed).device.empty());
  CHECK_NOTHROW(pool.stop(fixed));
  CHECK_NOTHROW(pool.cancel(fixed));
  CHECK_FALSE(pool.is_started(fixed));
  CHECK(pool.usage(fixed) == 0);
}

TEST_CASE("a kernel's modules are a read-only device", "[kernel_pool]") {
  const ScratchRoot scratch;
  fs::create_directory(scratch.path() / "6.1-1");
  write_head(scratch.path() / "6.1-1/vmlinuz", "kernel");
  make_image(scratch.path() / "6.1-1/modules.img", kMiB, {{0, "modules"}});
  KernelPool pool{Folder{scratch.path()}};
  const StartedVolume started = pool.start({"6.1-1", VolumeKind::fixed, 0, std::nullopt, 0});
  CHECK(loop_of(scratch.path() / "6.1-1/modules.img") == started.device);
  CHECK(head("/sys/block/" + started.device.substr(5) + "/ro", 1) == "1");
}
