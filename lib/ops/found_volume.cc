// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/found_volume.h"

#include "base/fault.h"
#include "base/text.h"
#include "ops/pools.h"
#include "ops/settle.h"
#include "ops/vms.h"
#include "store/open.h"
#include "store/vms.h"

namespace qubes::mgmt {

Fault hidden_volume() { return {FaultKind::denied, "there is no such volume for you"}; }

namespace {

Fault no_such_volume(const Context& context, std::string_view name, std::string_view where,
                     const std::vector<std::string>& known) {
  if (!context.is_from_dom0()) return hidden_volume();
  return {FaultKind::no_such_volume,
          concat(where, " has no volume '", name, "'", suggestion(name, known),
                 known.empty() ? "" : concat("; there are ", listed(known)))};
}

}  // namespace

FileLock lock_pool_volume(const Context& context, const FoundVolume& found) {
  return FileLock::wait(lock_file(context.root, concat("volume-", found.kept.volume.id)),
                        kLockDeadline, concat("another call that works on ", found.text()));
}

std::string volume_text(const std::optional<Vm>& vm, const Volume& volume) {
  if (vm) return concat("volume ", volume.name, " of '", vm->name, "'");
  return concat("volume '", volume.vid.value_or(""), "'");
}

FoundVolume find_volume(const Context& context, const VmReference& reference,
                        const VolumeName& name) {
  const Vm vm = find_vm(context, reference);
  std::vector<std::string> known;
  for (KeptVolume& kept : kept_volumes(context, vm)) {
    if (kept.volume.name == name.text()) return {vm, std::move(kept)};
    known.push_back(kept.volume.name);
  }
  throw no_such_volume(context, name.text(), concat("'", vm.name, "'"), known);
}

FoundVolume find_volume(const Context& context, const PoolName& pool_name,
                        const VolumeIdText& vid) {
  const Pool pool = find_pool(context, pool_name);
  const auto volume = VolumeTable{context.store}.find(pool.id, vid.text());
  if (!volume) throw no_such_volume(context, vid.text(), concat("pool '", pool.name, "'"), {});
  if (volume->vm) {
    const Vm vm = VmTable{context.store}.get(*volume->vm);
    return find_volume(context, VmReference{vm.uuid}, VolumeName::parse(volume->name));
  }
  return {std::nullopt, keep_volume(context, *volume)};
}

LockedVolume lock_volume(Context& context, const FoundVolume& found) {
  FileLock lock = found.vm ? lock_vm(context, *found.vm) : lock_pool_volume(context, found);
  if (!found.vm) {
    const auto volume = VolumeTable{context.store}.find_by_id(found.kept.volume.id);
    if (!volume)
      throw Fault{FaultKind::no_such_volume, concat(found.text(), " has just been removed")};
    if (volume->vm)
      throw Fault{FaultKind::busy, concat(found.text(), " has just been lent to a VM: try again")};
    return {std::move(lock), {std::nullopt, keep_volume(context, *volume)}, std::nullopt};
  }
  const auto reference = VmReference{found.vm->uuid};
  const Vm vm = find_vm(context, reference);
  const auto domain = settle_vm(context, vm).domain;
  return {std::move(lock),
          find_volume(context, reference, VolumeName::parse(found.kept.volume.name)), domain};
}

void require_at_rest(const LockedVolume& locked, std::string_view doing) {
  if (locked.domain)
    throw Fault{FaultKind::not_halted,
                concat("cannot ", doing, " ", locked.found.text(), " while '",
                       locked.found.vm->name, "' runs: shut it down first")};
}

}  // namespace qubes::mgmt
