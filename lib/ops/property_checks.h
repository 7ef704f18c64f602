// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "model/vm.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// A property that is about to get a value, which has passed its own form already.
struct PropertySetting {
  Context& context;
  const Vm& vm;
  std::string_view property;
  /// Canonical; a VM's or label's name. Empty for a VM means none.
  const std::string& value;
  /// The value in force before.
  const std::string& old_value;
};

/// Applies the rules that need the store or Xen: what a property names exists and fits, and
/// the VM is in a state that allows the change. Throws what the rule says.
void check_setting(const PropertySetting& setting);

/// What else changes with it, in the same change: a template's volumes, a mark on VMs that
/// provide network.
void follow_setting(const PropertySetting& setting);

}  // namespace qubes::mgmt
