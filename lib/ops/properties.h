// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/names.h"
#include "model/property.h"
#include "ops/context.h"

namespace qubes::mgmt {

struct PropertyReading {
  ValueType type;
  bool is_default;
  std::string value;
};

PropertyReading read_property(const Context& context, const VmReference& reference,
                              const PropertyName& name);

struct NamedReading {
  std::string_view name;
  PropertyReading reading;
};

/// All that the VM has, in the order of their listing.
std::vector<NamedReading> read_properties(const Context& context, const VmReference& reference);

struct PropertyDefault {
  ValueType type;
  std::optional<std::string> value;
};

/// What holds where none is set; nothing for a property that is always set.
PropertyDefault default_of_property(const Context& context, const VmReference& reference,
                                    const PropertyName& name);

/// Sets it within the open change: decoded, checked, stored, with its events. Returns what a
/// person should be told about what now stands elsewhere, a sentence each.
std::vector<std::string> set_property(Context& context, const VmReference& reference,
                                      const PropertyName& name, const AnyValue& untrusted);

/// For what sets properties by itself: stores with the events, and asks no rule that depends on
/// other things. The value is canonical.
void put_property(Context& context, const Vm& vm, std::string_view name, const std::string& value);

/// Lets the default hold again. A property whose default holds already is no fault.
void reset_property(Context& context, const VmReference& reference, const PropertyName& name);

/// Whether a change of the property depends on what the VM does at the moment, so that Xen
/// must be asked.
bool depends_on_state(std::string_view property);

/// Whether its value is what Xen says at the moment.
bool shows_state(std::string_view property);

}  // namespace qubes::mgmt
