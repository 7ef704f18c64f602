// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "ops/context.h"

namespace qubes::mgmt {

/// What an import has done, or in a rehearsal would have.
struct ImportReport {
  /// How many of what, in words: {107, "VMs"}.
  std::vector<std::pair<std::size_t, std::string>> counts;
  /// What could not be taken and why, a line each.
  std::vector<std::string> left_out;
  /// What was taken although it is not on disk, a line each.
  std::vector<std::string> missing;
};

/// Takes over a qubes.xml of Qubes OS 4.x and the firewall.xml in the folders of its VMs, which
/// lie beside it, into a store with no VM but dom0. All of it is one change, or nothing is
/// changed; labels, pools and the properties of all of Qubes are replaced. What the file says
/// and the store cannot hold is left out and reported. Volumes stay where they are.
/// Faults: failed where the store is not empty, malformed for another file, io_failed, denied.
ImportReport import_qubes_xml(Context& context, const std::filesystem::path& file);

}  // namespace qubes::mgmt
