// SPDX-License-Identifier: GPL-2.0-or-later

// Each method of a pool is killed, and made to fail, before each system call that changes
// something. Nothing that was committed may be lost, and the same method called again finishes.

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
        revisions{world.pool.revisions(kVid)},
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
      {"start a snapshot", prepare_snapshot, {"start-dropped", kVid, kSource}},
      {"start a fresh one", prepare_nothing, {"start-dropped", kVid}},
      {"stop", prepare_written, {"stop", kVid, "2"}},
      {"stop and keep one", prepare_written, {"stop", kVid, "1"}},
      {"stop and keep none", prepare_written, {"stop", kVid, "0"}},
      {"stop in place", prepare_in_place, {"stop", kVid, "-1"}},
      {"stop a snapshot", prepare_snapshot, {"stop-dropped", kVid, kSource}},
      {"cancel", prepare_unwritten, {"cancel", kVid, "2"}},
      {"cancel after a crash", prepare_written, {"cancel", kVid, "2"}},
      {"cancel in place", prepare_in_place, {"cancel", kVid, "-1"}},
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
    if (fault.back() == "--full" && is_all_or_nothing(step) && !is_removal)
      CHECK((now.files == before.files || now.files == after.files));
    const Outcome repeated = call({}, step, world);
    INFO(repeated.report);
    CHECK(repeated.status == 0);
    CHECK(files_below(world.path()) == after.files);
    CHECK(world.pool.revisions(kVid) == after.revisions);
    return outcome.report.find("injected none") == std::string::npos;
  }

  static void check_between(const State& now, const State& before, const State& after) {
    const auto old = before.contents();
    const auto found = now.contents();
    for (const std::string& content : after.contents())
      if (old.contains(content)) CHECK(found.contains(content));
    if (now.is_started && before.is_started && after.revisions != Names{})
      CHECK(now.revisions == before.revisions);
  }

  // The others drop revisions, which they do after their decisive step.
  static bool is_all_or_nothing(const Step& step) {
    return !step.name.starts_with("stop") && step.name != "remove" && step.name != "start in place";
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
