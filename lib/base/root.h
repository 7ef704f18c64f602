// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>

namespace qubes::mgmt {

/// The folder below which all files of ours lie: `/`, or a scratch folder that
/// QUBES_MGMT_ROOT names. Messages and answers name files as if it were `/`.
class Root {
 public:
  Root() = default;
  explicit Root(std::filesystem::path folder) : folder_{std::move(folder)} {}

  /// Where an absolute path really lies.
  std::filesystem::path at(const std::filesystem::path& absolute) const {
    return folder_.empty() ? absolute : folder_ / absolute.relative_path();
  }

  /// Empty for the real one.
  const std::filesystem::path& folder() const { return folder_; }

  bool is_scratch() const { return !folder_.empty(); }

 private:
  std::filesystem::path folder_;
};

}  // namespace qubes::mgmt
