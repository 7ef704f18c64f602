// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.h"
#include "frame/call.h"
#include "model/names.h"

namespace qubes::mgmt {
namespace {

Reply cancel(Context& /*context*/, const BackupProfileName& profile) {
  throw Fault{FaultKind::not_implemented,
              concat("profile '", profile.text(), "': backups cannot be made yet")};
}

const Call call{
    {.name = "mgmt.backup.Cancel",
     .summary = "end a backup that is being made",
     .notes = "Refused in this version.",
     .scope = Scope::global,
     .access = Access::execute,
     .needs = Needs::root,
     .dest = Dest::dom0,
     .faults = {FaultKind::not_implemented},
     .example = "mgmt.backup.Cancel weekly"},
    cancel,
    argument("the profile"),
};

}  // namespace
}  // namespace qubes::mgmt
