// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>

#include "base/fault.h"
#include "base/lock.h"
#include "model/names.h"
#include "model/pool_volume.h"
#include "ops/context.h"
#include "ops/volumes.h"

namespace qubes::mgmt {

/// How a message calls a volume, of this VM or of its pool alone: "volume private of 'work'".
std::string volume_text(const std::optional<Vm>& vm, const Volume& volume);

/// A volume that a call is about, whoever named it: by its VM and name, or by pool and id.
struct FoundVolume {
  /// Whose it is; some belong to their pool alone.
  std::optional<Vm> vm;
  KeptVolume kept;

  std::string text() const { return volume_text(vm, kept.volume); }
};

/// What others than dom0 are told of a volume, whether or not it is there.
Fault hidden_volume();

/// Throws no_such_vm, no_such_volume; the latter names those there are.
FoundVolume find_volume(const Context& context, const VmReference& vm, const VolumeName& name);

/// Throws no_such_pool, no_such_volume.
FoundVolume find_volume(const Context& context, const PoolName& pool, const VolumeIdText& vid);

/// The volume found again, with its lock held: its VM's, where it has one. A VM that was started
/// or has ended meanwhile is settled. Throws busy.
struct LockedVolume {
  FileLock lock;
  FoundVolume found;
  /// The VM's domain, if it lives.
  std::optional<Domain> domain;
};

/// The lock of a volume that belongs to its pool alone. Who needs a VM's as well takes that first.
FileLock lock_pool_volume(const Context& context, const FoundVolume& found);

/// Throws also no_such_volume, and busy, for one that was removed or lent meanwhile.
LockedVolume lock_volume(Context& context, const FoundVolume& found);

/// Throws not_halted where the volume's VM runs.
void require_at_rest(const LockedVolume& locked, std::string_view doing);

}  // namespace qubes::mgmt
