// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace qubes::mgmt {

/// The id of a volume in its pool: made once, when the volume is, and never parsed.
using Vid = std::string;

/// What becomes of a volume's content at a VM's start and stop.
enum class VolumeKind {
  persistent,  ///< kept; what the VM wrote is committed when it stops
  snapshot,    ///< at each start a copy of the source's committed content; dropped at stop
  fresh,       ///< empty at each start; dropped at stop (Qubes' "volatile")
  fixed,       ///< read-only content that no VM owns, such as a kernel's modules
};

/// A volume as a pool driver needs to know it.
struct VolumeSpec {
  Vid vid;
  VolumeKind kind;
  std::uint64_t size;         ///< bytes
  std::optional<Vid> source;  ///< of a snapshot: a persistent volume of the same pool
  int revisions_to_keep = 1;  ///< older committed contents; -1: none, and no copy at start
  std::vector<std::string> pinned = {};  ///< revisions that are never pruned
};

}  // namespace qubes::mgmt
