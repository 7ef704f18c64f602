// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/suspend.h"

#include "base/fault.h"
#include "base/text.h"
#include "ops/vms.h"
#include "store/intents.h"

namespace qubes::mgmt {
namespace {

using Step = void (Hypervisor::*)(DomainId);

// No VM's lock is taken, lest dom0 waits for whoever works on one. What that does to the domain
// meanwhile is told by Xen's refusal.
void take_step(Context& context, const Vm& vm, DomainId domain, Step step, std::string_view event,
               std::vector<std::string>& failures) try {
  (context.outside.hypervisor().*step)(domain);
  context.begin().event(vm.name, event);
  RunningTable{context.store}.note_asleep(vm.qid, step == &Hypervisor::pause);
  context.commit();
} catch (const Fault& fault) {
  context.roll_back();
  failures.push_back(concat("'", vm.name, "': ", fault.what()));
}

}  // namespace

std::vector<std::string> pause_for_sleep(Context& context) {
  std::vector<std::string> failures;
  context.before_effect("pause every VM that runs");
  for (const auto& [vm, state] : vms_with_states(context)) {
    if (runs_always(vm.vm_class) || state != VmState::Running) continue;
    if (const auto domain = living_domain(context, vm))
      take_step(context, vm, domain->id, &Hypervisor::pause, "domain-paused", failures);
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
    if (domain && domain->state == DomainState::paused)
      take_step(context, vm, domain->id, &Hypervisor::unpause, "domain-unpaused", failures);
  }
  return failures;
}

}  // namespace qubes::mgmt
