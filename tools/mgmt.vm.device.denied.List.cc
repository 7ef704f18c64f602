// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.h"
#include "frame/call.h"
#include "ops/device_assignments.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& context, const VmReference& vm) {
  return Reply::scalar(join(denied_interfaces(context, vm), "\n"));
}

const Call call{
    {.name = "mgmt.vm.device.denied.List",
     .summary = "list interfaces of devices that a VM must not get",
     .notes = "A code is a letter for the class of devices, b, u, m or p, and "
              "six hexadecimal "
              "digits of their interface; * in place of any stands for all.",
     .scope = Scope::local,
     .access = Access::read,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm},
     .reply = "CODE, a line for each, the last without an end",
     .example = "mgmt.vm.device.denied.List work"},
    list,
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
