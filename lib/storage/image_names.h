// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "model/volume.h"

namespace qubes::mgmt {

/// The files of one volume in a pool of files, by the names that Qubes OS has always given
/// them. All lie in one folder; paths are relative to the pool.
class ImageNames {
 public:
  /// Throws pool_failed for an id whose files could be taken for those of another volume, or
  /// would lie outside the pool.
  explicit ImageNames(const Vid& vid);

  std::string folder() const;
  /// A name in folder(), as a path.
  std::string beside(std::string_view name) const;

  std::string committed() const;
  std::string running() const;
  std::string importing() const;

  /// `content` is when the content that the revision keeps was last written.
  std::string revision(std::uint64_t number, std::time_t content) const;

  /// The number of the revision that a name in the folder belongs to.
  std::optional<std::uint64_t> revision_number(std::string_view name) const;

  /// When the content that a revision of this name keeps was last written, as its name says.
  std::optional<std::time_t> revision_time(std::string_view name) const;

  /// Whether a name in the folder is what a killed program left of this volume: something
  /// unfinished, or a copy that Qubes makes ahead of the next start.
  bool is_leftover(std::string_view name) const;

 private:
  std::string vid_;
  std::string base_;
};

/// What a file in a pool is, by its name alone.
struct NamedImage {
  Vid vid;
  bool is_leftover;  ///< as ImageNames::is_leftover()
};

/// Nothing for a file that is no volume's.
std::optional<NamedImage> image_of(std::string_view path);

/// The name under which a file is filled, before it gets its own.
std::string unfinished(const std::string& name);

}  // namespace qubes::mgmt
