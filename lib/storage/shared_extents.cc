// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/shared_extents.h"

#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace qubes::mgmt {
namespace {

/// A run of blocks from an offset in a file on: where it lies on the disk, and where it ends.
struct Run {
  __u64 physical;
  __u64 end;
};

// Where these are set, the place says nothing of the content.
constexpr __u32 kUntold = FIEMAP_EXTENT_UNKNOWN | FIEMAP_EXTENT_DELALLOC | FIEMAP_EXTENT_ENCODED |
                          FIEMAP_EXTENT_DATA_INLINE | FIEMAP_EXTENT_NOT_ALIGNED |
                          FIEMAP_EXTENT_UNWRITTEN;

// What is only in memory would not show: XFS tells of the blocks from before it was written.
std::optional<Run> run_at(int file, __u64 at) {
  alignas(fiemap) std::array<char, sizeof(fiemap) + sizeof(fiemap_extent)> room{};
  auto* const map = reinterpret_cast<fiemap*>(room.data());
  map->fm_start = at;
  map->fm_length = FIEMAP_MAX_OFFSET - at;
  map->fm_flags = FIEMAP_FLAG_SYNC;
  map->fm_extent_count = 1;
  if (ioctl(file, FS_IOC_FIEMAP, map) != 0 || map->fm_mapped_extents != 1) return std::nullopt;
  fiemap_extent extent;
  std::memcpy(&extent, room.data() + sizeof(fiemap), sizeof extent);
  if (extent.fe_logical > at || (extent.fe_flags & kUntold) != 0) return std::nullopt;
  return Run{extent.fe_physical + (at - extent.fe_logical), extent.fe_logical + extent.fe_length};
}

}  // namespace

off_t shared_until(int one, int other, off_t at) {
  const auto first = run_at(one, static_cast<__u64>(at));
  const auto second = first ? run_at(other, static_cast<__u64>(at)) : std::nullopt;
  if (!second || first->physical != second->physical) return at;
  return static_cast<off_t>(std::min(first->end, second->end));
}

}  // namespace qubes::mgmt
