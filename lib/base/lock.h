// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string_view>

#include "base/file.h"

namespace qubes::mgmt {

/// An exclusive flock on a file of its own, held until the end of the scope or of the
/// process. The kernel lets go of it whatever way the process ends, so a lock that can be
/// taken means that whoever held it is gone. The file is O_CLOEXEC and stays behind.
class FileLock {
 public:
  /// Waits until the deadline at most, then throws busy; `what` says who is being waited for.
  static FileLock wait(const std::filesystem::path& file, std::chrono::milliseconds deadline,
                       std::string_view what);

  /// No lock where somebody else holds it.
  static std::optional<FileLock> attempt(const std::filesystem::path& file);

 private:
  explicit FileLock(Descriptor descriptor) : descriptor_{std::move(descriptor)} {}

  Descriptor descriptor_;
};

}  // namespace qubes::mgmt
