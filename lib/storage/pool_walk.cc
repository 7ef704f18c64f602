// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/pool_walk.h"

#include <sys/stat.h>

#include "storage/image_names.h"

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

void walk(const Folder& pool, const fs::path& folder, std::vector<std::string>& found) {
  if (pool.exists(folder / "vmlinuz")) return;
  for (const std::string& name : pool.names(folder)) {
    const fs::path path = folder == "." ? fs::path{name} : folder / name;
    const auto status = pool.status(path);
    if (status && S_ISDIR(status->st_mode)) walk(pool, path, found);
    if (status && S_ISREG(status->st_mode) && image_of(path.native())) found.push_back(path);
  }
}

}  // namespace

std::vector<std::string> image_paths(const Folder& pool) {
  std::vector<std::string> found;
  walk(pool, ".", found);
  return found;
}

}  // namespace qubes::mgmt
