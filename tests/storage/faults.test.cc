// SPDX-License-Identifier: GPL-2.0-or-later

// Each method of a pool is killed, and made to fail, before each system call that changes
// something. Nothing that was committed may be lost, and the same method called again finishes.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <functional>
#include <set>

#include "base/text.h"
#include "exercise.h"
#include "file_system.h"
#include "pool_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
namespace fs = std::filesystem;

namespace {

using Files = std::map<std::string, std::string>;

constexpr std::size_t kImage = 64 * kKiB;
const Vid kSource = "vm-templates/t/root";

/// A method, and the state of the pool that it is called in.
struct Step {
  std::string name;
  std::function<void(PoolWorld&)> prepare;
  Words words;
};

struct State {
  explicit State(const PoolWorld& world)
      : files{files_below(world.path())},
        revisions{world.revisions()},
        is_started{world.pool.is_started(world.persistent())} {}

  /// What images hold, whichever of a volume's images it is.
  std::set<std::string> contents() const {
    std::set<std::string> found;
    for (const auto& [name, content] : files)
      if (name.find('~') == name.npos && !name.ends_with("-import.img")) found.insert(content);
    return found;
  }

  Files files;
  Names revisions;
  bool is_started;
};

void put(PoolWorld& world, const Vid& vid, const std::string& text) {
  const ScratchRoot outside;
  make_image(outside.path() / "image", kImage, {{0, text}, {kImage / 2, text}});
  world.import_file(vid, outside.path() / "image");
}

void write(PoolWorld& world, const std::string& text, int revisions_to_keep) {
  write_head(world.pool.start(world.persistent(revisions_to_keep)).device, text);
}

void run(PoolWorld& world, const std::string& text, int revisions_to_keep) {
  write(world, text, revisions_to_keep);
  world.pool.stop(world.persistent(revisions_to_keep));
}

void prepare_nothing(PoolWorld&) {}

void prepare_source(PoolWorld& world) { put(world, kSource, "template"); }

void prepare_clean(PoolWorld& world) {
  prepare_source(world);
  put(world, kVid, "one");
  run(world, "two", 2);
  run(world, "three", 2);
}

void prepare_written(PoolWorld& world) {
  prepare_clean(world);
  write(world, "four", 2);
}

void prepare_unwritten(PoolWorld& world) {
  prepare_clean(world);
  world.pool.start(world.persistent(2));
}

void prepare_in_use(PoolWorld& world) {
  prepare_clean(world);
  world.guest = world.pool.start(world.persistent(2));
  write_head(world.guest.device, "four");
}

void prepare_kept(PoolWorld& world) {
  prepare_clean(world);
  world.pool.snapshot(world.persistent(2));
}

void prepare_reverted(PoolWorld& world) {
  prepare_clean(world);
  world.pool.revert(world.persistent(2), "1");
  write(world, "four", 2);
}

void prepare_in_place(PoolWorld& world) {
  prepare_clean(world);
  write(world, "four", -1);
}

void prepare_snapshot(PoolWorld& world) {
  prepare_source(world);
  write_head(world.pool.start(world.snapshot(kSource)).device, "dropped");
}

/// An image beside the build, as the program is given it by name.
const fs::path& import_source() {
  static const ScratchRoot scratch;
  static const fs::path image = scratch.path() / "image";
  if (!fs::exists(image)) make_image(image, kImage, {{0, "imported"}, {kImage - 8, "imported"}});
  return image;
}

std::vector<Step> steps() {
  return {
      {"create", prepare_nothing, {"create", kVid, "1048576"}},
      {"import", prepare_nothing, {"import", kVid, import_source()}},
      {"clone", prepare_source, {"clone", kSource, kVid}},
      {"start", prepare_clean, {"start", kVid, "2"}},
      {"start after a crash", prepare_written, {"start", kVid, "2"}},
      {"start in place", prepare_clean, {"start", kVid, "-1"}},
      {"start in place a kept one", prepare_kept, {"start", kVid, "-1"}},
      {"start a snapshot", prepare_snapshot, {"start-dropped", kVid, kSource}},
      {"start a fresh one", prepare_nothing, {"start-dropped", kVid}},
      {"stop", prepare_written, {"stop", kVid, "2"}},
      {"stop and keep one", prepare_written, {"stop", kVid, "1"}},
      {"stop and keep a pinned one", prepare_written, {"stop", kVid, "1", "1"}},
      {"stop after a revert", prepare_reverted, {"stop", kVid, "1"}},
      {"stop and keep none", prepare_written, {"stop", kVid, "0"}},
      {"stop in place", prepare_in_place, {"stop", kVid, "-1"}},
      {"stop a snapshot", prepare_snapshot, {"stop-dropped", kVid, kSource}},
      {"cancel", prepare_unwritten, {"cancel", kVid, "2"}},
      {"cancel after a crash", prepare_written, {"cancel", kVid, "2"}},
      {"cancel in place", prepare_in_place, {"cancel", kVid, "-1"}},
      {"snapshot", prepare_clean, {"snapshot", kVid, "2"}},
      {"snapshot of an unwritten one", prepare_unwritten, {"snapshot", kVid, "2"}},
      {"snapshot in use", prepare_in_use, {"snapshot", kVid, "2"}},
      {"snapshot in place", prepare_in_place, {"snapshot", kVid, "2"}},
      {"revert", prepare_clean, {"revert", kVid, "2", "1"}},
      {"grow", prepare_clean, {"resize", kVid, "2", "131072"}},
      {"shrink", prepare_kept, {"resize", kVid, "2", "32768"}},
      {"grow in use", prepare_in_use, {"resize", kVid, "2", "131072"}},
      {"replace", prepare_clean, {"replace", kVid, "2", import_source(), "65536"}},
      {"clear", prepare_clean, {"clear", kVid, "2"}},
      {"copy", prepare_kept, {"copy", kVid, "1", kSource, "65536"}},
      {"remove", prepare_written, {"remove", kVid}},
  };
}

class Campaign {
 public:
  Campaign(fs::path parent, CopyBy copy_by) : parent_{std::move(parent)}, copy_by_{copy_by} {}

