// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <span>

#include "base/progress.h"

namespace qubes::mgmt {

/// How the content of an image gets into a new file.
enum class CopyBy {
  reflink,  ///< both share all blocks until one is written; falls back to `extents`
  extents,  ///< data only, as the file system copies it best; holes stay holes
};

/// What fstat() says of an image. Faults of all in this file: io_failed.
struct stat status_of(int image);

/// Bytes.
std::uint64_t size_of(int image);

/// A number of bytes, rounded up to a multiple of 512.
std::uint64_t whole_sectors(std::uint64_t size);

/// Cuts an image, or lengthens it by a hole. Throws pool_failed for what no file can be.
void set_size(int image, std::uint64_t size);

/// Fills a new, empty file with the content of another.
void copy_image(int source, int target, CopyBy by);

/// Likewise, with the first `size` bytes of a file or device; what that lacks is a hole.
void copy_image(int source, int target, std::uint64_t size, CopyBy by);

/// Fills a new, empty file with all that a stream has to give, up to `limit` bytes, and leaves
/// a hole wherever it is zero. Returns how many bytes there were.
std::uint64_t fill_image(int source, int target, std::uint64_t limit, Progress& progress);

/// Whether two images are as long as each other and read alike. What they share is not read.
bool is_same_content(int one, int other);

/// Whether a file in the folder may share its blocks with another.
bool can_reflink(int folder);

}  // namespace qubes::mgmt
