// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/stop.h"

#include <chrono>

#include "base/fault.h"
#include "base/text.h"
#include "ops/facts.h"
#include "ops/held_vm.h"
#include "ops/settle.h"
#include "ops/vms.h"
#include "store/intents.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

using Clock = std::chrono::steady_clock;

// Whoever runs and has its network from this VM, as its own choice or by default.
void require_no_running_users(const Context& context, const Vm& vm) {
  std::string users;
  for (const auto& [user, state] : vms_with_states(context)) {
    if (user.qid == kDom0 || state == VmState::Halted) continue;
    if (StoreFacts{context, user}.value("netvm") == vm.name)
      users += concat(users.empty() ? "" : ", ", user.name);
  }
  if (users.empty()) return;
  throw Fault{FaultKind::vm_in_use, concat("'", vm.name, "' is the netvm of running VMs: ", users,
                                           "; shut them down first, or use force")};
}

void end(Context& context, const HeldVm& held) {
  context.outside.hypervisor().destroy(held.domain->id);
  settle_vm(context, held.vm);
}

void ask_guest(Context& context, const HeldVm& held, ShutdownWords words) {
  Change& change = context.begin();
  RunningTable{context.store}.note_shutdown_request(held.vm.qid);
  change.event(held.vm.name, "domain-pre-shutdown", {{"force", words.force ? "True" : "False"}});
  context.commit();
  context.outside.guest_store().request_shutdown(held.domain->id);
}

// Without the VM's lock, so that Kill can end the wait.
void wait_for_end(Context& context, const Vm& vm, DomainId id) {
  const std::chrono::seconds limit{
      to_number<std::int64_t>(StoreFacts{context, vm}.value("shutdown_timeout")).value_or(60)};
  Domains& domains = *context.outside.domains();
  for (const auto deadline = Clock::now() + limit;;) {
    const auto domain = living_domain(context, vm);
    if (!domain || domain->id != id) return;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0)
      throw Fault{FaultKind::shutdown_timeout,
                  concat("'", vm.name, "' was asked to shut down and still runs after ",
                         limit.count(), " s (its shutdown_timeout): mgmt.vm.Kill ends it at once")};
    domains.wait_for_end(left);
  }
}

}  // namespace

void shut_down_vm(Context& context, const VmReference& reference, ShutdownWords words) {
  std::optional<Vm> asked;
  DomainId id = 0;
  {
    const HeldVm held = hold_vm(context, reference);
    require_domain(held, FaultKind::not_started);
    if (!words.force) require_no_running_users(context, held.vm);
    const bool is_paused = held.domain->state == DomainState::paused;
    if (is_paused && !words.force)
      throw Fault{FaultKind::not_running,
                  concat("'", held.vm.name, "' is paused and would not hear the request: ",
                         "unpause it first, or use force")};
    context.before_effect(concat("ask '", held.vm.name, "' to shut down"));
    if (is_paused) return end(context, held);
    ask_guest(context, held, words);
    asked = held.vm;
    id = held.domain->id;
  }
  if (!words.wait) return;
  wait_for_end(context, *asked, id);
  const FileLock lock = lock_vm(context, *asked);
  if (VmTable{context.store}.find(VmReference{asked->uuid})) settle_vm(context, *asked);
}

void kill_vm(Context& context, const VmReference& reference) {
  const HeldVm held = hold_vm(context, reference);
  require_domain(held, FaultKind::not_started);
  context.before_effect(concat("destroy the domain of '", held.vm.name, "'"));
  end(context, held);
}

void pause_vm(Context& context, const VmReference& reference) {
  const HeldVm held = hold_vm(context, reference);
  require_domain(held, FaultKind::not_running);
  if (held.domain->state == DomainState::paused) return;
  context.before_effect(concat("pause the domain of '", held.vm.name, "'"));
  context.outside.hypervisor().pause(held.domain->id);
  context.begin().event(held.vm.name, "domain-paused");
  context.commit();
}

void unpause_vm(Context& context, const VmReference& reference) {
  const HeldVm held = hold_vm(context, reference);
  if (!held.domain || held.domain->state != DomainState::paused)
    throw Fault{FaultKind::not_paused, concat("'", held.vm.name, "' is not paused: it is ",
                                              held.domain ? "running" : "halted")};
  context.before_effect(concat("unpause the domain of '", held.vm.name, "'"));
  context.outside.hypervisor().unpause(held.domain->id);
  context.begin().event(held.vm.name, "domain-unpaused");
  context.commit();
}

}  // namespace qubes::mgmt
