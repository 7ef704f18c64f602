// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "model/names.h"
#include "ops/create.h"

namespace qubes::mgmt {
namespace {

Reply create(Context& context, const VmName& name, Stream image) {
  create_template(context, name, image.descriptor);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.vm.CreateTemplate",
     .summary = "make a template out of an image of its root volume",
     .notes = "The image is raw, of any size; runs of zeros take no room. The template's label "
              "is black. If the image breaks off nothing is left of it.",
     .scope = Scope::global,
     .access = Access::execute,
     .needs = Needs::root,
     .dest = Dest::dom0,
     .faults = {FaultKind::vm_exists, FaultKind::bad_value, FaultKind::pool_failed,
                FaultKind::failed},
     .is_shipped = false,
     .example = "mgmt.vm.CreateTemplate debian-12 < root.img"},
    create,
    argument("what the template is called"),
    payload_stream("the raw image"),
};

}  // namespace
}  // namespace qubes::mgmt
