// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_reads.h"

namespace qubes::mgmt {
namespace {

Reply info(Context& context, const VmReference& vm, const VolumeName& name) {
  return Reply::lines(volume_facts(context, find_volume(context, vm, name)));
}

const Call call{
    {.name = "mgmt.vm.volume.Info",
     .summary = "describe a volume of a VM",
     .notes = "Sizes are in bytes. is_outdated says of a running VM whether what its volume was "
              "made of has changed since.",
     .scope = Scope::local,
     .access = Access::read,
     .needs = Needs::root,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed},
     .reply = "KEY=VALUE, a line for each of pool, vid, size, usage, rw, source, path, "
              "save_on_stop, snap_on_start, revisions_to_keep, ephemeral, is_outdated",
     .example = "mgmt.vm.volume.Info work private"},
    info,
    target("the VM"),
    argument("the volume"),
};

}  // namespace
}  // namespace qubes::mgmt
