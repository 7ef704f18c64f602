// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/labels.h"

namespace qubes::mgmt {
namespace {

Reply list(Context& context) { return {Reply::Names{label_names(context)}}; }

const Call call{
    {.name = "mgmt.label.List",
     .summary = "list the labels",
     .notes = "By their index.",
     .scope = Scope::global,
     .access = Access::read,
     .dest = Dest::dom0,
     .reply = "LABEL, a line for each",
     .example = "mgmt.label.List"},
    list,
};

}  // namespace
}  // namespace qubes::mgmt
