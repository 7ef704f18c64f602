// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "frame/reply.h"
#include "ops/volume_reads.h"

namespace qubes::mgmt {

/// The ids alone; JSON also has when each content was last written, and its names.
Reply snapshot_rows(const std::vector<SnapshotListing>& snapshots);

}  // namespace qubes::mgmt
