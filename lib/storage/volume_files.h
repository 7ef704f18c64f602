// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "storage/image_names.h"

namespace qubes::mgmt {

/// A former content of a volume.
struct Revision {
  std::uint64_t number;
  std::string path;
  bool is_committed;  ///< still the committed content, as between the two steps of a commit
};

/// What lies in a pool of files of one volume, and the steps that its life is made of. Each
/// leaves nothing half done. Faults: io_failed, denied, and those named.
class VolumeFiles {
 public:
  const ImageNames names;

  /// Throws pool_failed for an id that cannot be.
  VolumeFiles(const Folder& pool, const Vid& vid) : names{vid}, pool_{pool} {}

  /// The committed image, to be read. Throws pool_failed where there is none.
  Descriptor committed() const;

  /// The committed or the running image, to be written; none where it is not there.
  std::optional<Descriptor> writable(const std::string& name) const;

  bool is_running() const { return pool_.exists(names.running()); }

  /// Whether the running image is just what start made of the committed one.
  bool is_unwritten() const;

  /// Oldest first.
  std::vector<Revision> revisions() const;

  bool is_taken() const;

  /// Removes what killed runs left.
  void clean() const;

  /// As clean(), for a volume that is about to be made. Throws pool_failed where one of this
  /// id is in use.
  void make_way() const;

  /// Waits a little until the running image is behind no loop device; then throws busy.
  void wait_until_free() const;

  /// Gives the committed image a second name, as the newest revision. Done twice, it is done
  /// once.
  void keep_revision() const;

  /// Removes all but the newest revisions.
  void prune(std::size_t keep) const;

  /// Makes what was named, renamed and removed durable.
  void sync() const;

 private:
  const Folder& pool_;
};

/// Marks a running image as unwritten: it has the time of the committed one until its guest
/// first writes.
void copy_time(int committed, int running);

}  // namespace qubes::mgmt
