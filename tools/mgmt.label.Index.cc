// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/labels.h"

namespace qubes::mgmt {
namespace {

Reply index(Context& context, const LabelReference& label) {
  return Reply::scalar(std::to_string(find_label(context, label.text()).id));
}

const Call call{
    {.name = "mgmt.label.Index",
     .summary = "print the index of a label",
     .scope = Scope::global,
     .access = Access::read,
     .dest = Dest::dom0,
     .faults = {FaultKind::no_such_label},
     .reply = "the index",
     .example = "mgmt.label.Index red"},
    index,
    argument("the label"),
};

}  // namespace
}  // namespace qubes::mgmt
