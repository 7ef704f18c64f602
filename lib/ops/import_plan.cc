// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/import_plan.h"

#include <algorithm>

#include "model/names.h"

namespace qubes::mgmt {
namespace {

constexpr std::int64_t kLargestIndex = 1LL << 31;

Label read_label(const QubesXml::Label& label) {
  const LabelName name = LabelName::parse(label.name);
  const std::string_view id = label.id;
  const auto index =
      id.starts_with("label-") ? to_number<std::int64_t>(id.substr(6)) : std::nullopt;
  if (!index || *index < 1 || *index > kLargestIndex)
    throw Fault{FaultKind::bad_label,
                concat("its id is '", printable(id), "', label-1 or the like is accepted")};
  const std::string_view color = label.color;
  constexpr std::string_view kHex = "0123456789abcdefABCDEF";
  if (color.size() != 8 || !color.starts_with("0x") ||
      color.find_first_not_of(kHex, 2) != color.npos)
    throw Fault{FaultKind::bad_label, concat("its color is '", printable(color),
                                             "', 0x and six hexadecimal digits are accepted")};
  return {*index, name.text(), label.color};
}

bool clashes(const std::vector<Label>& labels, const Label& label) {
  return std::ranges::any_of(
      labels, [&](const Label& other) { return other.id == label.id || other.name == label.name; });
}

void plan_labels(const QubesXml& content, const std::vector<Label>& builtin, ImportPlan& plan) {
  for (const QubesXml::Label& label : content.labels) {
    take(plan, concat("label ", printable(label.name)), [&] {
      Label read = read_label(label);
      if (clashes(plan.labels, read))
        throw Fault{FaultKind::bad_label, "another label has its name or its number"};
      plan.labels.push_back(std::move(read));
    });
  }
  for (const Label& label : builtin)
    if (!clashes(plan.labels, label)) plan.labels.push_back(label);
  std::ranges::sort(plan.labels, {}, &Label::id);
}

bool is_name(std::string_view text) { return !text.empty() && consists_of(text, "._-"); }

Pool read_pool(const QubesXml::Pool& pool) {
  const auto refuse = [](std::string_view why) {
    return Fault{FaultKind::pool_failed, std::string{why}};
  };
  if (!is_name(pool.name)) throw refuse("letters, digits, '.', '_' and '-' are accepted as name");
  if (!is_name(pool.driver)) throw refuse("it has no driver");
  Pool read{0, pool.name, pool.driver, {}};
  for (const QubesXml::Named& option : pool.options) {
    if (!is_name(option.name) || !is_printable(option.value))
      throw refuse(concat("its ", printable(option.name), " is not printable"));
    if (!read.options.emplace(option.name, option.value).second)
      throw refuse(concat("it has ", option.name, " twice"));
  }
  return read;
}

void plan_pools(const QubesXml& content, ImportPlan& plan) {
  for (const QubesXml::Pool& pool : content.pools) {
    take(plan, concat("pool ", printable(pool.name)), [&] {
      Pool read = read_pool(pool);
      if (plan.find_pool(read.name) != nullptr)
        throw Fault{FaultKind::pool_in_use, "another pool has its name"};
      read.id = static_cast<std::int64_t>(plan.pools.size()) + 1;
      plan.pool_places.emplace(read.name, plan.pools.size());
      plan.pools.push_back(std::move(read));
    });
  }
}

}  // namespace

// Sorted by name but for dom0.
const ImportPlan::PlannedVm* ImportPlan::find(std::string_view name) const {
  if (name == "dom0") return vms.data();
  const auto found = std::ranges::lower_bound(
      vms.begin() + 1, vms.end(), name, {},
      [](const PlannedVm& planned) { return std::string_view{planned.vm.name}; });
  return found != vms.end() && found->vm.name == name ? &*found : nullptr;
}

const Pool* ImportPlan::find_pool(std::string_view name) const {
  const auto found = pool_places.find(name);
  return found == pool_places.end() ? nullptr : &pools[found->second];
}

ImportPlan plan_import(const QubesXml& content, const std::vector<Label>& builtin) {
  ImportPlan plan;
  plan.left_out = content.notes;
  plan_labels(content, builtin, plan);
  plan_pools(content, plan);
  plan_vms(content, plan);
  plan_settings(content, plan);
  check_netvms(plan);
  plan_volumes(plan);
  return plan;
}

}  // namespace qubes::mgmt
