// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_reads.h"

namespace qubes::mgmt {
namespace {

Reply export_content(Context& context, const VmReference& vm, const VolumeName& volume) {
  Content content = content_of(find_volume(context, vm, volume));
  return {Reply::Bytes{std::make_shared<Descriptor>(std::move(content.file)), content.size}};
}

const Call call{
    {.name = "mgmt.vm.volume.Export",
     .summary = "print the content of a volume of a VM",
     .notes = "Of a running VM it is what was there before its start.",
     .scope = Scope::local,
     .access = Access::read,
     .needs = Needs::root,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed},
     .is_shipped = false,
     .reply = "the bytes of the volume",
     .example = "mgmt.vm.volume.Export work private > private.img"},
    export_content,
    target("the VM"),
    argument("the volume"),
};

}  // namespace
}  // namespace qubes::mgmt
