// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/stat.h>

namespace qubes::mgmt {

/// Notes on a snapshot which image it is a copy of, in an extended attribute, so that the note
/// goes with the image. A file system without them is no fault. Faults: io_failed.
void mark_source(int snapshot, const struct stat& source);

/// Whether the snapshot is a copy of another image than this one. One without a mark is not.
bool has_other_source(int snapshot, const struct stat& source);

}  // namespace qubes::mgmt
