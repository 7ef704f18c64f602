// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "base/progress.h"

namespace qubes::mgmt {

/// How the content of an image gets into a new file.
enum class CopyBy {
  reflink,  ///< both share all blocks until one is written; falls back to `extents`
  extents,  ///< data only, as the file system copies it best; holes stay holes
};

/// Fills a new, empty file with the content of another.
/// Faults of all in this file: io_failed.
void copy_image(int source, int target, CopyBy by);

/// Fills a new, empty file with all that a stream has to give, and leaves a hole wherever it
/// is zero. Returns how many bytes there were.
std::uint64_t fill_image(int source, int target, Progress& progress);

/// Whether two images are as long as each other and read alike.
bool is_same_content(int one, int other);

/// Whether a file in the folder may share its blocks with another.
bool can_reflink(int folder);

}  // namespace qubes::mgmt
