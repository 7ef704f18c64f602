// SPDX-License-Identifier: GPL-2.0-or-later

// What may be done to the volumes of a guest that runs, seen from within a real Linux guest.

#include <filesystem>

#include "base/text.h"
#include "life_world.h"
#include "linux_guest.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

/// Runs a call that is none of `mgmt.vm.*`, or a program that is no call.
std::string tool(const std::string& name, std::vector<std::string> words) {
  words.insert(words.begin(), LifeWorld::tools_folder() / name);
  return run(words);
}

std::string line(std::string text) {
  REQUIRE(text.ends_with('\n'));
  text.pop_back();
  return text;
}

/// A Linux guest that has said `first` in /rw/note, and runs.
struct LinuxWorld : LifeWorld {
  LinuxWorld() {
    make_linux_vm("job");
    done("Start", {"job"});
    say("first");
  }

  ~LinuxWorld() {
    begin("Kill", {"job"}).wait();
    done("Remove", {"job"});
    done("Remove", {"linux"});
    CHECK(tool("mgmt-doctor", {}) == "all is well\n");
  }

  static void say(const std::string& what) { in_guest("job", "echo " + what + " >/rw/note; sync"); }
  static std::string said() { return line(in_guest("job", "cat /rw/note")); }

  void restart() const {
    done("Shutdown", {"job", "wait"});
    done("Start", {"job"});
  }
};

}  // namespace

TEST_CASE_METHOD(LinuxWorld, "a snapshot of a running guest, and the ways back", "[volumes]") {
  done("volume.Snapshot", {"job", "private", "good"});
  CHECK(said() == "first");
  say("second");
  refused(1, "volume.Revert", {"job", "private", "good"});
  done("Shutdown", {"job", "wait"});
  done("volume.Revert", {"job", "private", "good"});
  done("Start", {"job"});
  CHECK(said() == "first");
  say("third");

  // The state before the revert is the newest one without a name.
  done("Shutdown", {"job", "wait"});
  const auto snapshots = split(done("volume.ListSnapshots", {"job", "private"}), '\n');
  INFO(join(snapshots, "; "));
  REQUIRE(snapshots.size() >= 3);
}

TEST_CASE_METHOD(LinuxWorld, "a volume grows under its guest", "[volumes]") {
  const std::string size = "cat /sys/block/xvdb/size";
  CHECK(in_guest("job", size) == "4194304\n");
  done("volume.Extend", {"job", "private", "3221225472"});
  CHECK(eventually([&] { return in_guest("job", size) == "6291456\n"; }));
  refused(1, "volume.Extend", {"job", "private", "1048576"});
  CHECK(said() == "first");
  restart();
  CHECK(in_guest("job", size) == "6291456\n");
  CHECK(said() == "first");
}

TEST_CASE_METHOD(LinuxWorld, "a volume is lent to a running guest, and to later ones",
                 "[volumes]") {
  const std::string vid =
      tool("mgmt.pool.volume.Create", {"varlibqubes", "name=archive", "size=16777216"});
  done("volume.Attach", {"job", "varlibqubes", vid});
  CHECK(eventually([&] { return in_guest("job", "cat /sys/block/xvde/size") == "32768\n"; }));
  done("volume.Attach", {"job", "varlibqubes", vid});  // as where the first was not heard of
  in_guest("job",
           "mke2fs -q /dev/xvde; mkdir -p /tmp/a; mount /dev/xvde /tmp/a; "
           "echo archived >/tmp/a/note; umount /tmp/a");
  restart();
  const std::string read =
      "mkdir -p /tmp/a; mount -o ro /dev/xvde /tmp/a; cat /tmp/a/note; umount /tmp/a";
  CHECK(in_guest("job", read) == "archived\n");
  done("volume.Detach", {"job", "archive"});
  CHECK(eventually(
      [] { return in_guest("job", "ls /sys/block").find("xvde") == std::string::npos; }));
  restart();
  CHECK(in_guest("job", "ls /sys/block").find("xvde") == std::string::npos);
  done("volume.Attach", {"job", "varlibqubes", vid});
  CHECK(eventually([&] { return in_guest("job", read) == "archived\n"; }));
  done("volume.Detach", {"job", "archive"});
  CHECK(tool("mgmt.pool.volume.Remove", {"varlibqubes", vid}) == "");
}

TEST_CASE_METHOD(LinuxWorld, "a template changes while its VMs run", "[volumes]") {
  const std::string note = "cat /etc/made-of 2>/dev/null || echo nothing";
  CHECK(in_guest("job", note) == "nothing\n");
  // Another template, changed by its own guest, becomes the content of this one.
  done("Create.StandaloneVM", {"name=maker", "label=red"});
  const std::string copy = done("volume.CloneFrom", {"linux", "root"});
  done("volume.CloneTo", {"maker", "root", copy});
  for (const auto& [property, value] :
       Settings{{"virt_mode", "pv"}, {"kernel", "6.1"}, {"memory", "128"}, {"maxmem", "0"}})
    done("property.Set", {"maker", property, value});
  done("Start", {"maker"});
  in_guest("maker", "echo another >/etc/made-of; sync");
  refused(1, "volume.CloneTo", {"maker", "root", done("volume.CloneFrom", {"linux", "root"})});
  done("Shutdown", {"maker", "wait"});
  done("volume.CloneTo", {"linux", "root", done("volume.CloneFrom", {"maker", "root"})});
  CHECK(in_guest("job", note) == "nothing\n");
  CHECK(done("volume.Info", {"job", "root"}).find("is_outdated=True") != std::string::npos);
  restart();
  CHECK(in_guest("job", note) == "another\n");
  CHECK(done("volume.Info", {"job", "root"}).find("is_outdated=False") != std::string::npos);
  done("Remove", {"maker"});
}

TEST_CASE_METHOD(LinuxWorld, "what a volume in use refuses", "[volumes]") {
  for (const auto& [call, words] : std::vector<std::pair<std::string, std::vector<std::string>>>{
           {"volume.Revert", {"job", "private", "1"}},
           {"volume.Clear", {"job", "private"}},
           {"volume.Import", {"job", "private"}},
           {"volume.Set.rw", {"job", "private", "False"}}})
    CHECK_THAT(refused(1, call, words), Catch::Contains("shut it down first"));
  CHECK(said() == "first");
}
