// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "hypervisor/domains.h"

namespace qubes::mgmt::test {

/// Everything that VMs take while they run or are there at all, a line each: domains, keys in
/// xenstore, loop devices, libxl's files, processes of ours, rows about running VMs. Empty on a
/// dom0 where nothing runs.
std::vector<std::string> held_by_running(const Domains& domains);

/// The files of VMs and templates in the pool.
std::vector<std::string> image_files();

}  // namespace qubes::mgmt::test
