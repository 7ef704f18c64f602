// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "model/property.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// What defaults and computed values may look at, taken from the store, and from Xen where a
/// property asks for it.
class StoreFacts : public PropertyFacts {
 public:
  StoreFacts(const Context& context, Vm vm) : StoreFacts{context, std::move(vm), 0} {}

  const Vm& vm() const override { return vm_; }
  std::string value(std::string_view property) const override;
  std::optional<std::string> of(std::string_view reference,
                                std::string_view property) const override;
  std::string global(std::string_view property) const override;
  std::optional<std::string> feature(std::string_view name,
                                     FeatureLookup where = FeatureLookup::own) const override;
  bool lacks_service(std::string_view service) const override;
  std::uint64_t host_memory() const override;
  std::optional<std::string> kernel_options(std::string_view kernel) const override;
  std::int64_t domain() const override;
  std::string start_time() const override;

  /// The stored value of a property; nothing where its default holds.
  std::optional<std::string> stored(const Property& property) const;

  /// The value in force.
  std::string value(const Property& property) const;

 private:
  StoreFacts(const Context& context, Vm vm, int depth);

  const Context& context_;
  Vm vm_;
  /// How many VMs were followed to come here.
  int depth_;
};

/// MiB of memory that this host has; 0 where it cannot be told.
std::uint64_t host_memory_mib();

}  // namespace qubes::mgmt
