// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/device_assignments.h"

namespace qubes::mgmt {
namespace {

Reply unassign(Context& context, DeviceClass device_class, const VmReference& vm,
               const DeviceReference& device) {
  unassign_device(context, device_class, vm, device);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.device.Unassign",
     .summary = "say that a VM is no longer to have a device",
     .notes = "A VM that runs and has it keeps it until it ends or the device "
              "is detached.",
     .scope = Scope::local,
     .access = Access::write,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::device_not_assigned},
     .variants = device_class_names(),
     .variant_after = "mgmt.vm.device",
     .example = "mgmt.vm.device.pci.Unassign sys-net dom0+00_1d.0"},
    unassign,
    variant("the class"),
    target("the VM"),
    argument("the device, as mgmt.vm.device.CLASS.Assigned prints it"),
};

}  // namespace
}  // namespace qubes::mgmt
