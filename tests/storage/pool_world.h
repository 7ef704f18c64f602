// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "images.h"
#include "storage/file_pool.h"

namespace qubes::mgmt::test {

using Names = std::vector<std::string>;

inline const Vid kVid = "appvms/work/private";

/// A pool of files in a scratch folder, and one volume in it that most tests speak of.
class PoolWorld : public ScratchRoot, public Progress {
 public:
  explicit PoolWorld(CopyBy copy_by = CopyBy::reflink) : pool{Folder{path()}, copy_by} {}
  PoolWorld(const std::filesystem::path& parent, CopyBy copy_by)
      : ScratchRoot{parent}, pool{Folder{path()}, copy_by} {}

  VolumeSpec persistent(int revisions_to_keep = 1) const;
  VolumeSpec snapshot(const Vid& source) const;
  VolumeSpec fresh(std::uint64_t size) const;

  std::filesystem::path file(const std::string& ending) const;

  /// The ids of the volume's revisions.
  Names revisions() const;

  /// The files of the volume's folder, without the times of revisions.
  Names names() const;

  std::uint64_t import_file(const Vid& vid, const std::filesystem::path& image);

  void advance(std::uint64_t bytes, std::optional<std::uint64_t>) override { heard = bytes; }

  FilePool pool;
  StartedVolume guest;  ///< a device that is in use, if any
  std::uint64_t heard = 0;
};

}  // namespace qubes::mgmt::test
