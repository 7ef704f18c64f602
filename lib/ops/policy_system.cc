// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/policy_system.h"

#include <algorithm>

#include "ops/system_info.h"

namespace qubes::mgmt {

PolicySystem::PolicySystem(const Context& context) {
  for (SystemEntry& entry : system_info(context)) {
    const Vm& vm = entry.vm.vm;
    if (entry.vm.state != VmState::Halted) running_.insert(vm.name);
    auto dispvm = entry.default_dispvm.empty() ? std::nullopt
                                               : std::optional{std::move(entry.default_dispvm)};
    vms_.push_back({vm.name, vm.uuid, vm.vm_class, std::move(entry.tags),
                    entry.template_for_dispvms, std::move(dispvm)});
  }
  for (const PolicyVm& vm : vms_) by_name_.emplace(vm.name, &vm);
}

const PolicyVm* PolicySystem::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

const PolicyVm* PolicySystem::find(const Uuid& uuid) const {
  const auto found = std::ranges::find(vms_, uuid, &PolicyVm::uuid);
  return found == vms_.end() ? nullptr : &*found;
}

}  // namespace qubes::mgmt
