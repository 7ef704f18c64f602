// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "storage/sparse.h"

namespace qubes::mgmt::test {

using Words = std::vector<std::string>;

struct Outcome {
  int status;
  std::string report;  ///< fault's, then what the method complained about
};

/// Calls a method of a pool of files in a process of its own, with pool-exerciser. The words for
/// fault say what is to happen to it; none, that it runs undisturbed.
Outcome exercise(const Words& fault, CopyBy copy_by, const std::filesystem::path& pool,
                 const Words& method);

}  // namespace qubes::mgmt::test
