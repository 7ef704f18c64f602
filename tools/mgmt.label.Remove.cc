// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/labels.h"

namespace qubes::mgmt {
namespace {

Reply remove(Context& context, const LabelName& name) {
  remove_label(context, name);
  return Reply::nothing();
}

const Call call{
    {.name = "mgmt.label.Remove",
     .summary = "remove a label",
     .notes = "The eight that are built in stay, and so does one that a VM has.",
     .scope = Scope::global,
     .access = Access::write,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_label, FaultKind::label_in_use},
     .example = "mgmt.label.Remove cyan"},
    remove,
    argument("the label"),
};

}  // namespace
}  // namespace qubes::mgmt
