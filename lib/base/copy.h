// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace qubes::mgmt {

/// Copies so many bytes from one descriptor, a file or a device, to another. A hole stays one where
/// the target is a file of which nothing lies ahead. Throws io_failed, also where there are fewer.
void copy_bytes(int source, int target, std::uint64_t bytes);

}  // namespace qubes::mgmt
