// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/loop.h"

#include <fcntl.h>
#include <linux/loop.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <fstream>
#include <optional>
#include <vector>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

constexpr int kAttempts = 64;

// The content belongs to a guest: its partition table is never looked at here (no PARTSCAN).
// Not by direct I/O either: measured, small reads take 4 to 70 times as long without the cache.
loop_config configuration(int file, LoopAccess access) {
  loop_config config{};
  config.fd = static_cast<unsigned>(file);
  config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
  if (access == LoopAccess::read_only) config.info.lo_flags |= LO_FLAGS_READ_ONLY;
  return config;
}

// Nothing where somebody else took the device between our asking and our opening it.
std::optional<StartedVolume> attempt(const Descriptor& control, int file, LoopAccess access) {
  const int number = ioctl(control.number(), LOOP_CTL_GET_FREE);
  if (number < 0) throw system_fault("get a free loop device");
  std::string device = concat("/dev/loop", number);
  Descriptor holder{open(device.c_str(), O_RDWR | O_CLOEXEC)};
  if (!holder) throw system_fault(concat("open '", device, "'"));
  const loop_config config = configuration(file, access);
  if (ioctl(holder.number(), LOOP_CONFIGURE, &config) == 0)
    return StartedVolume{std::move(device), std::move(holder)};
  if (errno == EBUSY) return std::nullopt;
  throw system_fault(concat("set up '", device, "'"));
}

std::vector<std::string> loops_of(const fs::path& file) {
  std::vector<std::string> devices;
  std::error_code ignored;
  const fs::path real = fs::canonical(file, ignored);
  if (real.empty()) return devices;
  for (LoopDevice& loop : loop_devices())
    if (loop.file == real) devices.push_back(std::move(loop.device));
  return devices;
}

}  // namespace

StartedVolume make_loop(int file, LoopAccess access) {
  const Descriptor control{open("/dev/loop-control", O_RDWR | O_CLOEXEC)};
  if (!control) throw system_fault("open '/dev/loop-control'");
  for (int tried = 0; tried < kAttempts; ++tried)
    if (auto made = attempt(control, file, access)) return std::move(*made);
  throw Fault{FaultKind::busy, "every free loop device was taken by others; try again"};
}

std::vector<LoopDevice> loop_devices() {
  std::vector<LoopDevice> devices;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{"/sys/block", ignored}) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("loop")) continue;
    std::ifstream backing{entry.path() / "loop/backing_file"};  // gone at any time
    if (std::string file; std::getline(backing, file)) devices.push_back({"/dev/" + name, file});
  }
  return devices;
}

void free_loop(const std::string& device) {
  const Descriptor opened{open(device.c_str(), O_RDWR | O_CLOEXEC)};
  if (opened && ioctl(opened.number(), LOOP_CLR_FD) == 0) return;
  if (errno != ENXIO) throw system_fault(concat("free '", device, "'"));
}

std::string loop_of(const fs::path& file) {
  const auto devices = loops_of(file);
  return devices.empty() ? "" : devices.front();
}

void fit_loops(const fs::path& file) {
  for (const std::string& device : loops_of(file)) {
    const Descriptor opened{open(device.c_str(), O_RDWR | O_CLOEXEC)};
    if (opened && ioctl(opened.number(), LOOP_SET_CAPACITY) == 0) continue;
    if (errno != ENXIO)  // not freed meanwhile
      throw system_fault(concat("tell '", device, "' its new size"));
  }
}

}  // namespace qubes::mgmt
