// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/stop.h"

#include <chrono>

#include "base/fault.h"
#include "base/text.h"
#include "ops/facts.h"
#include "ops/settle.h"
#include "ops/vms.h"
#include "store/intents.h"
#include "store/properties.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

using Clock = std::chrono::steady_clock;

/// A VM whose lock is held and which was settled, so that store and Xen agree.
struct Settled {
  FileLock lock;
  Vm vm;
  std::optional<Domain> domain;
};

Settled settle(Context& context, const VmReference& reference) {
  const Vm found = find_vm(context, reference);
  if (found.qid == kDom0)
    throw Fault{FaultKind::vm_failed, "dom0 cannot be stopped, paused or killed by this call"};
  static_cast<void>(context.outside.hypervisor());  // no Xen is said before anything else
  FileLock lock = lock_vm(context, found);
  const Vm vm = find_vm(context, VmReference{found.uuid});
  auto domain = settle_vm(context, vm);
  return {std::move(lock), vm, domain};
}

void require_domain(const Settled& settled, FaultKind kind) {
  if (settled.domain) return;
  throw Fault{kind, concat("'", settled.vm.name, "' is not running: it is halted")};
}

// Whoever depends on this VM by a property and runs.
void require_no_running_users(const Context& context, const Vm& vm) {
  std::string users;
  for (const std::string& name : PropertyTable{context.store}.users(vm.qid, "netvm"))
    if (living_domain(context, find_vm(context, VmName::parse(name))))
      users += concat(users.empty() ? "" : ", ", name);
  if (users.empty()) return;
  throw Fault{FaultKind::vm_in_use, concat("'", vm.name, "' is the netvm of running VMs: ", users,
                                           "; shut them down first, or use force")};
}

void end(Context& context, const Settled& settled) {
  context.outside.hypervisor().destroy(settled.domain->id);
  settle_vm(context, settled.vm);
}

void ask_guest(Context& context, const Settled& settled, ShutdownWords words) {
  Change& change = context.begin();
  RunningTable{context.store}.note_shutdown_request(settled.vm.qid);
  change.event(settled.vm.name, "domain-pre-shutdown", {{"force", words.force ? "True" : "False"}});
  context.commit();
  context.outside.guest_store().request_shutdown(settled.domain->id);
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
    const Settled settled = settle(context, reference);
    require_domain(settled, FaultKind::not_started);
    if (!words.force) require_no_running_users(context, settled.vm);
    const bool is_paused = settled.domain->state == DomainState::paused;
    if (is_paused && !words.force)
      throw Fault{FaultKind::not_running,
                  concat("'", settled.vm.name, "' is paused and would not hear the request: ",
                         "unpause it first, or use force")};
    context.before_effect(concat("ask '", settled.vm.name, "' to shut down"));
    if (is_paused) return end(context, settled);
    ask_guest(context, settled, words);
    asked = settled.vm;
    id = settled.domain->id;
  }
  if (!words.wait) return;
  wait_for_end(context, *asked, id);
  const FileLock lock = lock_vm(context, *asked);
  if (VmTable{context.store}.find(VmReference{asked->uuid})) settle_vm(context, *asked);
}

void kill_vm(Context& context, const VmReference& reference) {
  const Settled settled = settle(context, reference);
  require_domain(settled, FaultKind::not_started);
  context.before_effect(concat("destroy the domain of '", settled.vm.name, "'"));
  end(context, settled);
}

void pause_vm(Context& context, const VmReference& reference) {
  const Settled settled = settle(context, reference);
  require_domain(settled, FaultKind::not_running);
  if (settled.domain->state == DomainState::paused) return;
  context.before_effect(concat("pause the domain of '", settled.vm.name, "'"));
  context.outside.hypervisor().pause(settled.domain->id);
  context.begin().event(settled.vm.name, "domain-paused");
  context.commit();
}

void unpause_vm(Context& context, const VmReference& reference) {
  const Settled settled = settle(context, reference);
  if (!settled.domain || settled.domain->state != DomainState::paused)
    throw Fault{FaultKind::not_paused, concat("'", settled.vm.name, "' is not paused: it is ",
                                              settled.domain ? "running" : "halted")};
  context.before_effect(concat("unpause the domain of '", settled.vm.name, "'"));
  context.outside.hypervisor().unpause(settled.domain->id);
  context.begin().event(settled.vm.name, "domain-unpaused");
  context.commit();
}

}  // namespace qubes::mgmt
