// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/suspend.h"

#include <algorithm>

#include "base/fault.h"
#include "base/text.h"
#include "ops/held_vm.h"
#include "ops/stop.h"
#include "ops/vms.h"
#include "store/devices.h"
#include "store/intents.h"

namespace qubes::mgmt {
namespace {

// No VM's lock is taken, lest dom0 waits for whoever works on one. What that does to the domain
// meanwhile is told by Xen's refusal.
template <class Work>
void for_vm(Context& context, const Vm& vm, std::vector<std::string>& failures, Work work) try {
  work();
} catch (const Fault& fault) {
  context.roll_back();
  failures.push_back(concat("'", vm.name, "': ", fault.what()));
}

void note(Context& context, const Vm& vm, bool asleep, std::string_view event) {
  context.begin().event(vm.name, event);
  RunningTable{context.store}.note_asleep(vm.qid, asleep);
  context.commit();
}

bool has_pci_devices(const Context& context, const Vm& vm) {
  const auto devices = DeviceTable{context.store}.of_vm(vm.qid);
  return std::ranges::any_of(
      devices, [](const DeviceAssignment& device) { return device.device_class == "pci"; });
}

bool is_suspended(const Domain& domain) { return domain.reason == EndReason::suspend; }

void tell(Context& context, const Vm& vm, std::string_view event) {
  context.begin().event(vm.name, event);
  context.commit();
}

}  // namespace

std::vector<std::string> pause_for_sleep(Context& context) {
  std::vector<std::string> failures;
  context.before_effect("pause every VM that runs");
  for (const auto& [vm, state] : vms_with_states(context)) {
    if (runs_always(vm.vm_class) || state != VmState::Running) continue;
    const auto domain = living_domain(context, vm);
    if (!domain) continue;
    // Noted first: killed in between, this leaves a VM that is unpaused for nothing.
    for_vm(context, vm, failures, [&] {
      if (!RunningTable{context.store}.find(vm.qid))
        throw Fault{FaultKind::busy, "it is being started, and goes on"};
      note(context, vm, true, "domain-paused");
      context.outside.hypervisor().pause(domain->id);
    });
  }
  return failures;
}

std::vector<std::string> unpause_after_sleep(Context& context) {
  std::vector<std::string> failures;
  context.before_effect("unpause every VM that was paused for sleep");
  const RunningTable table{context.store};
  for (const auto& [vm, state] : vms_with_states(context)) {
    const auto running = table.find(vm.qid);
    if (!running || !running->is_asleep) continue;
    const auto domain = living_domain(context, vm);
    if (!domain) continue;
    for_vm(context, vm, failures, [&] {
      if (domain->state == DomainState::paused) context.outside.hypervisor().unpause(domain->id);
      note(context, vm, false, "domain-unpaused");
    });
  }
  return failures;
}

void suspend_vm(Context& context, const VmReference& reference) {
  if (!has_pci_devices(context, find_vm(context, reference))) return pause_vm(context, reference);
  const HeldVm held = hold_vm(context, reference);
  require_domain(held, FaultKind::not_running);
  if (is_suspended(*held.domain)) return;
  if (held.domain->state == DomainState::paused)
    throw Fault{FaultKind::not_running, concat("'", held.vm.name,
                                               "' is paused and would not hear the request: "
                                               "unpause it first")};
  context.before_effect(concat("suspend the domain of '", held.vm.name, "'"));
  context.outside.hypervisor().suspend(held.domain->id);
  tell(context, held.vm, "domain-paused");
}

void resume_vm(Context& context, const VmReference& reference) {
  {
    const HeldVm held = hold_vm(context, reference);
    if (held.domain && is_suspended(*held.domain)) {
      context.before_effect(concat("resume the domain of '", held.vm.name, "'"));
      context.outside.hypervisor().resume(held.domain->id);
      return tell(context, held.vm, "domain-resumed");
    }
  }
  unpause_vm(context, reference);
}

}  // namespace qubes::mgmt
