// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/system_info.h"

#include <algorithm>

#include "ops/facts.h"
#include "store/overview.h"

namespace qubes::mgmt {
namespace {

std::optional<std::string> found(const StoredValues& values, std::string_view name) {
  const auto value = values.find(name);
  if (value == values.end()) return std::nullopt;
  return value->second;
}

/// The facts of one VM out of an overview of all; whatever is not in there is asked for.
class OverviewFacts : public StoreFacts {
 public:
  OverviewFacts(const Context& context, const Vm& of_vm, Overview& overview,
                const StoredValues& stored)
      : StoreFacts{context, of_vm}, overview_{overview}, stored_{stored} {}

  std::string value(std::string_view property) const override {
    const auto known = properties_of(vm().vm_class);
    const auto is_meant = [&](const Property* each) { return each->name == property; };
    const auto of_class = std::ranges::find_if(known, is_meant);
    if (of_class == known.end()) return "";
    if (auto value = found(stored_, property)) return *value;
    const auto fallback = (*of_class)->fallback;
    return fallback != nullptr ? fallback(*this) : StoreFacts::value(property);
  }

  std::string global(std::string_view property) const override {
    if (auto value = found(overview_.globals, property)) return *value;
    return overview_.globals.emplace(property, StoreFacts::global(property)).first->second;
  }

 private:
  Overview& overview_;  // remembers the defaults of globals for all VMs
  const StoredValues& stored_;
};

}  // namespace

std::vector<SystemEntry> system_info(const Context& context) {
  Overview overview = read_overview(context.store);
  std::vector<SystemEntry> entries;
  for (VmWithState& vm : vms_with_states(context)) {
    Overview::OfVm& of_vm = overview.vms[vm.vm.qid];
    const OverviewFacts facts{context, vm.vm, overview, of_vm.properties};
    if (!overview.labels.contains(vm.vm.label)) throw sqlite::damaged_store();
    Label label = overview.labels[vm.vm.label];
    const bool is_for_dispvms = facts.value("template_for_dispvms") == "True";
    std::string dispvm = facts.value("default_dispvm");
    std::string guivm = facts.value("guivm");
    entries.push_back({std::move(vm), std::move(label), std::move(of_vm.tags),
                       std::move(of_vm.internal), is_for_dispvms, std::move(dispvm),
                       std::move(guivm)});
  }
  return entries;
}

}  // namespace qubes::mgmt
