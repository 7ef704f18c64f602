// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "storage/pool_driver.h"

namespace qubes::mgmt {

enum class LoopAccess { read_write, read_only };

/// Makes a block device of an open file. The kernel frees it when its last holder closes it:
/// ours goes with the process, the hypervisor's with the domain.
/// Faults: io_failed, denied; busy where others keep taking the free devices.
StartedVolume make_loop(int file, LoopAccess access);

/// The loop device that a file is behind, or nothing.
std::string loop_of(const std::filesystem::path& file);

}  // namespace qubes::mgmt
