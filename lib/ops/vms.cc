// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/vms.h"

#include <map>

#include "base/fault.h"
#include "base/text.h"
#include "store/intents.h"
#include "store/open.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

// A domain that nobody has recorded is, where it has never run, one whose start goes on, and
// where it is dying, what some process still maps of one that has ended.
bool is_recorded(const Context& context, const Vm& vm) {
  return RunningTable{context.store}.find(vm.qid).has_value();
}

VmState state_in_xen(const Context& context, const Vm& vm, const Domain& domain) {
  switch (domain.state) {
    case DomainState::running:
      return VmState::Running;
    case DomainState::paused:
      return domain.cpu_time_ns == 0 && !is_recorded(context, vm) ? VmState::Transient
                                                                  : VmState::Paused;
    case DomainState::dying:
      return is_recorded(context, vm) ? VmState::Dying : VmState::Halted;
    case DomainState::ended:
      if (domain.reason == EndReason::suspend) return VmState::Suspended;
      return domain.reason == EndReason::crash || domain.reason == EndReason::watchdog
                 ? VmState::Crashed
                 : VmState::Halting;
  }
  return VmState::NA;
}

Fault no_such_vm(const Context& context, const std::string& name) {
  return {FaultKind::no_such_vm,
          concat("no VM is called '", name, "'", vm_suggestion(context, name))};
}

}  // namespace

std::string vm_suggestion(const Context& context, std::string_view unknown) {
  return context.is_from_dom0() ? suggestion(unknown, VmTable{context.store}.names()) : "";
}

Vm find_vm(const Context& context, const VmReference& reference) {
  if (auto vm = VmTable{context.store}.find(reference)) return *vm;
  throw no_such_vm(context, reference.text());
}

Vm find_vm(const Context& context, const VmName& name) {
  return find_vm(context, VmReference{name});
}

Vm look_again(const Context& context, const Vm& vm) {
  if (auto now = VmTable{context.store}.find(VmReference{vm.uuid})) return *std::move(now);
  throw Fault{FaultKind::no_such_vm, concat("'", vm.name, "' has just been removed")};
}

std::vector<VmWithState> vms_with_states(const Context& context) {
  std::map<Uuid, Domain> domains;
  bool is_known = true;
  try {
    if (Domains* xen = context.outside.domains())
      for (const Domain& domain : xen->list()) {
        const auto [known, is_new] = domains.try_emplace(domain.uuid, domain);
        if (!is_new && comes_before(domain, known->second)) known->second = domain;
      }
  } catch (const Fault&) {
    is_known = false;
  }
  std::vector<VmWithState> found;
  for (Vm& vm : VmTable{context.store}.all()) {
    VmState state = is_known ? VmState::Halted : VmState::NA;
    const auto domain = domains.find(vm.uuid);
    if (runs_always(vm.vm_class))
      state = VmState::Running;
    else if (domain != domains.end())
      state = state_in_xen(context, vm, domain->second);
    found.push_back({std::move(vm), state});
  }
  return found;
}

VmState state_of(const Context& context, const Vm& vm) { return current_state(context, vm).state; }

CurrentState current_state(const Context& context, const Vm& vm) {
  CurrentState current{0, 0, 0, runs_always(vm.vm_class) ? VmState::Running : VmState::Halted};
  Domains* xen = context.outside.domains();
  const auto domain = xen != nullptr ? xen->find(vm.uuid) : std::nullopt;
  if (!domain) return current;
  if (!runs_always(vm.vm_class)) current.state = state_in_xen(context, vm, *domain);
  current.memory_kib = domain->memory_kib;
  current.max_memory_kib = domain->max_memory_kib;
  current.cpu_time_ns = domain->cpu_time_ns;
  return current;
}

std::optional<Domain> living_domain(const Context& context, const Vm& vm) {
  Domains* xen = context.outside.domains();
  if (xen == nullptr) return std::nullopt;
  auto domain = xen->find(vm.uuid);
  return domain && lives(*domain) ? domain : std::nullopt;
}

void require_halted(const Context& context, const Vm& vm, std::string_view doing) {
  const VmState state = IntentTable{context.store}.is_being_started(vm.qid) ? VmState::Transient
                                                                            : state_of(context, vm);
  if (state == VmState::Halted || vm.vm_class == VmClass::RemoteVM) return;
  throw Fault{FaultKind::not_halted, concat("cannot ", doing, " while '", vm.name, "' is ",
                                            text(state), ": shut it down first")};
}

FileLock lock_vm(const Context& context, const Vm& vm) {
  return FileLock::wait(lock_file(context.root, concat("vm-", vm.qid)), kLockDeadline,
                        concat("another call that works on '", vm.name, "'"));
}

}  // namespace qubes::mgmt
