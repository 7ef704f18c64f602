// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "storage/pool_driver.h"

namespace qubes::mgmt {

enum class LoopAccess { read_write, read_only };

/// Makes a block device of an open file. The kernel frees it when its last holder closes it:
/// ours goes with the process, the hypervisor's with the domain.
/// Faults: io_failed, denied; busy where others keep taking the free devices.
StartedVolume make_loop(int file, LoopAccess access);

/// The loop device that a file is behind, or nothing.
std::string loop_of(const std::filesystem::path& file);

struct LoopDevice {
  std::string device;
  std::string file;  ///< its path when the device was made
};

/// Those that are in use, by anybody.
std::vector<LoopDevice> loop_devices();

/// Frees a loop device when its last holder closes it; one that is free is no fault. Faults:
/// io_failed, denied.
void free_loop(const std::string& device);

/// Makes all loop devices over a file as large as it is now. Faults: io_failed, denied.
void fit_loops(const std::filesystem::path& file);

}  // namespace qubes::mgmt
