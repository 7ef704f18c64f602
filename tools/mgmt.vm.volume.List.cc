// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_reads.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& context, const VmReference& vm) {
  return {Reply::Names{volume_names(context, vm)}};
}

const Call call{
    {.name = "mgmt.vm.volume.List",
     .summary = "list the volumes of a VM",
     .notes = "In the order of its disks; dom0 has none.",
     .scope = Scope::local,
     .access = Access::read,
     .faults = {FaultKind::no_such_vm},
     .reply = "VOLUME, a line for each",
     .example = "mgmt.vm.volume.List work"},
    list,
    target("the VM"),
};

}  // namespace
}  // namespace qubes::mgmt
