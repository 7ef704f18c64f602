// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>

namespace qubes::mgmt::test {

/// A folder that may be a QUBES_MGMT_ROOT: the caller's alone, removed with all that is in it.
class ScratchRoot {
 public:
  /// In the system's folder for such, or in another one.
  ScratchRoot() : ScratchRoot{std::filesystem::temp_directory_path()} {}
  explicit ScratchRoot(const std::filesystem::path& parent);
  ~ScratchRoot();
  ScratchRoot(const ScratchRoot&) = delete;
  ScratchRoot& operator=(const ScratchRoot&) = delete;

  const std::filesystem::path& path() const { return path_; }

  /// Where an absolute path lies below it.
  std::filesystem::path at(const std::filesystem::path& absolute) const {
    return path_ / absolute.relative_path();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace qubes::mgmt::test
