// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/drivers.h"

#include <fcntl.h>

#include "base/fault.h"
#include "base/text.h"
#include "storage/file_pool.h"
#include "storage/kernel_pool.h"

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

struct Driver {
  std::string_view name;
  std::unique_ptr<PoolDriver> (*open)(Folder folder);
};

template <CopyBy copy_by>
std::unique_ptr<PoolDriver> open_files(Folder folder) {
  return std::make_unique<FilePool>(std::move(folder), copy_by);
}

std::unique_ptr<PoolDriver> open_kernels(Folder folder) {
  return std::make_unique<KernelPool>(std::move(folder));
}

constexpr Driver kDrivers[] = {
    {"file-reflink", open_files<CopyBy::reflink>},
    {"file", open_files<CopyBy::extents>},
    {"linux-kernel", open_kernels},
};

}  // namespace

std::vector<std::string_view> driver_names() {
  std::vector<std::string_view> names;
  for (const Driver& driver : kDrivers) names.push_back(driver.name);
  return names;
}

std::unique_ptr<PoolDriver> open_pool(std::string_view driver, const fs::path& folder) {
  for (const Driver& known : kDrivers) {
    if (known.name != driver) continue;
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored))
      throw Fault{FaultKind::pool_failed,
                  concat("the folder '", printable(folder.native()), "' of the pool is missing")};
    return known.open(Folder{folder});
  }
  throw Fault{FaultKind::pool_failed, concat("driver '", printable(driver), "' is not available")};
}

std::string_view best_file_driver(const fs::path& folder) {
  for (fs::path at = folder; !at.empty(); at = at.parent_path()) {
    const Descriptor opened{open(at.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (opened) return can_reflink(opened.number()) ? "file-reflink" : "file";
    if (at == at.parent_path()) break;
  }
  return "file";
}

}  // namespace qubes::mgmt
