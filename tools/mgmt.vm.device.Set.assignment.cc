// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/device_assignments.h"

namespace qubes::mgmt {
namespace {

Reply change(Context& context, DeviceClass device_class, const VmReference& vm,
             const DeviceReference& device, AssignmentMode mode) {
  change_assignment(context, device_class, vm, device, mode);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.device.Set.assignment",
     .summary = "change when a VM gets a device that it is to have",
     .notes = "A VM that runs is not touched.",
     .scope = Scope::local,
     .access = Access::write,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::bad_value},
     .variants = device_class_names(),
     .variant_after = "mgmt.vm.device",
     .example = "mgmt.vm.device.block.Set.assignment work sys-usb+sda required"},
    change,
    variant("the class"),
    target("the VM"),
    argument("the device, as mgmt.vm.device.CLASS.Assigned prints it"),
    payload("the mode"),
};

}  // namespace
}  // namespace qubes::mgmt
