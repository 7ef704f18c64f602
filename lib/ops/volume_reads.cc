// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/volume_reads.h"

#include <unistd.h>

#include "base/fault.h"
#include "base/text.h"
#include "ops/pools.h"
#include "ops/vms.h"

namespace qubes::mgmt {
namespace {

std::string yes_or_no(bool truth) { return truth ? "True" : "False"; }

// As it is called on the machine itself.
std::string without_root(const Context& context, std::string path) {
  const std::string root = context.root.folder();
  if (!root.empty() && path.starts_with(root)) path.erase(0, root.size());
  return path;
}

std::string source_of(const Context& context, const Volume& volume) {
  return volume.source ? VolumeTable{context.store}.get(*volume.source).vid.value_or("") : "";
}

// Encrypted with a key that is never kept: what the volume says, else its pool, and only where
// nothing of it is kept anyway.
bool is_ephemeral(const Context& context, const Volume& volume) {
  if (volume.ephemeral) return *volume.ephemeral;
  const Pool pool = PoolTable{context.store}.get(volume.pool);
  const auto option = pool.options.find("ephemeral_volatile");
  return volume.rw && !volume.snap_on_start && !volume.save_on_stop &&
         option != pool.options.end() && option->second == "True";
}

}  // namespace

std::vector<std::string> volume_names(const Context& context, const VmReference& reference) {
  std::vector<std::string> names;
  for (const Volume& volume : VolumeTable{context.store}.of_vm(find_vm(context, reference).qid))
    names.push_back(volume.name);
  return names;
}

std::vector<std::string> volume_ids(const Context& context, const PoolName& name) {
  const Pool pool = find_pool(context, name);
  std::vector<std::string> ids;
  for (const Volume& volume : VolumeTable{context.store}.of_pool(pool.id))
    if (volume.vid) ids.push_back(*volume.vid);
  if (pool.driver == "linux-kernel") ids = context.outside.open_pool(pool)->list();
  return ids;
}

std::vector<std::pair<std::string, std::string>> volume_facts(const Context& context,
                                                              const FoundVolume& found) {
  const auto& [volume, spec, driver] = found.kept;
  std::vector<std::pair<std::string, std::string>> facts{
      {"pool", PoolTable{context.store}.get(volume.pool).name},
      {"vid", spec.vid},
      {"size", std::to_string(driver->size(spec))},
      {"usage", std::to_string(driver->usage(spec))},
      {"rw", yes_or_no(volume.rw)},
      {"source", source_of(context, volume)},
      {"path", without_root(context, driver->path(spec))},
      {"save_on_stop", yes_or_no(volume.save_on_stop)},
      {"snap_on_start", yes_or_no(volume.snap_on_start)},
      {"revisions_to_keep", std::to_string(volume.revisions_to_keep)},
      {"ephemeral", yes_or_no(is_ephemeral(context, volume))}};
  if (volume.snap_on_start) facts.emplace_back("is_outdated", yes_or_no(driver->is_outdated(spec)));
  return facts;
}

std::vector<SnapshotListing> snapshots_of(const Context& context, const FoundVolume& found) {
  std::vector<SnapshotListing> listing;
  if (!found.kept.volume.save_on_stop) return listing;
  const auto named = VolumeTable{context.store}.named_snapshots(found.kept.volume.id);
  for (const Revision& revision : found.kept.driver->revisions(found.kept.spec.vid)) {
    SnapshotListing& added = listing.emplace_back(revision.id, revision.made_at);
    for (const NamedSnapshot& snapshot : named)
      if (snapshot.revision == revision.id) added.names.push_back(snapshot.name);
  }
  return listing;
}

void require_content(const FoundVolume& found) {
  if (!found.kept.volume.save_on_stop)
    throw Fault{FaultKind::pool_failed,
                concat(found.text(), " keeps no content of its own that could be read")};
}

Content content_of(const FoundVolume& found) {
  require_content(found);
  Descriptor file = found.kept.driver->read(found.kept.spec.vid);
  const off_t size = ::lseek(file.number(), 0, SEEK_END);
  if (size < 0 || ::lseek(file.number(), 0, SEEK_SET) != 0)
    throw system_fault(concat("tell how large ", found.text(), " is"));
  return {std::move(file), static_cast<std::uint64_t>(size)};
}

}  // namespace qubes::mgmt
