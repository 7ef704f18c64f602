// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/features.h"

#include <set>

#include "base/fault.h"
#include "base/text.h"
#include "ops/facts.h"
#include "ops/properties.h"
#include "ops/vms.h"
#include "store/marks.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

std::optional<Vm> template_of(const Context& context, const Vm& vm) {
  if (!vm.template_qid) return std::nullopt;
  return VmTable{context.store}.get(*vm.template_qid);
}

std::optional<Vm> netvm_of(const Context& context, const Vm& vm) {
  const std::string name = StoreFacts{context, vm}.value("netvm");
  if (name.empty()) return std::nullopt;
  return VmTable{context.store}.find(VmName::parse(name));
}

// Along a chain of VMs, which an older store may have closed to a loop.
std::optional<std::string> look_along(const Context& context, Vm vm, std::string_view name,
                                      std::optional<Vm> (*next)(const Context&, const Vm&)) {
  for (std::set<Qid> seen; seen.insert(vm.qid).second;) {
    if (auto value = FeatureTable{context.store}.value(vm.qid, name)) return value;
    const auto above = next(context, vm);
    if (!above) return std::nullopt;
    vm = *above;
  }
  return std::nullopt;
}

std::optional<std::string> of_adminvm(const Context& context, std::string_view name) {
  return FeatureTable{context.store}.value(kDom0, name);
}

void require_settable(const Vm& vm, const FeatureName& name) {
  if (is_internal_feature(name.text()))
    throw Fault{FaultKind::denied, concat("feature ", name.text(), " of '", vm.name,
                                          "' is kept by Qubes itself and set by no call")};
}

// Disposables wait in advance only where there may be any.
void check_place(const Context& context, const Vm& vm, const FeatureName& name) {
  if (name.text() == "preload-dispvm-threshold" && vm.qid != kDom0)
    throw Fault{FaultKind::bad_value, concat("feature ", name.text(), " is dom0's alone")};
  if (name.text() != "preload-dispvm-max" || vm.qid == kDom0) return;
  if (StoreFacts{context, vm}.value("template_for_dispvms") != "True")
    throw Fault{FaultKind::bad_value,
                concat("feature ", name.text(), " cannot be set: the template_for_dispvms of '",
                       vm.name, "' is not True")};
}

// This switch is a property in truth: whether memory is balanced.
void switch_balancing(Context& context, const Vm& vm, bool is_on) {
  const auto reference = VmReference{vm.uuid};
  const auto maxmem = PropertyName::parse("maxmem");
  if (vm.vm_class == VmClass::RemoteVM)
    throw Fault{FaultKind::bad_value, concat("feature service.meminfo-writer cannot be set: '",
                                             vm.name, "' has no memory on this host")};
  if (is_on)
    reset_property(context, reference, maxmem);
  else
    set_property(context, reference, maxmem, AnyValue::parse("0"));
}

}  // namespace

std::vector<std::string> feature_names(const Context& context, const VmReference& reference) {
  return FeatureTable{context.store}.names(find_vm(context, reference).qid);
}

std::optional<std::string> look_up_feature(const Context& context, const Vm& vm,
                                           std::string_view name, FeatureLookup where) {
  switch (where) {
    case FeatureLookup::own:
      return FeatureTable{context.store}.value(vm.qid, name);
    case FeatureLookup::with_template:
      return look_along(context, vm, name, template_of);
    case FeatureLookup::with_netvm:
      return look_along(context, vm, name, netvm_of);
    case FeatureLookup::with_adminvm: {
      auto own = FeatureTable{context.store}.value(vm.qid, name);
      return own ? own : of_adminvm(context, name);
    }
    case FeatureLookup::with_template_and_adminvm: {
      auto value = look_along(context, vm, name, template_of);
      return value ? value : of_adminvm(context, name);
    }
  }
  return std::nullopt;
}

std::string read_feature(const Context& context, const VmReference& reference,
                         const FeatureName& name, FeatureLookup where) {
  const Vm vm = find_vm(context, reference);
  if (auto value = look_up_feature(context, vm, name.text(), where)) return *value;
  const auto known = FeatureTable{context.store}.names(vm.qid);
  throw Fault{FaultKind::no_such_feature, concat("'", vm.name, "' has no feature '", name.text(),
                                                 "'", suggestion(name.text(), known))};
}

void set_feature(Context& context, const VmReference& reference, const FeatureName& name,
                 const FeatureValue& value) {
  const Vm vm = find_vm(context, reference);
  require_settable(vm, name);
  check_feature(name, value);
  check_place(context, vm, name);
  if (sets_a_property(name.text()) && vm.qid != kDom0)
    return switch_balancing(context, vm, !value.text().empty());
  put_feature(context, vm, name.text(), value.text());
}

bool sets_a_property(std::string_view feature) { return feature == "service.meminfo-writer"; }

void remove_feature(Context& context, const VmReference& reference, const FeatureName& name) {
  const Vm vm = find_vm(context, reference);
  require_settable(vm, name);
  if (!drop_feature(context, vm, name.text()))
    static_cast<void>(read_feature(context, reference, name, FeatureLookup::own));
}

void put_feature(Context& context, const Vm& vm, std::string_view name, std::string_view value) {
  const FeatureTable features{context.store};
  const auto old_value = features.value(vm.qid, name);
  const auto tell = [&](std::string_view event) {
    if (old_value)
      context.change().event(vm.name, concat(event, name),
                             {{"feature", name}, {"value", value}, {"oldvalue", *old_value}});
    else
      context.change().event(vm.name, concat(event, name), {{"feature", name}, {"value", value}});
  };
  tell("domain-feature-pre-set:");
  features.set(vm.qid, name, value);
  tell("domain-feature-set:");
}

bool drop_feature(Context& context, const Vm& vm, std::string_view name) {
  const FeatureTable features{context.store};
  if (!features.value(vm.qid, name)) return false;
  context.change().event(vm.name, concat("domain-feature-pre-delete:", name), {{"feature", name}});
  features.remove(vm.qid, name);
  context.change().event(vm.name, concat("domain-feature-delete:", name), {{"feature", name}});
  return true;
}

}  // namespace qubes::mgmt
