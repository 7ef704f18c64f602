// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/volumes.h"

#include <algorithm>
#include <map>

#include "base/fault.h"
#include "base/text.h"
#include "ops/facts.h"
#include "ops/vms.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

// Where a guest finds them; further volumes come after these.
std::string frontend_of(std::string_view volume, char& next_free) {
  if (volume == "root") return "xvda";
  if (volume == "private") return "xvdb";
  if (volume == "volatile") return "xvdc";
  if (volume == "kernel") return "xvdd";
  return std::string{"xvd"} + next_free++;
}

VolumeKind kind_of(const Volume& volume) {
  if (volume.snap_on_start) return VolumeKind::snapshot;
  if (volume.save_on_stop) return VolumeKind::persistent;
  return volume.rw ? VolumeKind::fresh : VolumeKind::fixed;
}

VolumeSpec spec_of(const Context& context, const Vm& vm, const Volume& volume) {
  VolumeSpec spec{.vid = volume.vid.value_or(""),
                  .kind = kind_of(volume),
                  .size = volume.size,
                  .source = std::nullopt,
                  .revisions_to_keep = volume.revisions_to_keep};
  if (!volume.vid) spec.vid = StoreFacts{context, vm}.value("kernel");
  if (volume.source) spec.source = VolumeTable{context.store}.get(*volume.source).vid;
  return spec;
}

}  // namespace

std::vector<KeptVolume> kept_volumes(const Context& context, const Vm& vm) {
  std::map<std::int64_t, std::shared_ptr<PoolDriver>> drivers;
  std::vector<KeptVolume> kept;
  for (Volume& volume : VolumeTable{context.store}.of_vm(vm.qid)) {
    auto& driver = drivers[volume.pool];
    if (!driver) driver = context.outside.open_pool(PoolTable{context.store}.get(volume.pool));
    VolumeSpec spec = spec_of(context, vm, volume);
    kept.push_back({std::move(volume), std::move(spec), driver});
  }
  return kept;
}

void verify_volumes(const std::vector<KeptVolume>& volumes) {
  for (const KeptVolume& kept : volumes)
    if (!kept.spec.vid.empty()) kept.driver->verify(kept.spec);
}

std::vector<VolumeId> not_yet_started(const std::vector<KeptVolume>& volumes) {
  std::vector<VolumeId> ids;
  for (const KeptVolume& kept : volumes)
    if (kept.volume.vid && !kept.driver->is_started(kept.spec))
      ids.push_back({kept.volume.pool, *kept.volume.vid});
  return ids;
}

std::vector<StartedDisk> start_volumes(const std::vector<KeptVolume>& volumes) {
  const auto anew = not_yet_started(volumes);
  std::vector<StartedDisk> disks;
  char next_free = 'e';
  try {
    for (const KeptVolume& kept : volumes) {
      const std::string frontend = frontend_of(kept.volume.name, next_free);
      if (kept.spec.vid.empty()) continue;
      StartedVolume started = kept.driver->start(kept.spec);
      if (started.device.empty()) continue;
      disks.push_back({{started.device, frontend, kept.volume.rw}, std::move(started.holder)});
    }
  } catch (...) {
    disks.clear();  // a device must not be in use when its volume is dropped
    cancel_volumes(volumes, anew);
    throw;
  }
  return disks;
}

void stop_volumes(const std::vector<KeptVolume>& volumes) {
  for (const KeptVolume& kept : volumes)
    if (!kept.spec.vid.empty()) kept.driver->stop(kept.spec);
}

void cancel_volumes(const std::vector<KeptVolume>& volumes, const std::vector<VolumeId>& started) {
  for (const KeptVolume& kept : volumes) {
    const bool is_ours = std::ranges::any_of(started, [&](const VolumeId& id) {
      return id.pool == kept.volume.pool && id.vid == kept.volume.vid;
    });
    if (is_ours) kept.driver->cancel(kept.spec);
  }
}

}  // namespace qubes::mgmt
