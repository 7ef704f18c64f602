// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/start.h"

#include "base/fault.h"
#include "base/process.h"
#include "base/text.h"
#include "ops/domain_spec.h"
#include "ops/facts.h"
#include "ops/guest_keys.h"
#include "ops/settle.h"
#include "ops/vms.h"
#include "ops/volumes.h"
#include "store/intents.h"
#include "store/marks.h"

namespace qubes::mgmt {
namespace {

/// A start under way.
struct Start {
  Vm vm;
  std::vector<KeptVolume> volumes;
  /// Those that are this start's own, and dropped if it fails.
  std::vector<VolumeId> anew;
  std::int64_t intent = 0;
  std::optional<DomainId> domain;
};

void require_startable(const Context& context, const Vm& vm) {
  if (vm.qid == kDom0) throw Fault{FaultKind::not_halted, "dom0 runs already, always"};
  if (vm.vm_class == VmClass::RemoteVM)
    throw Fault{FaultKind::vm_failed, concat("'", vm.name, "' stands for a VM of another host and ",
                                             "cannot be started here")};
  const auto reason = FeatureTable{context.store}.value(vm.qid, "prohibit-start");
  if (reason && !reason->empty())
    throw Fault{FaultKind::failed, concat("'", vm.name, "' must not be started, by its feature ",
                                          "prohibit-start: ", printable(*reason))};
}

void announce(Context& context, Start& start) {
  Change& change = context.begin();
  start.intent =
      IntentTable{context.store}.add(IntentKind::start, start.vm.qid, start.vm.name, start.anew);
  change.event(start.vm.name, "domain-pre-start", {{"start_guid", "None"}});
  context.commit();
}

void bring_up(Context& context, Start& start, DomainSpec spec) {
  std::vector<StartedDisk> disks = start_volumes(start.volumes);
  for (const StartedDisk& started : disks) spec.disks.push_back(started.disk);
  Hypervisor& xen = context.outside.hypervisor();
  start.domain = xen.create(spec);
  tell_guest(context, start.vm, *start.domain);
  xen.unpause(*start.domain);
}

void record(Context& context, const Start& start) {
  Change& change = context.begin();
  RunningTable{context.store}.add(start.vm.qid, *start.domain);
  IntentTable{context.store}.drop(start.intent);
  change.event(start.vm.name, "domain-spawn", {{"start_guid", "None"}});
  change.event(start.vm.name, "domain-start", {{"start_guid", "None"}});
  context.commit();
}

// Leaves Xen, volumes and store as they were before. A failure here must not hide the first.
void undo(Context& context, const Start& start, std::string_view reason) {
  context.roll_back();
  try {
    if (start.domain) context.outside.hypervisor().destroy(*start.domain);
    cancel_volumes(start.volumes, start.anew);
    Change& change = context.begin();
    IntentTable{context.store}.drop(start.intent);
    change.event(start.vm.name, "domain-start-failed", {{"reason", reason}});
    context.commit();
  } catch (const Fault&) {
    // What is left has an intent that names it; the next call on this VM settles it.
    context.roll_back();
  }
}

// Sees to it that somebody notices when the domain ends by itself. The VM runs without that too:
// its next call settles it.
std::vector<std::string> leave_reaper(const Context& context) try {
  leave_behind({context.outside.program("qubes-mgmt-reaper"), context.root.folder()});
  return {};
} catch (const Fault& fault) {
  return {concat("nobody will notice when the VM ends by itself: ", fault.what())};
}

// Reads anew what calls may have changed until the start was announced, and no longer can.
void read_again(Context& context, Start& start, DomainSpec& spec) {
  start.vm = look_again(context, start.vm);
  start.volumes = kept_volumes(context, start.vm);
  spec = domain_spec(context, start.vm);
}

}  // namespace

std::vector<std::string> start_vm(Context& context, const VmReference& reference) {
  const Vm found = find_vm(context, reference);
  require_startable(context, found);
  const FileLock lock = lock_vm(context, found);
  const Vm vm = look_again(context, found);
  Hypervisor& xen = context.outside.hypervisor();
  const Settled settled = settle_vm(context, vm);
  if (settled.domain) return leave_reaper(context);
  if (settled.is_removed) find_vm(context, reference);  // which refuses

  Start start{.vm = vm, .volumes = kept_volumes(context, vm), .anew = {}, .domain = {}};
  DomainSpec spec = domain_spec(context, vm);
  verify_volumes(start.volumes);
  require_memory(xen, vm, spec);
  start.anew = not_yet_started(start.volumes);
  context.before_effect(concat("start the volumes of '", vm.name, "' and its domain"));
  announce(context, start);
  try {
    read_again(context, start, spec);
    bring_up(context, start, std::move(spec));
    record(context, start);
  } catch (const Fault& fault) {
    undo(context, start, fault.what());
    throw;
  }
  return leave_reaper(context);
}

}  // namespace qubes::mgmt
