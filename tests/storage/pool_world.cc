// SPDX-License-Identifier: GPL-2.0-or-later
#include "pool_world.h"

#include <fcntl.h>

#include <algorithm>

namespace qubes::mgmt::test {

VolumeSpec PoolWorld::persistent(int revisions_to_keep) const {
  return {kVid, VolumeKind::persistent, kMiB, std::nullopt, revisions_to_keep};
}

VolumeSpec PoolWorld::snapshot(const Vid& source) const {
  return {kVid, VolumeKind::snapshot, kMiB, source, 0};
}

VolumeSpec PoolWorld::fresh(std::uint64_t size) const {
  return {kVid, VolumeKind::fresh, size, std::nullopt, 0};
}

std::filesystem::path PoolWorld::file(const std::string& ending) const {
  return path() / (kVid + ending);
}

Names PoolWorld::revisions() const {
  Names ids;
  for (const Revision& revision : pool.revisions(kVid)) ids.push_back(revision.id);
  return ids;
}

Names PoolWorld::names() const {
  Names names = Folder{path()}.names(ImageNames{kVid}.folder());
  for (std::string& name : names) name.resize(std::min(name.size(), name.find('@')));
  return names;
}

std::uint64_t PoolWorld::import_file(const Vid& vid, const std::filesystem::path& image) {
  const Descriptor opened{open(image.c_str(), O_RDONLY | O_CLOEXEC)};
  return pool.import(vid, opened.number(), *this);
}

}  // namespace qubes::mgmt::test
