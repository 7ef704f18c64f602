// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/remove.h"

#include "base/fault.h"
#include "base/text.h"
#include "ops/facts.h"
#include "ops/settle.h"
#include "ops/sweep.h"
#include "ops/vms.h"
#include "ops/volumes.h"
#include "store/intents.h"
#include "store/properties.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

void require_unused(const Context& context, const Vm& vm) {
  if (vm.qid == kDom0) throw Fault{FaultKind::vm_in_use, "dom0 cannot be removed"};
  if (StoreFacts{context, vm}.value("installed_by_rpm") == "True")
    throw Fault{
        FaultKind::vm_in_use,
        concat("'", vm.name, "' belongs to a package of dom0: ", "remove that package instead")};
  std::vector<std::string> uses;
  for (const ReferenceUse& use : PropertyTable{context.store}.uses(vm.qid))
    uses.push_back(concat(use.property, " of ", use.vm.empty() ? "all of Qubes" : use.vm));
  if (uses.empty()) return;
  throw Fault{FaultKind::vm_in_use,
              concat("'", vm.name, "' cannot be removed, it is in use as: ", listed(uses))};
}

std::vector<VolumeId> own_volumes(const Context& context, const Vm& vm) {
  std::vector<VolumeId> ids;
  for (const Volume& volume : VolumeTable{context.store}.of_vm(vm.qid))
    if (volume.vid) ids.push_back({volume.pool, *volume.vid});
  return ids;
}

// What was lent to the VM is not its own.
void give_back_volumes(const Context& context, const Vm& vm) {
  const VolumeTable table{context.store};
  for (const Volume& volume : table.of_vm(vm.qid))
    if (!volume.frontend.empty()) table.give_back(volume.id);
}

void remove_files(Context& context, const Vm& vm, const std::vector<VolumeId>& volumes) try {
  for (const VolumeId& id : volumes)
    context.outside.open_pool(PoolTable{context.store}.get(id.pool))->remove(id.vid);
} catch (const Fault& fault) {
  throw Fault{fault.kind(),
              concat("'", vm.name, "' is removed, its volumes not yet: ", fault.what(),
                     "; the next call that makes or removes a VM removes them")};
}

}  // namespace

void remove_vm(Context& context, const VmReference& reference) {
  // A removal that broke off has no VM any more; who repeats it expects its volumes to go.
  sweep_orphans(context);
  const Vm found = find_vm(context, reference);
  if (found.qid == kDom0) throw Fault{FaultKind::vm_in_use, "dom0 cannot be removed"};
  const FileLock lock = lock_vm(context, found);
  const Vm vm = look_again(context, found);
  if (settle_vm(context, vm).is_removed) return;
  require_halted(context, vm, "remove a VM");
  remove_halted_vm(context, vm);
}

// The VM and its name go in one transaction, which leaves a note of the volumes. Whatever
// keeps us from removing these, the note has the next call do it.
void remove_halted_vm(Context& context, const Vm& vm) {
  Change& change = context.begin();
  require_unused(context, vm);
  give_back_volumes(context, vm);
  const auto volumes = own_volumes(context, vm);
  change.event("", "domain-pre-delete", {{"vm", vm.name}});
  const std::int64_t intent =
      IntentTable{context.store}.add(IntentKind::remove, std::nullopt, vm.name, volumes);
  VmTable{context.store}.remove(vm.qid);
  change.event("", "domain-delete", {{"vm", vm.name}});
  context.commit();

  remove_files(context, vm, volumes);
  context.begin();
  IntentTable{context.store}.drop(intent);
  context.commit();
}

}  // namespace qubes::mgmt
