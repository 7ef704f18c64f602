// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "images.h"

namespace qubes::mgmt::test {

/// A new file system of 400 MiB in a file, mounted until the end of the scope.
class FileSystem : public ScratchRoot {
 public:
  /// `type` is ext4, xfs or btrfs.
  explicit FileSystem(const std::string& type);
  ~FileSystem();

  std::filesystem::path mounted() const { return path() / "mounted"; }

  /// The loop device that it is on.
  const std::string& device() const { return device_; }

  /// Needed before the device can go away; the end of the scope does it as well.
  void unmount();

 private:
  std::string device_;
};

}  // namespace qubes::mgmt::test
