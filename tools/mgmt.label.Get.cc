// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/labels.h"

namespace qubes::mgmt {
namespace {

Reply get(Context& context, const LabelReference& label) {
  return Reply::scalar(find_label(context, label.text()).color);
}

const Call call{
    {.name = "mgmt.label.Get",
     .summary = "print the colour of a label",
     .scope = Scope::global,
     .access = Access::read,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_label},
     .reply = "0xRRGGBB",
     .example = "mgmt.label.Get red"},
    get,
    argument("the label"),
};

}  // namespace
}  // namespace qubes::mgmt
