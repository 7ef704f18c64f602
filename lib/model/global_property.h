// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/names.h"
#include "model/value_type.h"

namespace qubes::mgmt {

/// What the default of a global property may depend on.
class GlobalFacts {
 public:
  virtual ~GlobalFacts() = default;

  /// The value in force of another global property.
  virtual std::string value(std::string_view property) const = 0;

  /// The pool for new volumes where nobody has chosen one.
  virtual std::string usual_pool() const = 0;

  /// The newest of the installed kernels, or empty.
  virtual std::string newest_kernel() const = 0;

  /// MiB of memory and number of CPUs that this host has; 0 where it cannot be told.
  virtual std::uint64_t host_memory() const = 0;
  virtual unsigned host_cpus() const = 0;
};

/// One property of all of Qubes: the single source of its type, its default, what it accepts
/// and its help. Rules that need the store are in ops/global_checks.
struct GlobalProperty {
  std::string_view name;
  ValueType type;
  bool is_settable;
  /// As a Property's.
  std::string (*accept)(std::string_view value);
  /// Empty for a VM means none.
  std::string (*fallback)(const GlobalFacts& facts);
  std::string_view help;

  /// Whether its value is the name of a pool.
  bool names_pool() const { return name.starts_with("default_pool"); }
};

/// By name, as they are listed.
std::span<const GlobalProperty> global_properties();

/// Throws no_such_property, with the nearest name.
const GlobalProperty& find_global_property(std::string_view name);

/// Decodes an untrusted value by the property's type, then lets the property check it.
/// Throws bad_value, bad_property_value.
std::string accepted_value(const GlobalProperty& property, std::string_view untrusted);

}  // namespace qubes::mgmt
