// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "frame/device_rows.h"
#include "ops/vms.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& context, DeviceClass device_class, const VmReference& reference) {
  const Vm vm = find_vm(context, reference);
  return held_rows(device_class, attached_devices(context, vm, device_class),
                   assigned_devices(context, vm, device_class));
}

const Call call{
    {.name = "mgmt.vm.device.List",
     .summary = "list the devices that a VM has or is to have",
     .notes = "All that mgmt.vm.device.CLASS.Attached and Assigned print, each once.",
     .scope = Scope::local,
     .access = Access::read,
     .needs = Needs::xen,
     .faults = {FaultKind::no_such_vm, FaultKind::failed},
     .variants = device_class_names(),
     .variant_after = "mgmt.vm.device",
     .is_shipped = false,
     .reply = "BACKEND+PORT or BACKEND+PORT+IDENTITY, a line for each",
     .example = "mgmt.vm.device.block.List work"},
    list,
    variant("the class"),
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
