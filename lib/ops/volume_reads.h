// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ops/found_volume.h"

namespace qubes::mgmt {

std::vector<std::string> volume_names(const Context& context, const VmReference& vm);

/// Ids of the volumes of a pool, as they were made; of kernels, those installed.
std::vector<std::string> volume_ids(const Context& context, const PoolName& pool);

/// Keys and values in the order in which Qubes ships them. Sizes are bytes.
std::vector<std::pair<std::string, std::string>> volume_facts(const Context& context,
                                                              const FoundVolume& found);

struct SnapshotListing {
  std::string id;
  std::int64_t made_at;  ///< seconds since 1970
  /// None: it goes when it is the oldest of too many.
  std::vector<std::string> names;
};

/// Oldest first.
std::vector<SnapshotListing> snapshots_of(const Context& context, const FoundVolume& found);

/// A committed content, for a copy to be made of it.
struct Content {
  Descriptor file;
  std::uint64_t size;  ///< bytes
};

/// These throw pool_failed for a volume that keeps none; the second reads nothing.
Content content_of(const FoundVolume& found);
void require_content(const FoundVolume& found);

}  // namespace qubes::mgmt
