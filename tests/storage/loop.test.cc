// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/loop.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <set>
#include <thread>

#include "file_system.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
namespace fs = std::filesystem;

namespace {

struct Loop : ScratchRoot {
  Loop() { make_image(image(), kMiB, {{0, "head"}}); }
  fs::path image() const { return path() / "image"; }
  Descriptor opened() const { return Descriptor{open(image().c_str(), O_RDWR | O_CLOEXEC)}; }
};

fs::path backing_file(const std::string& device) {
  return fs::path{"/sys/block"} / fs::path{device}.filename() / "loop/backing_file";
}

bool exists(const std::string& device) { return fs::exists(backing_file(device)); }

/// Others on the machine may look at a device for a moment.
bool goes_away(const std::string& device) {
  for (int i = 0; i < 200 && exists(device); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  return !exists(device);
}

}  // namespace

TEST_CASE_METHOD(Loop, "a device shows the file and writes to it", "[loop]") {
  {
    const StartedVolume volume = make_loop(opened().number(), LoopAccess::read_write);
    CHECK(loop_of(image()) == volume.device);
    Descriptor device{open(volume.device.c_str(), O_RDWR | O_CLOEXEC)};
    CHECK(lseek(device.number(), 0, SEEK_END) == static_cast<off_t>(kMiB));
    CHECK(content(image()).starts_with("head"));
    write_head(volume.device, "HEAD");
  }
  CHECK(content(image()).starts_with("HEAD"));
}

TEST_CASE_METHOD(Loop, "a read-only device cannot be written to", "[loop]") {
  const StartedVolume volume = make_loop(opened().number(), LoopAccess::read_only);
  const Descriptor device{open(volume.device.c_str(), O_RDWR | O_CLOEXEC)};
  CHECK_FALSE((device && pwrite(device.number(), "x", 1, 0) == 1));
  CHECK(content(image()).starts_with("head"));
}

TEST_CASE_METHOD(Loop, "the kernel frees a device with its last holder", "[loop]") {
  StartedVolume volume = make_loop(opened().number(), LoopAccess::read_write);
  Descriptor second{open(volume.device.c_str(), O_RDONLY | O_CLOEXEC)};
  volume.holder.reset();
  CHECK(exists(volume.device));
  CHECK_FALSE(loop_of(image()).empty());
  second.reset();
  CHECK(goes_away(volume.device));
  CHECK(loop_of(image()).empty());
}

TEST_CASE("a mount holds a device", "[loop]") {
  FileSystem system{"ext4"};
  CHECK(exists(system.device()));
  system.unmount();
  CHECK(goes_away(system.device()));
}

TEST_CASE_METHOD(Loop, "a killed process leaves no device", "[loop]") {
  const pid_t child = fork();
  if (child == 0) {
    const StartedVolume volume = make_loop(opened().number(), LoopAccess::read_write);
    write_head(path() / "device", volume.device);
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  const std::string device = content(path() / "device");
  CHECK(device.starts_with("/dev/loop"));
  for (int i = 0; i < 200 && !loop_of(image()).empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  CHECK(loop_of(image()).empty());
}

TEST_CASE_METHOD(Loop, "a removed or renamed file keeps its device", "[loop]") {
  const StartedVolume volume = make_loop(opened().number(), LoopAccess::read_write);
  fs::rename(image(), path() / "renamed");
  CHECK(loop_of(image()).empty());
  CHECK(loop_of(path() / "renamed") == volume.device);
  fs::remove(path() / "renamed");
  CHECK(head("/sys/block/" + volume.device.substr(5) + "/size", 4) == "2048");
}

TEST_CASE_METHOD(Loop, "many who want a device at once each get one", "[loop]") {
  constexpr int kMany = 24;
  std::vector<StartedVolume> volumes(kMany);
  {
    std::vector<std::jthread> threads;
    for (StartedVolume& volume : volumes)
      threads.emplace_back(
          [&, one = &volume] { *one = make_loop(opened().number(), LoopAccess::read_write); });
  }
  std::set<std::string> devices;
  for (const StartedVolume& volume : volumes) devices.insert(volume.device);
  CHECK(devices.size() == kMany);
}
