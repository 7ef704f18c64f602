// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace qubes::mgmt {

/// Throws pool_failed, naming both sizes, where the head of an image says that it goes on
/// behind its end: partitions (GPT, MBR) or a file system (ext2/3/4, XFS, btrfs). The image
/// is untrusted. Anything unknown passes. Faults also: io_failed.
void check_image_is_whole(int image, std::uint64_t size);

}  // namespace qubes::mgmt
