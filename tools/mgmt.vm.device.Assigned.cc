// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "frame/device_rows.h"
#include "ops/vms.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& context, DeviceClass device_class, const VmReference& vm,
           const std::optional<DeviceReference>& device) {
  auto assigned = assigned_devices(context, find_vm(context, vm), device_class);
  keep_only(assigned, device);
  return assigned_rows(device_class, assigned);
}

const Call call{
    {.name = "mgmt.vm.device.Assigned",
     .summary = "list the devices that a VM is to have",
     .notes = "Whether or not the VM runs, and whether or not they are there. Which identity a "
              "device has to have is a part of its name, where not any will do.",
     .scope = Scope::local,
     .access = Access::read,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_device},
     .variants = device_class_names(),
     .variant_after = "mgmt.vm.device",
     .reply = "BACKEND+PORT or BACKEND+PORT+IDENTITY, a line for each",
     .shipped_reply = "BACKEND+PORT:IDENTITY key='value' ..., a line for each",
     .example = "mgmt.vm.device.pci.Assigned sys-net"},
    list,
    variant("the class"),
    target("the VM"),
    optional_argument("the device, without its identity"),
};

}  // namespace
}  // namespace qubes::mgmt
