// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "frame/device_rows.h"
#include "ops/vms.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& context, DeviceClass device_class, const VmReference& vm,
           const std::optional<DeviceReference>& device) {
  auto attached = attached_devices(context, find_vm(context, vm), device_class);
  keep_only(attached, device);
  return attached_rows(device_class, attached);
}

const Call call{
    {.name = "mgmt.vm.device.Attached",
     .summary = "list the devices that a VM has now",
     .notes = "Xen is asked, not the store; of USB devices the VM that offers them is. A VM that "
              "is halted has none.",
     .scope = Scope::local,
     .access = Access::read,
     .needs = Needs::xen,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_device, FaultKind::failed},
     .variants = device_class_names(),
     .variant_after = "mgmt.vm.device",
     .reply = "BACKEND+PORT, a line for each",
     .shipped_reply = "BACKEND+PORT:IDENTITY key='value' ..., a line for each",
     .example = "mgmt.vm.device.block.Attached work"},
    list,
    variant("the class"),
    target("the VM"),
    optional_argument("the device, without its identity"),
};

}  // namespace
}  // namespace qubes::mgmt
