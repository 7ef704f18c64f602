// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/settle.h"

#include <chrono>

#include "base/fault.h"
#include "base/lock.h"
#include "base/text.h"
#include "ops/facts.h"
#include "ops/remove.h"
#include "ops/vms.h"
#include "ops/volumes.h"
#include "store/intents.h"
#include "store/open.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

using Clock = std::chrono::steady_clock;

// Destroying ends with the domain gone from Xen's list, except while a back end or a process
// of dom0 still maps some of its pages. That passes, and the VM need not wait for it: such a
// domain has neither name nor devices.
constexpr std::chrono::seconds kDyingPatience{2};
constexpr std::chrono::milliseconds kDyingStep{200};

// What a dead start may leave: a domain that has never run, or was being destroyed again.
bool is_half_built(const Domain& domain, const std::optional<Running>& running) {
  if (running) return false;
  return domain.state == DomainState::dying ||
         (domain.state == DomainState::paused && domain.cpu_time_ns == 0);
}

// One that is dying already may be what a killed call has left half destroyed.
void end_domain(Context& context, const Vm& vm, const Domain& domain) {
  context.outside.hypervisor().destroy(domain.id);
  Domains& domains = *context.outside.domains();
  for (const auto deadline = Clock::now() + kDyingPatience; Clock::now() < deadline;) {
    const auto now = domains.find(vm.uuid);
    if (!now || now->id != domain.id) return;
    domains.wait_for_end(kDyingStep);
  }
}

void drop_start_intents(Context& context, const Vm& vm) {
  for (const Intent& orphan : IntentTable{context.store}.orphans_of(vm.qid))
    IntentTable{context.store}.drop(orphan.id);
}

// A domain that runs though nobody has recorded it: its start was killed after the last step.
void adopt(Context& context, const Vm& vm, const Domain& domain) {
  Change& change = context.begin();
  RunningTable{context.store}.add(vm.qid, domain.id);
  drop_start_intents(context, vm);
  change.event(vm.name, "domain-start", {{"start_guid", "None"}});
  context.commit();
}

void record_end(Context& context, const Vm& vm) {
  Change& change = context.begin();
  RunningTable{context.store}.drop(vm.qid);
  drop_start_intents(context, vm);
  change.event(vm.name, "domain-stopped");
  change.event(vm.name, "domain-shutdown");
  context.commit();
}

// A disposable that cleans up goes with its domain, if nobody refers to it. That it has halted is
// true also where this fails, so the failure is nobody's.
bool clean_up(Context& context, const Vm& vm) try {
  if (vm.vm_class != VmClass::DispVM || StoreFacts{context, vm}.value("auto_cleanup") != "True")
    return false;
  remove_halted_vm(context, vm);
  return true;
} catch (const Fault&) {
  context.roll_back();
  return !VmTable{context.store}.find(VmReference{vm.uuid});
}

void forget_dead_start(Context& context, const Vm& vm, const std::vector<Intent>& orphans) {
  const auto volumes = kept_volumes(context, vm);
  for (const Intent& orphan : orphans) cancel_volumes(volumes, orphan.volumes);
  context.begin();
  drop_start_intents(context, vm);
  context.commit();
}

// A call was killed while it held the guest still for a moment.
void let_go_on(Context& context, const Domain& domain, const std::vector<Intent>& orphans) {
  for (const Intent& orphan : orphans) {
    if (orphan.kind != IntentKind::pause) continue;
    if (domain.state == DomainState::paused) context.outside.hypervisor().unpause(domain.id);
    context.begin();
    IntentTable{context.store}.drop(orphan.id);
    context.commit();
  }
}

bool may_need_settling(const Context& context, const VmWithState& entry) {
  if (runs_always(entry.vm.vm_class)) return false;
  if (entry.state != VmState::Halted) return true;
  return RunningTable{context.store}.find(entry.vm.qid) ||
         !IntentTable{context.store}.orphans_of(entry.vm.qid).empty();
}

void settle_one(Context& context, const Vm& listed, Unsettled& left) {
  const auto lock = FileLock::attempt(lock_file(context.root, concat("vm-", listed.qid)));
  if (!lock) {
    ++left.worked_on;
    return;
  }
  // Before the lock was had, it may have been removed, and its number given to another.
  const auto vm = VmTable{context.store}.find(VmReference{listed.uuid});
  if (vm && vm->qid == listed.qid && settle_vm(context, *vm).domain) ++left.running;
}

}  // namespace

Settled settle_vm(Context& context, const Vm& vm) {
  if (context.is_rehearsal()) return {living_domain(context, vm)};
  Domains* xen = context.outside.domains();
  const auto domain = xen != nullptr ? xen->find(vm.uuid) : std::nullopt;
  const auto running = RunningTable{context.store}.find(vm.qid);
  const auto orphans = IntentTable{context.store}.orphans_of(vm.qid);
  if (domain && domain->state == DomainState::dying && !running && orphans.empty()) return {};
  const bool ran = running || (domain && !is_half_built(*domain, running));
  if (domain && lives(*domain) && !is_half_built(*domain, running)) {
    let_go_on(context, *domain, orphans);
    if (!running || running->domain != domain->id || !running->of_this_boot)
      adopt(context, vm, *domain);
    return {domain};
  }
  if (domain) end_domain(context, vm, *domain);
  if (ran) {
    stop_volumes(kept_volumes(context, vm));
    record_end(context, vm);
    return {std::nullopt, clean_up(context, vm)};
  }
  if (!orphans.empty()) forget_dead_start(context, vm, orphans);
  return {};
}

Unsettled settle_all(Context& context) {
  Unsettled left;
  for (const VmWithState& entry : vms_with_states(context)) {
    if (!may_need_settling(context, entry)) continue;
    try {
      settle_one(context, entry.vm, left);
    } catch (const Fault& fault) {
      // One that cannot be settled must not hold the memory of the others.
      context.roll_back();
      left.failures.push_back(concat(entry.vm.name, ": ", fault.what()));
    }
  }
  return left;
}

}  // namespace qubes::mgmt
