// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/features.h"

namespace qubes::mgmt {
namespace {

Reply set(Context& context, const VmReference& vm, const FeatureName& name,
          const FeatureValue& value) {
  set_feature(context, vm, name, value);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.feature.Set",
     .summary = "set a feature of a VM",
     .notes = "Empty is a value, and means no to those who read the feature as a switch; any "
              "other, 0 too, means yes. Some features have rules: service.NAME, vm-config.NAME, "
              "custom-persist.NAME, net.fake-ip and its like, preload-dispvm-max. Setting "
              "service.meminfo-writer sets maxmem to 0, or resets it.",
     .scope = Scope::local,
     .access = Access::write,
     .faults = {FaultKind::no_such_vm, FaultKind::bad_value, FaultKind::bad_property_value,
                FaultKind::not_halted},
     .example = "mgmt.vm.feature.Set work service.cups 1",
     .asks_xen = sets_a_property},
    set,
    target("the VM"),
    argument("the feature"),
    said_payload("the value"),
};

}  // namespace
}  // namespace qubes::mgmt
