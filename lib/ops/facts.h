// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "model/property.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// What defaults and computed values may look at, taken from the store, and from Xen where a
/// property asks for it.
class StoreFacts : public PropertyFacts {
 public:
  StoreFacts(const Context& context, Vm vm);

  const Vm& vm() const override { return vm_; }
  std::string value(std::string_view property) const override;
  std::optional<std::string> of_template(std::string_view property) const override;
  std::optional<std::string> of_vm(std::string_view vm, std::string_view property) const override;
  std::optional<std::string> global(std::string_view property) const override;
  std::optional<std::string> feature(std::string_view name) const override;
  std::uint64_t host_memory() const override;
  std::string newest_kernel() const override;
  std::int64_t domain() const override;
  std::string start_time() const override;

  /// The stored value of a property; nothing where its default holds.
  std::optional<std::string> stored(const Property& property) const;

  /// The value in force.
  std::string value(const Property& property) const;

 private:
  const Context& context_;
  Vm vm_;
};

}  // namespace qubes::mgmt
