// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "ops/context.h"
#include "policy/system_info.h"

namespace qubes::mgmt {

/// The VMs of the store as a policy speaks of them, as they were when this was made.
class PolicySystem : public SystemInfo {
 public:
  explicit PolicySystem(const Context& context);
  PolicySystem(const PolicySystem&) = delete;
  PolicySystem& operator=(const PolicySystem&) = delete;

  const PolicyVm* find(std::string_view name) const override;
  const PolicyVm* find(const Uuid& uuid) const override;
  std::span<const PolicyVm> all() const override { return vms_; }
  bool is_running(const PolicyVm& vm) const override { return running_.contains(vm.name); }

 private:
  std::vector<PolicyVm> vms_;
  std::set<std::string, std::less<>> running_;
  std::unordered_map<std::string_view, const PolicyVm*> by_name_;
};

}  // namespace qubes::mgmt
