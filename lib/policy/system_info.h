// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/uuid.h"
#include "model/vm.h"

namespace qubes::mgmt {

/// A VM as far as a policy speaks of it, dom0 too.
struct PolicyVm {
  std::string name;
  Uuid uuid;
  VmClass vm_class;
  std::vector<std::string> tags;
  bool is_template_for_dispvms = false;
  std::optional<std::string> default_dispvm;  // the name of a VM
};

/// What the evaluator must be told of the system. What it hands out must stay as it is for as
/// long as a PolicyView uses it.
class SystemInfo {
 public:
  virtual ~SystemInfo() = default;

  /// nullptr where there is none.
  virtual const PolicyVm* find(std::string_view name) const = 0;
  virtual const PolicyVm* find(const Uuid& uuid) const = 0;

  /// Asked only for the choices of `ask`.
  virtual std::span<const PolicyVm> all() const = 0;

  /// Asked only where a rule says autostart=no.
  virtual bool is_running(const PolicyVm& vm) const = 0;
};

}  // namespace qubes::mgmt
