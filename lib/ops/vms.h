// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/lock.h"
#include "model/names.h"
#include "model/vm.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// Throws no_such_vm; to dom0 it suggests the nearest name, others may not know of any.
Vm find_vm(const Context& context, const VmReference& reference);
Vm find_vm(const Context& context, const VmName& name);

/// The VM as it is now that its lock is held, which another call may have had before. Throws
/// no_such_vm if that one has removed it.
Vm look_again(const Context& context, const Vm& vm);

/// The nearest name of a VM as a hint, or nothing; only dom0 may learn of any.
std::string vm_suggestion(const Context& context, std::string_view unknown);

struct VmWithState {
  Vm vm;
  VmState state;
};

/// Every VM with what it does, in the order of a listing: one look at Xen for all.
std::vector<VmWithState> vms_with_states(const Context& context);

VmState state_of(const Context& context, const Vm& vm);

/// Neither started nor halted here: dom0 runs as long as the machine does, a RemoteVM elsewhere.
constexpr bool runs_always(VmClass vm_class) {
  return vm_class == VmClass::AdminVM || vm_class == VmClass::RemoteVM;
}

/// The VM's domain, if Xen has one that lives.
std::optional<Domain> living_domain(const Context& context, const Vm& vm);

/// Throws not_halted unless Xen has no domain of the VM. Of a RemoteVM nothing runs here.
void require_halted(const Context& context, const Vm& vm, std::string_view doing);

/// How long a call waits for another that works on the same VM or volume.
constexpr std::chrono::seconds kLockDeadline{30};

/// Keeps all other calls from starting, stopping or removing the VM. Throws busy.
FileLock lock_vm(const Context& context, const Vm& vm);

struct CurrentState {
  std::uint64_t memory_kib;
  std::uint64_t max_memory_kib;
  std::uint64_t cpu_time_ns;
  VmState state;
};

CurrentState current_state(const Context& context, const Vm& vm);

}  // namespace qubes::mgmt
