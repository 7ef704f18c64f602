// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/volume_changes.h"

namespace qubes::mgmt {
namespace {

Reply import(Context& context, const VmReference& vm, const VolumeName& volume,
             const Stream& content) {
  const FoundVolume found = find_volume(context, vm, volume);
  const ByteCount size = read_size_line(content.descriptor);
  import_volume(context, found, content.descriptor, size);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.volume.ImportWithSize",
     .summary = "replace the content of a volume of a VM, and its size",
     .notes = "First a line with the number of bytes, then so many; what the volume held becomes a "
              "snapshot.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::vm,
     .faults = {FaultKind::no_such_vm, FaultKind::no_such_volume, FaultKind::pool_failed,
                FaultKind::not_halted, FaultKind::bad_value},
     .example = "(echo 4096; cat page) | mgmt.vm.volume.ImportWithSize work private"},
    import,
    target("the VM"),
    argument("the volume"),
    payload_stream("the size, a newline, the content"),
};

}  // namespace
}  // namespace qubes::mgmt
