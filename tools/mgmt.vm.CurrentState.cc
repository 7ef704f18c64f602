// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/vms.h"

namespace qubes::mgmt {
namespace {

Reply show(Context& context, const VmReference& vm) {
  const CurrentState state = current_state(context, find_vm(context, vm));
  return {Reply::Fields{{{"mem", std::to_string(state.memory_kib)},
                         {"mem_static_max", std::to_string(state.max_memory_kib)},
                         {"cputime", std::to_string(state.cpu_time_ns)},
                         {"power_state", std::string{text(state.state)}}}}};
}

const Call call{
    {.name = "mgmt.vm.CurrentState",
     .summary = "say what a VM does and what it uses",
     .notes = "Memory is in KiB, processor time in nanoseconds; all are 0 while it is halted.",
     .scope = Scope::local,
     .access = Access::read,
     .needs = Needs::xen,
     .faults = {FaultKind::no_such_vm},
     .reply = "mem=KIB mem_static_max=KIB cputime=NS power_state=STATE",
     .example = "mgmt.vm.CurrentState work"},
    show,
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
