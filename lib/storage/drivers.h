// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "storage/pool_driver.h"

namespace qubes::mgmt {

/// The names of the drivers that open_pool() knows.
std::vector<std::string_view> driver_names();

/// A pool whose volumes lie in a folder, which must be there. Faults: pool_failed where it is
/// not, or where there is no such driver.
std::unique_ptr<PoolDriver> open_pool(std::string_view driver, const std::filesystem::path& folder);

/// The driver for a new pool of files: `file-reflink` where files can share their blocks, else
/// `file`. Where the folder is still missing, the nearest one above it decides.
std::string_view best_file_driver(const std::filesystem::path& folder);

}  // namespace qubes::mgmt
