// SPDX-License-Identifier: GPL-2.0-or-later
// The same for calls that change volumes: what was acknowledged is never lost, and no content is
// kept twice.
#include "tools/faults/campaign.h"

using namespace qubes::mgmt::test;

namespace {

using Words = std::vector<std::string>;

const std::string kFormer(4096, 'f');
const std::string kNew(8192, 'n');

std::string sized(const std::string& content) {
  return std::to_string(content.size()) + "\n" + content;
}

std::string content(const World& world) {
  return world.shell({"mgmt.vm.volume.Export", "work", "private"}).out;
}

std::string snapshots(const World& world) {
  return world.shell({"mgmt.vm.volume.ListSnapshots", "work", "private"}).out;
}

void prepare(const World& world) {
  check_done(world.shell({"mgmt.vm.CreateTemplate", "deb"}, some_image(512)));
  check_done(world.shell({"mgmt.vm.Create.AppVM", "deb", "name=work", "label=red"}));
  check_done(world.shell({"mgmt.vm.volume.Set.revisions_to_keep", "work", "private", "5"}));
  // The empty content that it was made with becomes the first snapshot.
  check_done(world.shell({"mgmt.vm.volume.ImportWithSize", "work", "private"}, sized(kFormer)));
}

void prepare_snapshot(const World& world) {
  prepare(world);
  check_done(world.shell({"mgmt.vm.volume.Snapshot", "work", "private", "good"}), "2");
  check_done(world.shell({"mgmt.vm.volume.ImportWithSize", "work", "private"}, sized(kNew)));
}

void prepare_pool(const World& world) {
  prepare(world);
  check_done(world.shell({"mgmt.pool.volume.Create", "varlibqubes", "name=more", "size=512"}),
             "volumes/more");
}

auto shell(Words words, std::string input = {}) {
  return [=](const World& world) { return world.shell_program(words, input); };
}

// The former content is still there, once, where it is no longer the present one.
bool keeps_former(const World& world) {
  return content(world) == kFormer || snapshots(world) == "1\n2\n";
}

const Campaign kSnapshot{
    "volume.Snapshot", 1, prepare, shell({"mgmt.vm.volume.Snapshot", "work", "private", "good"}),
    [](const World& world) {
      CHECK(content(world) == kFormer);
      return world.query("SELECT name FROM volume_snapshot") == Words{"good"} &&
             snapshots(world) == "1\n2\n";
    }};

const Campaign kImport{
    "volume.ImportWithSize", 0, prepare,
    shell({"mgmt.vm.volume.ImportWithSize", "work", "private"}, sized(kNew)),
    [](const World& world) {
      CHECK(keeps_former(world));
      return content(world) == kNew &&
             world.query("SELECT size FROM volume WHERE vm = 2 AND name = 'private'") ==
                 Words{"8192"};
    }};

const Campaign kRevert{"volume.Revert", 0, prepare_snapshot,
                       shell({"mgmt.vm.volume.Revert", "work", "private", "good"}),
                       [](const World& world) {
                         CHECK((content(world) == kNew || snapshots(world) == "1\n2\n3\n"));
                         return content(world) == kFormer;
                       }};

const Campaign kClear{"volume.Clear", 0, prepare,
                      shell({"mgmt.vm.volume.Clear", "work", "private"}), [](const World& world) {
                        CHECK(keeps_former(world));
                        return content(world) == std::string(4096, '\0');
                      }};

const Campaign kShrink{"volume.Resize", 0, prepare,
                       shell({"mgmt.vm.volume.Resize", "work", "private", "512"}),
                       [](const World& world) {
                         CHECK(keeps_former(world));
                         return content(world) == kFormer.substr(0, 512);
                       }};

const Campaign kAttach{"volume.Attach", 0, prepare_pool,
                       shell({"mgmt.vm.volume.Attach", "work", "varlibqubes", "volumes/more"}),
                       [](const World& world) {
                         return world.query(
                                    "SELECT frontend FROM volume WHERE vm = 2 AND name = "
                                    "'more'") == Words{"xvde"};
                       }};

const Campaign kCreate{"pool.volume.Create", 1, prepare,
                       shell({"mgmt.pool.volume.Create", "varlibqubes", "name=more", "size=512"}),
                       [](const World& world) {
                         return !world.query("SELECT 1 FROM volume WHERE vm IS NULL").empty();
                       }};

const Campaign kRemove{"pool.volume.Remove", 1, prepare_pool,
                       shell({"mgmt.pool.volume.Remove", "varlibqubes", "volumes/more"}),
                       [](const World& world) {
                         return world.query("SELECT 1 FROM volume WHERE vm IS NULL").empty();
                       }};

}  // namespace

TEST_CASE("a volume call that breaks off loses nothing", "[faults]") {
  const Campaign& campaign = *GENERATE(
      values({&kSnapshot, &kImport, &kRevert, &kClear, &kShrink, &kAttach, &kCreate, &kRemove}));
  const Blow blow = GENERATE(Blow::kill, Blow::no_space, Blow::io_error);
  run_campaign(campaign, blow);
}
