// SPDX-License-Identifier: GPL-2.0-or-later
#include "file_system.h"

#include <fcntl.h>
#include <sys/mount.h>

#include <stdexcept>

#include "base/process.h"
#include "storage/loop.h"

namespace qubes::mgmt::test {

namespace {

// In memory if possible: what a test does is durable at once.
std::filesystem::path parent() {
  const std::filesystem::path memory{"/dev/shm"};
  return std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
}

}  // namespace

FileSystem::FileSystem(const std::string& type) : ScratchRoot{parent()} {
  const std::string image = path() / "image";
  make_image(image, 400 * kMiB, {});
  const auto made = run_program({"/usr/sbin/mkfs." + type, "-q", image}, std::chrono::seconds{30});
  if (made.status != 0) throw std::runtime_error{made.errors};
  const Descriptor file{open(image.c_str(), O_RDWR | O_CLOEXEC)};
  const StartedVolume volume = make_loop(file.number(), LoopAccess::read_write);
  device_ = volume.device;
  std::filesystem::create_directory(mounted());
  if (mount(device_.c_str(), mounted().c_str(), type.c_str(), MS_NODEV | MS_NOSUID, nullptr) != 0)
    throw std::runtime_error{"cannot mount " + type};
}

FileSystem::~FileSystem() { unmount(); }

void FileSystem::unmount() { umount2(mounted().c_str(), MNT_DETACH); }

}  // namespace qubes::mgmt::test
