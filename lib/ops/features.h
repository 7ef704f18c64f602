// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/feature.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// In the order in which they were first set.
std::vector<std::string> feature_names(const Context& context, const VmReference& reference);

/// A feature of the VM, or of those it stands on; nothing where none of them has it.
std::optional<std::string> look_up_feature(const Context& context, const Vm& vm,
                                           std::string_view name, FeatureLookup where);

/// The same for a caller. Throws no_such_feature.
std::string read_feature(const Context& context, const VmReference& reference,
                         const FeatureName& name, FeatureLookup where);

/// All within the open change.
void set_feature(Context& context, const VmReference& reference, const FeatureName& name,
                 const FeatureValue& value);

/// Whether setting this one sets a property in truth, whose rules ask Xen.
bool sets_a_property(std::string_view feature);

/// Throws no_such_feature.
void remove_feature(Context& context, const VmReference& reference, const FeatureName& name);

/// For what sets features by itself: stores with the events and asks no rule.
void put_feature(Context& context, const Vm& vm, std::string_view name, std::string_view value);

/// Says whether it was there.
bool drop_feature(Context& context, const Vm& vm, std::string_view name);

}  // namespace qubes::mgmt
