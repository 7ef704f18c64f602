// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"

namespace qubes::mgmt {
namespace {

Reply follow(Context& /*context*/) {
  throw Fault{FaultKind::not_implemented, "events are kept, and cannot be followed yet"};
}

const Call call{
    {.name = "mgmt.Events",
     .summary = "print what happens, as it happens",
     .notes = "Refused in this version.",
     .scope = Scope::global,
     .access = Access::read,
     .faults = {FaultKind::not_implemented},
     .example = "mgmt.Events"},
    follow,
};

}  // namespace
}  // namespace qubes::mgmt
