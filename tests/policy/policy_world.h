// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/policy.h"
#include "policy/view.h"
#include "support/scratch_root.h"

namespace qubes::mgmt::test {

/// Some VMs, the same in all tests of the policy; `policy_world.cc` lists them.
class FalseSystem : public SystemInfo {
 public:
  FalseSystem();
  const PolicyVm* find(std::string_view name) const override;
  const PolicyVm* find(const Uuid& uuid) const override;
  std::span<const PolicyVm> all() const override { return vms; }
  bool is_running(const PolicyVm& vm) const override { return running.contains(vm.name); }

  std::vector<PolicyVm> vms;
  std::set<std::string> running{"dom0", "sys"};
};

/// A scratch root with empty policy folders, and the VMs.
class PolicyWorld {
 public:
  PolicyWorld();

  /// Makes or replaces a file, named as if the root were `/`, relative names in
  /// /etc/qubes/policy.d.
  void write(const std::filesystem::path& file, std::string_view text) const;
  std::filesystem::path at(const std::filesystem::path& file) const;

  Policy read() const { return Policy::read(Root{root.path()}); }

  /// Why the policy is broken, if its one file `30-test.policy` holds this.
  std::string problem(std::string_view text) const;

  /// What becomes of a call of test.Service with the argument `arg`, by such a policy.
  Resolution resolve(std::string_view text, std::string_view source, std::string_view target) const;

  ScratchRoot root;
  FalseSystem system;
};

/// `allow TARGET`, `ask CHOICE CHOICE (DEFAULT)` or `deny`, with the line it stems from before it.
std::string summary(const Resolution& resolution);

}  // namespace qubes::mgmt::test
