// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/held_vm.h"

#include "base/text.h"
#include "ops/settle.h"
#include "ops/vms.h"

namespace qubes::mgmt {

HeldVm hold_vm(Context& context, const VmReference& reference) {
  const Vm found = find_vm(context, reference);
  if (found.qid == kDom0)
    throw Fault{FaultKind::vm_failed, "dom0 cannot be stopped, paused or killed by this call"};
  static_cast<void>(context.outside.hypervisor());  // no Xen is said before anything else
  FileLock lock = lock_vm(context, found);
  const Vm vm = look_again(context, found);
  Settled settled = settle_vm(context, vm);
  if (settled.is_removed) find_vm(context, reference);  // which refuses
  return {std::move(lock), vm, settled.domain};
}

void require_domain(const HeldVm& held, FaultKind kind) {
  if (held.domain) return;
  throw Fault{kind, concat("'", held.vm.name, "' is not running: it is halted")};
}

}  // namespace qubes::mgmt
