// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.h"
#include "frame/call.h"
#include "model/names.h"

namespace qubes::mgmt {
namespace {

Reply info(Context& /*context*/, const BackupProfileName& profile) {
  throw Fault{FaultKind::not_implemented,
              concat("profile '", profile.text(), "': backups cannot be made yet")};
}

const Call call{
    {.name = "mgmt.backup.Info",
     .summary = "print what a backup would contain",
     .notes = "Refused in this version.",
     .scope = Scope::global,
     .access = Access::read,
     .needs = Needs::store,
     .dest = Dest::dom0,
     .faults = {FaultKind::not_implemented},
     .example = "mgmt.backup.Info weekly"},
    info,
    argument("the profile"),
};

}  // namespace
}  // namespace qubes::mgmt
