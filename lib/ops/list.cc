// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/list.h"

#include "ops/policy_system.h"
#include "policy/view.h"

namespace qubes::mgmt {
namespace {

// As shipped: what the caller may list one by one, without anybody being asked, it sees.
void keep_visible(const Context& context, std::vector<VmWithState>& vms) {
  const Policy policy = Policy::read(context.root);
  const PolicySystem system{context};
  const PolicyView view{policy, system, context.origin.source, context.origin.call};
  std::erase_if(vms, [&](const VmWithState& entry) {
    const PolicyVm* vm = system.find(entry.vm.name);
    return vm == nullptr || !view.allows(*vm);
  });
}

}  // namespace

std::vector<VmWithState> visible_vms(const Context& context, const VmReference& target) {
  const Vm asked = find_vm(context, target);
  std::vector<VmWithState> vms;
  if (asked.qid == kDom0)
    vms = vms_with_states(context);
  else
    vms.push_back({asked, state_of(context, asked)});
  if (!context.is_from_dom0()) keep_visible(context, vms);
  return vms;
}

}  // namespace qubes::mgmt
