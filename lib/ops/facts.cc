// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/facts.h"

#include <sys/sysinfo.h>

#include "base/text.h"
#include "ops/kernels.h"
#include "ops/vms.h"
#include "store/intents.h"
#include "store/labels.h"
#include "store/marks.h"
#include "store/properties.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

// Properties that live in the VM's own row.
std::optional<std::string> own_column(const Context& context, const Vm& vm,
                                      std::string_view property) {
  if (property == "name") return vm.name;
  if (property == "qid") return std::to_string(vm.qid);
  if (property == "uuid") return vm.uuid.text();
  if (property == "label") return LabelTable{context.store}.find(vm.label).value().name;
  if (property == "template" && vm.template_qid)
    return VmTable{context.store}.get(*vm.template_qid).name;
  return std::nullopt;
}

std::string name_or_none(const Context& context, const StoredReference& reference) {
  return reference.target ? VmTable{context.store}.get(*reference.target).name : "";
}

}  // namespace

StoreFacts::StoreFacts(const Context& context, Vm vm) : context_{context}, vm_{std::move(vm)} {}

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

std::optional<std::string> StoreFacts::of_template(std::string_view property) const {
  if (!vm_.template_qid) return std::nullopt;
  return StoreFacts{context_, VmTable{context_.store}.get(*vm_.template_qid)}.value(property);
}

std::optional<std::string> StoreFacts::of_vm(std::string_view vm, std::string_view property) const {
  const auto named = VmTable{context_.store}.find(VmName::parse(vm));
  if (!named) return std::nullopt;
  return StoreFacts{context_, *named}.value(property);
}

std::optional<std::string> StoreFacts::global(std::string_view property) const {
  const PropertyTable table{context_.store};
  if (auto value = table.global_value(property)) return value;
  const auto reference = table.global_reference(property);
  if (!reference) return std::nullopt;
  return name_or_none(context_, *reference);
}

std::optional<std::string> StoreFacts::feature(std::string_view name) const {
  return FeatureTable{context_.store}.value(vm_.qid, name);
}

std::uint64_t StoreFacts::host_memory() const {
  struct sysinfo info {};
  if (::sysinfo(&info) != 0) return 0;
  return info.totalram / (1024 * 1024) * info.mem_unit;
}

std::string StoreFacts::newest_kernel() const {
  auto kernels = installed_kernels(context_);
  // Those that are called by a version; others are there for a purpose of their own.
  std::erase_if(kernels, [](const std::string& name) { return name[0] < '0' || name[0] > '9'; });
  return kernels.empty() ? "" : kernels.back();
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

}  // namespace qubes::mgmt
