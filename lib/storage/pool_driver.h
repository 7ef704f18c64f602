// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/progress.h"
#include "model/volume.h"

namespace qubes::mgmt {

struct PoolSpace {
  std::uint64_t size;   ///< bytes
  std::uint64_t usage;  ///< bytes
};

/// A started volume: the block device that a guest may be given.
struct StartedVolume {
  /// Empty where there is nothing to attach (a kernel without a modules image).
  std::string device;
  /// Holds the device until the hypervisor does. A loop device whose last holder goes away is
  /// freed by the kernel, so whatever kills a start leaves none behind.
  Descriptor holder;
};

/// A content of a volume that is kept beside the committed one, or is still the committed one.
struct Revision {
  std::string id;
  std::int64_t made_at;  ///< seconds since 1970; when the content that it keeps was last written
};

/// A block device of dom0 over one of a volume's contents, and the file below it.
struct VolumeDevice {
  Vid vid;
  std::string device;
  std::string path;
};

/// One way of keeping volumes: reflinked files, plain files, kernels, an LVM thin pool.
///
/// A driver knows devices and files. It knows no VMs, no permissions and no store: ops/ has
/// already decided that the request makes sense, holds the VM's lock so that nobody else works
/// on the volume, and records the outcome. Each method does all of its work durably, or throws
/// and leaves the volume as it was, but that the present content may have become a revision;
/// killed at any instruction, the same method called again finishes the work and loses nothing
/// that was committed.
/// Faults of all: pool_failed, io_failed, denied.
class PoolDriver {
 public:
  virtual ~PoolDriver() = default;

  /// Not known for kernels.
  virtual std::optional<PoolSpace> space() const = 0;

  /// Whether a new volume of this id would meet anything that is there already.
  virtual bool taken(const Vid& vid) const = 0;

  /// Makes a persistent volume, all holes.
  virtual void create(const Vid& vid, std::uint64_t size) = 0;

  /// Makes a persistent volume out of all bytes that `source` gives, holes kept as holes;
  /// returns its size, a multiple of 512. Refuses an empty image and one that was cut off.
  virtual std::uint64_t import(const Vid& vid, int source, Progress& progress) = 0;

  /// Makes a persistent volume that is a copy of another's committed content.
  virtual void clone(const Vid& source, const Vid& vid) = 0;

  /// Removes the volume with all its revisions and leftovers. None is no fault.
  virtual void remove(const Vid& vid) = 0;

  /// Throws pool_failed, naming what is missing, if start() could not work.
  virtual void verify(const VolumeSpec& volume) const = 0;

  /// Makes the volume ready for its VM. A persistent volume whose stop was never carried out
  /// goes on with what was written.
  virtual StartedVolume start(const VolumeSpec& volume) = 0;

  /// Ends what start() began: commits a persistent volume, keeping the former content as a
  /// revision and pruning old ones, and drops the others' content. One that is not started is
  /// no fault. The device must not be in use any more.
  virtual void stop(const VolumeSpec& volume) = 0;

  /// Ends what start() began for a guest that never ran: what start() made is dropped, nothing
  /// is committed, no revision made. One that is not started is no fault.
  virtual void cancel(const VolumeSpec& volume) = 0;

  /// Whether start() has happened and stop() has not.
  virtual bool is_started(const VolumeSpec& volume) const = 0;

  /// Bytes that a guest sees, or would at its next start.
  virtual std::uint64_t size(const VolumeSpec& volume) const = 0;

  /// Where the content lies that a guest sees: a path in dom0, empty where there is none.
  virtual std::string path(const VolumeSpec& volume) const = 0;

  /// Bytes on disk.
  virtual std::uint64_t usage(const VolumeSpec& volume) const = 0;

  /// The kept contents, oldest first.
  virtual std::vector<Revision> revisions(const Vid& vid) const = 0;

  /// Keeps the present content of a persistent volume as a revision, and returns its id. That is
  /// the committed content; of a started volume, what its guest has written so far: the caller
  /// has paused that. A content that is kept already is kept once. Never prunes.
  virtual std::string snapshot(const VolumeSpec& volume) = 0;

  /// Makes a revision the committed content of a persistent volume, after keeping the present
  /// one as a revision, so that this can be undone. The revision stays in the list; nothing is
  /// pruned. Faults also: not_halted for a started volume, no_such_revision.
  virtual void revert(const VolumeSpec& volume, std::string_view revision) = 0;

  /// Gives the present content another size, so many bytes in whole sectors; the caller has decided
  /// that what lies behind a smaller one may go. Revisions keep theirs. Of a started volume its
  /// devices follow at once. Faults also: not_halted for a started volume that would shrink.
  virtual void resize(const VolumeSpec& volume, std::uint64_t size) = 0;

  // The next three give a persistent volume another committed content, and keep the former one
  // as stop() does. Putting in what is the content already changes nothing. Faults also:
  // not_halted for a started volume.

  /// All bytes that `source` gives, exactly `size` of them, padded to a multiple of 512; holes
  /// are kept as holes. Throws pool_failed, naming both numbers, for fewer or more.
  virtual void replace(const VolumeSpec& volume, int source, std::uint64_t size,
                       Progress& progress) = 0;

  /// All holes, of the present size.
  virtual void clear(const VolumeSpec& volume) = 0;

  /// The content of another volume, of any pool, as read() gives it; `size` is its bytes.
  virtual void copy(const VolumeSpec& volume, const Descriptor& content, std::uint64_t size) = 0;

  /// The committed content, as a file or a device to be read. It stays what it is however long
  /// that takes, whatever becomes of the volume. Throws pool_failed where there is none.
  virtual Descriptor read(const Vid& vid) const = 0;

  /// Whether the volume is a started snapshot whose source has got another committed content
  /// since.
  virtual bool is_outdated(const VolumeSpec& volume) const = 0;

  /// All volumes that lie in the pool, whoever owns them, sorted.
  virtual std::vector<Vid> list() const = 0;

  /// What killed runs left in the pool: files, by their paths below it, that are unfinished and
  /// that nobody is at work on. Sorted.
  virtual std::vector<std::string> leftovers() const = 0;

  /// Removes one of these, unless somebody is at work on it by now. None is no fault.
  virtual void remove_leftover(const std::string& path) = 0;

  /// The block devices over volumes of the pool, whoever has made them and for whatever reason.
  virtual std::vector<VolumeDevice> devices() const = 0;

  /// Frees one of these as soon as nobody holds it. None is no fault.
  virtual void release(const std::string& device) = 0;
};

}  // namespace qubes::mgmt
