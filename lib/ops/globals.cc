// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/globals.h"

#include <sys/sysinfo.h>

#include "base/fault.h"
#include "base/text.h"
#include "ops/facts.h"
#include "ops/features.h"
#include "ops/global_checks.h"
#include "ops/kernels.h"
#include "store/properties.h"
#include "store/vms.h"
#include "store/volumes.h"

namespace qubes::mgmt {
namespace {

std::optional<std::string> stored(const Context& context, const GlobalProperty& property) {
  const PropertyTable table{context.store};
  if (property.type != ValueType::vm) return table.global_value(property.name);
  const auto reference = table.global_reference(property.name);
  if (!reference) return std::nullopt;
  return reference->target ? VmTable{context.store}.get(*reference->target).name : "";
}

class StoreGlobalFacts : public GlobalFacts {
 public:
  explicit StoreGlobalFacts(const Context& context) : context_{context} {}

  std::string value(std::string_view property) const override {
    return global_value(context_, property);
  }

  std::string usual_pool() const override {
    const PoolTable pools{context_.store};
    if (pools.find("default")) return "default";
    for (const std::string& name : pools.names()) {
      const auto options = pools.find(name)->options;
      const auto folder = options.find("dir_path");
      if (folder != options.end() && folder->second == "/var/lib/qubes") return name;
    }
    return "varlibqubes";
  }

  std::string newest_kernel() const override { return mgmt::newest_kernel(context_); }
  std::uint64_t host_memory() const override { return host_memory_mib(); }
  unsigned host_cpus() const override { return static_cast<unsigned>(::get_nprocs()); }

 private:
  const Context& context_;
};

// Who has no netvm set has another from now on, and so its viewers are told.
void tell_followers(Context& context, const Change::Keys& keys) {
  const PropertyTable table{context.store};
  for (const Vm& vm : VmTable{context.store}.all()) {
    if (vm.qid == kDom0 || vm.vm_class == VmClass::TemplateVM || table.reference(vm.qid, "netvm"))
      continue;
    context.change().event(vm.name, "property-pre-set:netvm", keys);
    context.change().event(vm.name, "property-set:netvm", keys);
  }
}

// The VM that gives the time says so by a feature.
void move_clock(Context& context, const std::string& old_vm, const std::string& new_vm) {
  const auto vm = [&](const std::string& name) {
    return VmTable{context.store}.find(VmName::parse(name)).value();
  };
  if (old_vm == new_vm) return;
  if (!old_vm.empty()) drop_feature(context, vm(old_vm), "service.clocksync");
  if (!new_vm.empty()) put_feature(context, vm(new_vm), "service.clocksync", "1");
}

// What else changes with it, in the same change.
void follow_global(Context& context, std::string_view property, const std::string& old_value,
                   const std::string& value) {
  if (property == "clockvm") move_clock(context, old_value, value);
  if (property == "default_netvm")
    tell_followers(context, {{"name", "netvm"}, {"newvalue", value}, {"oldvalue", old_value}});
}

void require_settable(const GlobalProperty& property) {
  if (!property.is_settable)
    throw Fault{FaultKind::bad_property_value, concat("the global property ", property.name,
                                                      " cannot be set: it says what this "
                                                      "machine has")};
}

void store_global(const Context& context, const GlobalProperty& property,
                  const std::string& value) {
  const PropertyTable table{context.store};
  if (property.type != ValueType::vm) return table.set_global_value(property.name, value);
  table.set_global_reference(
      property.name, value.empty() ? std::optional<Qid>{}
                                   : VmTable{context.store}.find(VmName::parse(value))->qid);
}

}  // namespace

std::string global_value(const Context& context, std::string_view name) {
  const GlobalProperty& property = find_global_property(name);
  if (auto value = stored(context, property)) return *value;
  return default_of_global(context, property);
}

PropertyReading read_global(const Context& context, const GlobalProperty& property) {
  const auto value = stored(context, property);
  return {property.type, !value, value ? *value : default_of_global(context, property)};
}

std::string default_of_global(const Context& context, const GlobalProperty& property) {
  return property.fallback(StoreGlobalFacts{context});
}

void set_global(Context& context, const GlobalPropertyName& name, const AnyValue& untrusted) {
  const GlobalProperty& property = find_global_property(name.text());
  require_settable(property);
  const std::string value = accepted_value(property, untrusted.text());
  check_global(context, property, value);

  const std::string old_value = global_value(context, property.name);
  Change& change = context.change();
  const Change::Keys keys{{"name", property.name}, {"newvalue", value}, {"oldvalue", old_value}};
  change.event("", concat("property-pre-set:", property.name), keys);
  store_global(context, property, value);
  follow_global(context, property.name, old_value, value);
  change.event("", concat("property-set:", property.name), keys);
}

void reset_global(Context& context, const GlobalPropertyName& name) {
  const GlobalProperty& property = find_global_property(name.text());
  if (!property.is_settable) return;
  const std::string old_value = global_value(context, property.name);
  const std::string value = default_of_global(context, property);
  Change& change = context.change();
  const Change::Keys keys{{"name", property.name}, {"oldvalue", old_value}};
  change.event("", concat("property-pre-reset:", property.name), keys);
  change.event("", concat("property-pre-del:", property.name), keys);
  PropertyTable{context.store}.clear_global(property.name);
  follow_global(context, property.name, old_value, value);
  change.event("", concat("property-reset:", property.name), keys);
  change.event("", concat("property-del:", property.name), keys);
}

}  // namespace qubes::mgmt
