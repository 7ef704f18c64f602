// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/device_assignments.h"

namespace qubes::mgmt {
namespace {

Reply assign(Context& context, DeviceClass device_class, const VmReference& vm,
             const DeviceReference& device, const DevicePayload& payload) {
  assign_device(context, device_class, vm, device, payload);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.device.Assign",
     .summary = "say that a VM is to have a device",
     .notes = "By the mode: required, at each start, which is refused without "
              "the device; "
              "auto-attach, whenever it can; ask-to-attach, once a person "
              "agrees. Nothing is "
              "attached now. The device need not be there.",
     .scope = Scope::local,
     .access = Access::write,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::device_assigned, FaultKind::bad_value,
                FaultKind::failed},
     .variants = device_class_names(),
     .variant_after = "mgmt.vm.device",
     .example = "mgmt.vm.device.pci.Assign sys-net dom0+00_1d.0 mode=required"},
    assign,
    variant("the class"),
    target("the VM"),
    argument("the device"),
    payload("the mode, and options of the device"),
};

}  // namespace
}  // namespace qubes::mgmt