  void run(const Step& step) {
    INFO(step.name);
    PoolWorld world{parent_, copy_by_};
    step.prepare(world);
    const State before{world};
    REQUIRE(call({}, step, world).status == 0);
    const State after{world};
    int points = 0;
    while (hit({"kill", std::to_string(points + 1)}, step, before, after)) ++points;
    CHECK((points > 0 || before.files == after.files));
    for (int point = 1; point <= points; ++point) {
      CHECK(hit({"fail", std::to_string(point), "ENOSPC", "--full"}, step, before, after));
      CHECK(hit({"fail", std::to_string(point), "EIO"}, step, before, after));
      if (copy_by_ == CopyBy::extents)
        CHECK(hit({"fail", std::to_string(point), "EIO", "--sticky"}, step, before, after));
    }
    std::printf("%-22s %3d points\n", step.name.c_str(), points);
    total += points;
  }

  int total = 0;

 private:
  /// Says whether the point was there at all.
  bool hit(const Words& fault, const Step& step, const State& before, const State& after) {
    INFO(join(fault, " "));
    PoolWorld world{parent_, copy_by_};
    step.prepare(world);
    const Outcome outcome = call(fault, step, world);
    INFO(outcome.report);
    const State now{world};
    check_between(now, before, after);
    const bool is_removal = outcome.report.find("unlinkat") != std::string::npos;
    if (fault.back() == "--full" && step.name != "remove" && !is_removal) {
      const Files found = decided(step, now);
      CHECK((found == decided(step, before) || found == decided(step, after)));
    }
    const Outcome repeated = call({}, step, world);
    INFO(repeated.report);
    CHECK(repeated.status == 0);
    CHECK(files_below(world.path()) == after.files);
    CHECK(world.revisions() == after.revisions);
    CHECK(world.pool.leftovers().empty());
    check_device(world);
    return outcome.report.find("injected none") == std::string::npos;
  }

  static void check_between(const State& now, const State& before, const State& after) {
    const auto old = before.contents();
    const auto found = now.contents();
    for (const std::string& content : after.contents())
      if (old.contains(content)) CHECK(found.contains(content));
    if (now.is_started && before.is_started && after.revisions != Names{})
      CHECK(now.revisions.size() >= before.revisions.size());
  }

  static void check_device(const PoolWorld& world) {
    if (world.guest.device.empty()) return;
    const Descriptor device{open(world.guest.device.c_str(), O_RDONLY | O_CLOEXEC)};
    CHECK(lseek(device.number(), 0, SEEK_END) ==
          static_cast<off_t>(fs::file_size(world.file("-dirty.img"))));
  }

  // What is all or nothing. Around its decisive step a commit keeps and drops revisions, and what
  // drops an image goes on to its empty folders; a failure does not take that back.
  static Files decided(const Step& step, const State& state) {
    const std::set<std::string> commits{"stop",    "start in place", "revert",
                                        "replace", "clear",          "copy"};
    Files found = state.files;
    if (std::any_of(commits.begin(), commits.end(),
                    [&](const std::string& start) { return step.name.starts_with(start); }))
      std::erase_if(found, [](const auto& file) {
        const std::string name = fs::path{file.first}.filename();
        return file.second == "a folder" || ImageNames{kVid}.revision_number(name + "@");
      });
    return found;
  }

  Outcome call(const Words& fault, const Step& step, const PoolWorld& world) const {
    return exercise(fault, copy_by_, world.path(), step.words);
  }

  fs::path parent_;
  CopyBy copy_by_;
};

void run_campaign(const std::string& type, CopyBy copy_by) {
  const FileSystem system{type};
  Campaign campaign{system.mounted(), copy_by};
  for (const Step& step : steps()) campaign.run(step);
  std::printf("%s: %d points\n", type.c_str(), campaign.total);
}

}  // namespace

TEST_CASE("on ext4 nothing is lost or left, wherever a method is cut", "[ext4]") {
  run_campaign("ext4", CopyBy::extents);
}

TEST_CASE("on XFS nothing is lost or left, wherever a method is cut", "[xfs]") {
  run_campaign("xfs", CopyBy::reflink);
}

TEST_CASE("on btrfs nothing is lost or left, wherever a method is cut", "[btrfs]") {
  run_campaign("btrfs", CopyBy::reflink);
}
