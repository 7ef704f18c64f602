// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
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

/// One way of keeping volumes: reflinked files, plain files, kernels, an LVM thin pool.
///
/// A driver knows devices and files. It knows no VMs, no permissions and no store: ops/ has
/// already decided that the request makes sense, holds the VM's lock so that nobody else works
/// on the volume, and records the outcome. Each method does all of its work durably, or throws
/// and leaves the volume as it was; killed at any instruction, the same method called again
/// finishes the work and loses nothing that was committed.
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

  /// Bytes on disk.
  virtual std::uint64_t usage(const VolumeSpec& volume) const = 0;

  /// Ids of the kept former contents, oldest first.
  virtual std::vector<std::string> revisions(const Vid& vid) const = 0;
};

}  // namespace qubes::mgmt
