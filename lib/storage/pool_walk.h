// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "base/file.h"

namespace qubes::mgmt {

/// The paths of all files in a pool of files that bear an image's name, finished or not. Leaves
/// out links, and the kernels that lie in the first pool's folder. Faults: io_failed, denied.
std::vector<std::string> image_paths(const Folder& pool);

}  // namespace qubes::mgmt
