// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/facts.h"

#include <sys/sysinfo.h>

#include <algorithm>

#include "base/text.h"
#include "ops/features.h"
#include "ops/globals.h"
#include "ops/kernels.h"
#include "ops/vms.h"
#include "store/intents.h"
#include "store/labels.h"
#include "store/marks.h"
#include "store/properties.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

// Longer than any chain that people build, and short enough for the stack.
constexpr int kLongestChain = 32;

// Properties that live in the VM's own row.
std::optional<std::string> own_column(const Context& context, const Vm& vm,
                                      std::string_view property) {
  if (property == "name") return vm.name;
  if (property == "qid") return std::to_string(vm.qid);
  if (property == "uuid") return vm.uuid.text();
  if (property == "label") return LabelTable{context.store}.get(vm.label).name;
  if (property == "template" && vm.template_qid)
    return VmTable{context.store}.get(*vm.template_qid).name;
  return std::nullopt;
}

std::string name_or_none(const Context& context, const StoredReference& reference) {
  return reference.target ? VmTable{context.store}.get(*reference.target).name : "";
}

}  // namespace

StoreFacts::StoreFacts(const Context& context, Vm vm, int depth)
    : context_{context}, vm_{std::move(vm)}, depth_{depth} {}

std::optional<std::string> StoreFacts::stored(const Property& property) const {
  if (auto column = own_column(context_, vm_, property.name)) return column;
  const PropertyTable table{context_.store};
  if (property.type != ValueType::vm) return table.value(vm_.qid, property.name);
  const auto reference = table.reference(vm_.qid, property.name);
  if (!reference) return std::nullopt;
  return name_or_none(context_, *reference);
}

std::string StoreFacts::value(const Property& property) const {
  if (auto value = stored(property)) return *value;
  return property.fallback == nullptr ? "" : property.fallback(*this);
}

std::string StoreFacts::value(std::string_view property) const {
  for (const Property* known : properties_of(vm_.vm_class))
    if (known->name == property) return value(*known);
  return "";
}

std::optional<std::string> StoreFacts::of(std::string_view reference,
                                          std::string_view property) const {
  if (depth_ == kLongestChain) return std::nullopt;
  const std::string name = value(reference);
  const auto vm = name.empty() ? std::nullopt : VmTable{context_.store}.find(VmName::parse(name));
  if (!vm) return std::nullopt;
  return StoreFacts{context_, *vm, depth_ + 1}.value(property);
}

std::string StoreFacts::global(std::string_view property) const {
  return global_value(context_, property);
}

std::optional<std::string> StoreFacts::feature(std::string_view name, FeatureLookup where) const {
  return look_up_feature(context_, vm_, name, where);
}

bool StoreFacts::lacks_service(std::string_view service) const {
  constexpr std::string_view kPrefix = "supported-service.";
  const auto names = FeatureTable{context_.store}.names(vm_.qid);
  const bool lists_any = std::ranges::any_of(
      names, [&](const std::string& name) { return name.starts_with(kPrefix); });
  return lists_any && std::ranges::find(names, concat(kPrefix, service)) == names.end();
}

std::uint64_t StoreFacts::host_memory() const { return host_memory_mib(); }

std::optional<std::string> StoreFacts::kernel_options(std::string_view kernel) const {
  return mgmt::kernel_options(context_, kernel);
}

std::int64_t StoreFacts::domain() const {
  if (vm_.qid == kDom0) return 0;
  const auto domain = living_domain(context_, vm_);
  return domain ? static_cast<std::int64_t>(domain->id) : -1;
}

std::string StoreFacts::start_time() const {
  const auto running = RunningTable{context_.store}.find(vm_.qid);
  if (!running || domain() < 0) return "";
  const std::string fraction = std::to_string(1'000'000 + running->started_at % 1'000'000);
  return concat(running->started_at / 1'000'000, ".", std::string_view{fraction}.substr(1));
}

std::uint64_t host_memory_mib() {
  struct sysinfo info {};
  if (::sysinfo(&info) != 0) return 0;
  return info.totalram / (1024 * 1024) * info.mem_unit;
}

}  // namespace qubes::mgmt
