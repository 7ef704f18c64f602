// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "frame/device_rows.h"
#include "ops/vms.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& context, DeviceClass device_class, const VmReference& vm,
           const std::optional<DevicePort>& port) {
  OfferedDevices offered = offered_devices(context, find_vm(context, vm), device_class);
  if (port)
    std::erase_if(offered.devices,
                  [&](const Device& device) { return device.port != port->text(); });
  return offered_rows(offered);
}

const Call call{
    {.name = "mgmt.vm.device.Available",
     .summary = "list the devices that a VM offers to others",
     .notes = "A VM that is halted offers none. What a guest says of its devices is shown as far "
              "as it can be true; the rest is left out, and counted on standard error. Disks of "
              "dom0 are those that nothing in dom0 uses. With a port named, only its device.",
     .scope = Scope::local,
     .access = Access::read,
     .needs = Needs::xen,
     .faults = {FaultKind::no_such_vm, FaultKind::failed},
     .variants = device_class_names(),
     .variant_after = "mgmt.vm.device",
     .reply = "BACKEND+PORT, a line for each",
     .shipped_reply = "PORT:IDENTITY key='value' ..., a line for each",
     .example = "mgmt.vm.device.block.Available sys-usb"},
    list,
    variant("the class"),
    target("the VM that offers them"),
    optional_argument("a port of it"),
};

}  // namespace
}  // namespace qubes::mgmt
