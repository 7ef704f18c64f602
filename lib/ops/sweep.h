// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "ops/context.h"
#include "store/intents.h"

namespace qubes::mgmt {

/// Undoes or finishes what processes have left half-done that are gone now.
void sweep_orphans(Context& context);

/// Removes volumes that nobody has, and then the intent that names them. Where that fails, the
/// intent stays, and has the next sweep finish it.
void remove_volumes(Context& context, const std::vector<VolumeId>& volumes, std::int64_t intent);

/// The same after a failure, which no other must hide: throws no fault.
void undo_volumes(Context& context, const std::vector<VolumeId>& volumes, std::int64_t intent);

}  // namespace qubes::mgmt
