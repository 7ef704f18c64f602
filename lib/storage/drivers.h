// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/root.h"
#include "storage/pool_driver.h"

namespace qubes::mgmt {

enum class OptionKind { path, name, number, boolean };

/// What a pool of a driver may be set up with.
struct DriverOption {
  std::string_view name;
  OptionKind kind;
  bool is_required;
};

struct Driver {
  std::string_view name;
  std::span<const DriverOption> options;  ///< in the order in which Qubes tells them
  /// Null for a driver that is known, but not available here.
  std::unique_ptr<PoolDriver> (*open)(Folder folder);
};

std::span<const Driver> drivers();

using PoolOptions = std::map<std::string, std::string, std::less<>>;

/// A pool whose volumes lie in a folder, which must be there. Faults: pool_failed where it is
/// not, or where there is no such driver; not_implemented for one that is not available.
std::unique_ptr<PoolDriver> open_pool(std::string_view driver, const std::filesystem::path& folder);

/// Makes what a new pool needs: its folder, with those above it. `file-reflink` wants a file
/// system that shares blocks, unless `setup_check` is off. Faults: those of open_pool();
/// bad_value for a path that is not absolute; pool_failed also for a required option that is
/// missing, and where blocks cannot be shared; io_failed, denied.
void set_up_pool(const Root& root, std::string_view driver, const PoolOptions& options);

/// The driver for a new pool of files: `file-reflink` where files can share their blocks, else
/// `file`. Where the folder is still missing, the nearest one above it decides.
std::string_view best_file_driver(const std::filesystem::path& folder);

}  // namespace qubes::mgmt
