// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "ops/found_volume.h"

namespace qubes::mgmt {

// Volumes of a pool that no VM was made with: made on their own, and lent to one VM at a time.

/// Returns the id of the new volume, which is empty. Throws pool_failed.
std::string create_pool_volume(Context& context, const PoolName& pool, const NewPoolVolume& wanted);

/// Throws vm_in_use for a volume of a VM.
void remove_pool_volume(Context& context, const PoolName& pool, const VolumeIdText& vid);

/// Lends it to a VM: as the first disk from xvde that is free, at once where the VM runs, and at
/// each start. What a killed call has begun the next one finishes. Throws vm_in_use where another
/// VM has it.
void attach_volume(Context& context, const VmReference& vm, const PoolName& pool,
                   const VolumeIdText& vid);

/// Takes it from the VM, at once where that runs, and gives it back to the pool with what the VM
/// has written. Throws bad_value for a volume that was not attached.
void detach_volume(Context& context, const VmReference& vm, const VolumeName& name);

}  // namespace qubes::mgmt
