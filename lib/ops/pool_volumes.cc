// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/pool_volumes.h"

#include "base/fault.h"
#include "base/text.h"
#include "ops/pools.h"
#include "ops/settle.h"
#include "ops/sweep.h"
#include "ops/vms.h"
#include "store/intents.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

// Where the volumes of a pool lie that belong to it alone.
Vid vid_for(std::string_view name) { return concat("volumes/", name); }

FoundVolume lendable(const Context& context, const PoolName& pool, const VolumeIdText& vid) {
  FoundVolume found = find_volume(context, pool, vid);
  if (!found.vm) return found;
  if (!context.is_from_dom0()) throw hidden_volume();
  throw Fault{FaultKind::vm_in_use,
              concat("volume '", vid.text(), "' belongs to '", found.vm->name, "'")};
}

void require_of_this_host(const Vm& vm) {
  if (runs_always(vm.vm_class))
    throw Fault{FaultKind::bad_value,
                concat("'", vm.name, "' is a ", text(vm.vm_class), " and has no disks here")};
}

bool is_lent_to(const FoundVolume& found, const Vm& vm) {
  return found.vm && found.vm->qid == vm.qid && !found.kept.volume.frontend.empty();
}

// Says in the store whose it is now.
Volume lend(Context& context, const Vm& vm, const PoolName& pool, const VolumeIdText& vid) {
  context.begin();
  Volume volume = lendable(context, pool, vid).kept.volume;
  const VolumeTable table{context.store};
  if (table.find(vm.qid, volume.name))
    throw Fault{FaultKind::failed,
                concat("'", vm.name, "' has a volume called ", volume.name, " already")};
  volume.vm = vm.qid;
  volume.frontend = free_frontend(frontends_of(table.of_vm(vm.qid)));
  table.lend(volume.id, vm.qid, volume.frontend);
  context.commit();
  return volume;
}

void give_back(Context& context, const Volume& volume) {
  context.begin();
  VolumeTable{context.store}.give_back(volume.id);
  context.commit();
}

// One that the guest has already is what an earlier call has done. If Xen refuses, the volume is
// as if it had never been started.
void plug_in(Context& context, const KeptVolume& kept, const Domain& domain) {
  Hypervisor& xen = context.outside.hypervisor();
  if (xen.has_disk(domain.id, kept.volume.frontend)) return;
  const StartedVolume started = kept.driver->start(kept.spec);
  try {
    xen.attach_disk(domain.id, {started.device, kept.volume.frontend, kept.volume.rw},
                    context.outside.program("qubes-mgmt-block"));
  } catch (const Fault&) {
    if (!xen.has_disk(domain.id, kept.volume.frontend)) kept.driver->cancel(kept.spec);
    throw;
  }
}

void require_free(const Context& context, const Pool& pool, const PoolDriver& driver,
                  const Vid& vid) {
  if (VolumeTable{context.store}.is_taken(pool.id, vid) || driver.taken(vid))
    throw Fault{FaultKind::pool_failed,
                concat("pool '", pool.name, "' has a volume '", vid, "' already")};
}

}  // namespace

std::string create_pool_volume(Context& context, const PoolName& name,
                               const NewPoolVolume& wanted) {
  if (is_built_in(wanted.name.text()))
    throw Fault{FaultKind::bad_value, concat("each VM has a volume called ", wanted.name.text(),
                                             " of its own: choose another name")};
  sweep_orphans(context);
  const Pool pool = find_pool(context, name);
  const Vid vid = vid_for(wanted.name.text());
  const auto driver = context.outside.open_pool(pool);
  require_free(context, pool, *driver, vid);
  context.before_effect(concat("make volume '", vid, "' in pool '", pool.name, "'"));
  context.begin();
  require_free(context, pool, *driver, vid);
  const std::int64_t intent =
      IntentTable{context.store}.add(IntentKind::create, std::nullopt, vid, {{pool.id, vid}});
  context.commit();

  try {
    driver->create(vid, wanted.size.bytes);
  } catch (const Fault&) {
    undo_volumes(context, {{pool.id, vid}}, intent);
    throw;
  }
  Volume volume;
  volume.name = wanted.name.text();
  volume.pool = pool.id;
  volume.vid = vid;
  volume.size = wanted.size.bytes;
  volume.save_on_stop = true;
  volume.revisions_to_keep = revisions_to_keep_of(pool);
  context.begin();
  VolumeTable{context.store}.add(volume);
  IntentTable{context.store}.drop(intent);
  context.commit();
  return vid;
}

void remove_pool_volume(Context& context, const PoolName& pool, const VolumeIdText& vid) {
  // A removal that broke off has no row any more; who repeats it expects its files to go.
  sweep_orphans(context);
  const LockedVolume locked = lock_volume(context, lendable(context, pool, vid));
  const KeptVolume& kept = locked.found.kept;
  context.before_effect(concat("remove volume '", vid.text(), "'"));
  context.begin();
  lendable(context, pool, vid);
  const VolumeId id{kept.volume.pool, kept.spec.vid};
  const std::int64_t intent =
      IntentTable{context.store}.add(IntentKind::remove, std::nullopt, kept.spec.vid, {id});
  VolumeTable{context.store}.remove(kept.volume.id);
  context.commit();

  remove_volumes(context, {id}, intent);
}

void attach_volume(Context& context, const VmReference& reference, const PoolName& pool,
                   const VolumeIdText& vid) {
  const Vm asked = find_vm(context, reference);
  require_of_this_host(asked);
  const FileLock lock = lock_vm(context, asked);
  const Vm vm = look_again(context, asked);
  const Settled settled = settle_vm(context, vm);
  if (settled.is_removed) find_vm(context, reference);  // which refuses
  const FoundVolume found = find_volume(context, pool, vid);
  const bool was_lent = is_lent_to(found, vm);
  std::optional<FileLock> own_lock;
  if (!was_lent) own_lock = lock_pool_volume(context, lendable(context, pool, vid));
  context.before_effect(concat("attach volume '", vid.text(), "' to '", vm.name, "'"));
  const Volume volume = was_lent ? found.kept.volume : lend(context, vm, pool, vid);
  if (!settled.domain) return;
  try {
    plug_in(context, keep_volume(context, volume), *settled.domain);
  } catch (const Fault&) {
    if (!was_lent && !keep_volume(context, volume).is_started()) give_back(context, volume);
    throw;
  }
}

void detach_volume(Context& context, const VmReference& reference, const VolumeName& name) {
  const LockedVolume locked = lock_volume(context, find_volume(context, reference, name));
  const KeptVolume& kept = locked.found.kept;
  if (kept.volume.frontend.empty())
    throw Fault{FaultKind::bad_value,
                concat(locked.found.text(), " was made with it and stays with it")};
  context.before_effect(concat("detach ", locked.found.text()));
  if (locked.domain) {
    context.outside.hypervisor().detach_disk(locked.domain->id, kept.volume.frontend);
    kept.driver->stop(kept.spec);
  }
  give_back(context, kept.volume);
}

}  // namespace qubes::mgmt
