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

std::string built_in_frontend(std::string_view name) {
  if (name == "root") return "xvda";
  if (name == "private") return "xvdb";
  if (name == "volatile") return "xvdc";
  if (name == "kernel") return "xvdd";
  return "";
}

VolumeKind kind_of(const Volume& volume) {
  if (volume.snap_on_start) return VolumeKind::snapshot;
  if (volume.save_on_stop) return VolumeKind::persistent;
  return volume.vid ? VolumeKind::fresh : VolumeKind::fixed;
}

VolumeSpec spec_of(const Context& context, const Volume& volume) {
  VolumeSpec spec{.vid = volume.vid.value_or(""),
                  .kind = kind_of(volume),
                  .size = volume.size,
                  .source = std::nullopt,
                  .revisions_to_keep = volume.revisions_to_keep,
                  .pinned = {}};
  for (const NamedSnapshot& named : VolumeTable{context.store}.named_snapshots(volume.id))
    spec.pinned.push_back(named.revision);
  if (volume.source) spec.source = VolumeTable{context.store}.get(*volume.source).vid;
  return spec;
}

}  // namespace

std::vector<std::string> frontends_of(const std::vector<Volume>& volumes) {
  std::vector<std::string> frontends;
  for (const Volume& volume : volumes)
    frontends.push_back(volume.frontend.empty() ? built_in_frontend(volume.name) : volume.frontend);
  for (std::string& frontend : frontends)
    if (frontend.empty()) frontend = free_frontend(frontends);
  return frontends;
}

bool is_built_in(std::string_view name) { return !built_in_frontend(name).empty(); }

int revisions_to_keep_of(const Pool& pool) {
  const auto option = pool.options.find("revisions_to_keep");
  if (option == pool.options.end()) return 1;
  return to_number<int>(option->second).value_or(1);
}

std::string free_frontend(const std::vector<std::string>& taken) {
  for (char letter = 'e'; letter <= 'z'; ++letter) {
    std::string frontend = concat("xvd", std::string_view{&letter, 1});
    if (std::ranges::find(taken, frontend) == taken.end()) return frontend;
  }
  throw Fault{FaultKind::failed, "the VM has 22 more volumes already, xvde to xvdz: detach one"};
}

std::vector<KeptVolume> kept_volumes(const Context& context, const Vm& vm) {
  std::map<std::int64_t, std::shared_ptr<PoolDriver>> drivers;
  std::vector<KeptVolume> kept;
  for (Volume& volume : VolumeTable{context.store}.of_vm(vm.qid)) {
    auto& driver = drivers[volume.pool];
    if (!driver) driver = context.outside.open_pool(PoolTable{context.store}.get(volume.pool));
    VolumeSpec spec = spec_of(context, volume);
    if (!volume.vid) spec.vid = StoreFacts{context, vm}.value("kernel");
    kept.push_back({std::move(volume), std::move(spec), driver});
  }
  return kept;
}

KeptVolume keep_volume(const Context& context, const Volume& volume) {
  return {volume, spec_of(context, volume),
          context.outside.open_pool(PoolTable{context.store}.get(volume.pool))};
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
  std::vector<Volume> rows;
  for (const KeptVolume& kept : volumes) rows.push_back(kept.volume);
  const auto frontends = frontends_of(rows);
  std::vector<StartedDisk> disks;
  try {
    for (std::size_t i = 0; i < volumes.size(); ++i) {
      const KeptVolume& kept = volumes[i];
      const std::string& frontend = frontends[i];
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
