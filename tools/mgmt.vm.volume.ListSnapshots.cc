// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.h"
#include "frame/call.h"
#include "ops/volume_reads.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& context, const VmReference& vm, const VolumeName& name) {
  Reply::Rows rows;
  for (const auto& [id, made_at, names] : snapshots_of(context, find_volume(context, vm, name)))
    rows.rows.push_back({id,
                         {{"made_at", std::to_string(made_at), Reply::Field::Shown::never},
                          {"names", join(names, " "), Reply::Field::Shown::never}}});
  return {rows};
}

const Call call{
    {.name = "mgmt.vm.volume.ListSnapshots",
     .summary = "list the snapshots of a volume of a VM",
     .notes =
         "Oldest first. --json tells when the content of each was last written, and its names.",
     .scope = Scope::local,
     .access = Access::read,
     .needs = Needs::root,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed},
     .reply = "SNAPSHOT, a line for each",
     .example = "mgmt.vm.volume.ListSnapshots work private"},
    list,
    target("the VM"),
    argument("the volume"),
};

}  // namespace
}  // namespace qubes::mgmt
