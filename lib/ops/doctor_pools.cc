// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "base/fault.h"
#include "base/text.h"
#include "ops/doctor.h"
#include "ops/found_volume.h"
#include "ops/pools.h"
#include "ops/vms.h"
#include "ops/volumes.h"
#include "store/intents.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

using Findings = std::vector<Finding>;

// Its content may be all that is left of a VM, so it gets an owner instead of being removed.
void adopt(Context& context, const Pool& pool, const Vid& vid) {
  const auto driver = context.outside.open_pool(pool);
  context.begin();
  if (VolumeTable{context.store}.is_taken(pool.id, vid) || !driver->taken(vid))
    return context.roll_back();
  Volume volume;
  volume.pool = pool.id;
  volume.vid = vid;
  // Of the whole id, since each VM has a volume called private of its own.
  volume.name = vid;
  std::ranges::replace(volume.name, '/', '-');
  volume.save_on_stop = true;
  volume.revisions_to_keep = revisions_to_keep_of(pool);
  volume.size = driver->size({.vid = vid, .kind = VolumeKind::persistent});
  VolumeTable{context.store}.add(volume);
  context.commit();
}

// Other pools may lie in this one's folder, and what is in them is theirs.
std::vector<std::string> folders_of_others(const Context& context, const Pool& pool) {
  const std::string own = folder_of(context, pool).native() + "/";
  std::vector<std::string> folders;
  for (const Pool& other : PoolTable{context.store}.all())
    if (const std::string folder = folder_of(context, other).native() + "/";
        folder.size() > own.size() && folder.starts_with(own))
      folders.push_back(folder.substr(own.size()));
  return folders;
}

void look_for_strays(const Context& context, const Pool& pool, const PoolDriver& driver,
                     Findings& found) {
  const auto others = folders_of_others(context, pool);
  for (const Vid& vid : driver.list()) {
    const bool is_others = std::ranges::any_of(
        others, [&](const std::string& folder) { return vid.starts_with(folder); });
    if (is_others || VolumeTable{context.store}.is_taken(pool.id, vid)) continue;
    found.push_back({concat("pool ", pool.name, ": volume '", vid, "' is nobody's"),
                     "it belongs to the pool: mgmt.vm.volume.Attach lends it to a VM, "
                     "mgmt.pool.volume.Remove removes it",
                     [pool, vid](Context& mending) { adopt(mending, pool, vid); }});
  }
}

std::string owned(const Context& context, const Volume& volume) {
  const auto vm = volume.vm ? std::optional{VmTable{context.store}.get(*volume.vm)} : std::nullopt;
  return volume_text(vm, volume);
}

void look_for_content(const Context& context, const KeptVolume& kept, const std::string& where,
                      Findings& found) {
  if (!kept.volume.save_on_stop) return;
  try {
    kept.driver->verify(kept.spec);
  } catch (const Fault& fault) {
    found.push_back({concat(where, ": ", owned(context, kept.volume), ": ", fault.what())});
  }
}

void forget_name(Context& context, std::int64_t volume, const std::string& name) {
  context.begin();
  VolumeTable{context.store}.forget_snapshot(volume, name);
  context.commit();
}

void look_for_named(const Context& context, const KeptVolume& kept, const std::string& where,
                    Findings& found) {
  const auto revisions = kept.driver->revisions(kept.spec.vid);
  for (const NamedSnapshot& named : VolumeTable{context.store}.named_snapshots(kept.volume.id)) {
    if (std::ranges::find(revisions, named.revision, &Revision::id) != revisions.end()) continue;
    found.push_back({concat(where, ": the snapshot ", named.name, " of ",
                            owned(context, kept.volume), " is gone"),
                     "its name is forgotten",
                     [id = kept.volume.id, name = named.name](Context& mending) {
                       forget_name(mending, id, name);
                     }});
  }
}

// What is wrong with one hides nothing of the others.
void look_at_volume(const Context& context, const Volume& volume, const std::string& where,
                    Findings& found) try {
  const KeptVolume kept = keep_volume(context, volume);
  look_for_content(context, kept, where, found);
  look_for_named(context, kept, where, found);
} catch (const Fault& fault) {
  found.push_back({concat(where, ": ", owned(context, volume), ": ", fault.what())});
}

void look_for_leftovers(const Pool& pool, const PoolDriver& driver, Findings& found) {
  for (const std::string& path : driver.leftovers())
    found.push_back(
        {concat("pool ", pool.name, ": '", path, "' is unfinished, left by a killed call"),
         "it is removed", [pool, path](Context& mending) {
           mending.outside.open_pool(pool)->remove_leftover(path);
         }});
}

// Whether some domain may have the device.
bool may_be_used(const Context& context, const std::optional<Volume>& volume) {
  if (!volume || !volume->vm) return false;
  const Vm vm = VmTable{context.store}.get(*volume->vm);
  return state_of(context, vm) != VmState::Halted ||
         IntentTable{context.store}.is_being_started(vm.qid);
}

void look_for_devices(const Context& context, const Pool& pool, const PoolDriver& driver,
                      Findings& found) {
  for (const VolumeDevice& device : driver.devices()) {
    if (may_be_used(context, VolumeTable{context.store}.find(pool.id, device.vid))) continue;
    found.push_back({concat("pool ", pool.name, ": ", device.device, " is over '", device.path,
                            "', which no VM uses"),
                     "it is freed when nobody holds it any more",
                     [pool, name = device.device](Context& mending) {
                       mending.outside.open_pool(pool)->release(name);
                     }});
  }
}

}  // namespace

std::vector<Finding> findings_in_pool(const Context& context, const Pool& pool) try {
  Findings found;
  const std::string where = concat("pool ", pool.name);
  const auto driver = context.outside.open_pool(pool);
  look_for_leftovers(pool, *driver, found);
  if (pool.driver != "linux-kernel") look_for_strays(context, pool, *driver, found);
  for (const Volume& volume : VolumeTable{context.store}.of_pool(pool.id))
    if (volume.vid) look_at_volume(context, volume, where, found);
  look_for_devices(context, pool, *driver, found);
  return found;
} catch (const Fault& fault) {
  return {{concat("pool ", pool.name, ": ", fault.what())}};
}

}  // namespace qubes::mgmt
