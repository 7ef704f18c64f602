// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "storage/image_names.h"

namespace qubes::mgmt {

/// An image that keeps a content of a volume.
struct KeptImage {
  std::uint64_t number;
  std::string path;
  struct stat status;
  std::time_t made_at;
  bool is_committed;  ///< a second name of the committed image
};

/// What lies in a pool of files of one volume, and the steps that its life is made of. Each
/// leaves nothing half done. Faults: io_failed, denied, and those named.
class VolumeFiles {
 public:
  const ImageNames names;

  /// Throws pool_failed for an id that cannot be.
  VolumeFiles(const Folder& pool, const Vid& vid) : names{vid}, pool_{pool} {}

  /// The committed image, to be read; as long as it is open, no guest is let into it. Throws
  /// pool_failed where there is none.
  Descriptor committed() const;

  /// The committed or the running image, to be written; none where it is not there.
  std::optional<Descriptor> writable(const std::string& name) const;

  bool is_running() const { return pool_.exists(names.running()); }

  /// Whether the running image is just what start made of the committed one.
  bool is_unwritten() const;

  /// Oldest first.
  std::vector<KeptImage> revisions() const;

  bool is_taken() const;

  /// Removes what killed runs left.
  void clean() const;

  /// As clean(), for a volume that is about to be made. Throws pool_failed where one of this
  /// id is in use.
  void make_way() const;

  /// Waits a little until the running image is behind no loop device; then throws busy.
  void wait_until_free() const;

  /// Gives the committed image a second name, as the newest revision, unless it has one.
  /// Returns its number. Throws pool_failed where there is none.
  std::uint64_t keep_committed() const;

  /// Likewise, where another content is about to be committed and the volume is to keep this
  /// one. A revision of it that is neither the newest nor pinned becomes the newest, so that
  /// pruning takes it last. None is no fault.
  void keep_former(const VolumeSpec& volume) const;

  /// Removes the revisions that the volume is not to keep: neither its newest, nor pinned, nor
  /// the committed content.
  void prune(const VolumeSpec& volume) const;

  void remove_revisions() const;

  /// Makes what was named, renamed and removed durable.
  void sync() const;

 private:
  const Folder& pool_;
};

/// The number that the next revision gets.
std::uint64_t next_number(const std::vector<KeptImage>& revisions);

/// Marks a copy as such: it has the time of what it was copied from until somebody writes to
/// either.
void copy_time(const struct stat& from, int copy);

/// Whether one still is a copy of the other, so marked, that nobody has written to since.
bool is_same_time(const struct stat& one, const struct stat& other);

}  // namespace qubes::mgmt
