// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/guest_reports.h"

namespace qubes::mgmt {
namespace {

Reply take(Context& context, PendingUpdates updates) {
  take_updates_notice(context, updates);
  return Reply::nothing();
}

const Call call{
    {.name = "qubes.NotifyUpdates",
     .summary = "hear whether the calling VM has updates to install",
     .notes = "Kept in the features updates-available, last-update and last-updates-check. A VM "
              "with a template speaks of the template, which is believed while that is halted.",
     .scope = Scope::local,
     .access = Access::write,
     .needs = Needs::xen,
     .dest = Dest::dom0,
     .faults = {FaultKind::bad_value, FaultKind::no_such_vm},
     .example = "qubes.NotifyUpdates 3 --as debian-12"},
    take,
    payload("how many"),
};

}  // namespace
}  // namespace qubes::mgmt
