// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/labels.h"

namespace qubes::mgmt {
namespace {

Reply create(Context& context, const LabelName& name, const LabelColor& color) {
  create_label(context, name, color);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.label.Create",
     .summary = "make a label",
     .notes = "It gets the next index.",
     .scope = Scope::global,
     .access = Access::write,
     .dest = Dest::dom0,
     .faults = {FaultKind::label_in_use},
     .example = "mgmt.label.Create cyan 0x00ffff"},
    create,
    argument("what it is called"),
    payload("its colour"),
};

}  // namespace
}  // namespace qubes::mgmt
