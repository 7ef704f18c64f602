// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/guest_reports.h"

namespace qubes::mgmt {
namespace {

Reply take(Context& context) {
  take_tools_report(context);
  return Reply::nothing();
}

const Call call{
    {.name = "qubes.NotifyTools",
     .summary = "hear of the tools for Windows in the calling VM",
     .notes = "They write below /qubes-tools what newer ones ask for by qubes.FeaturesRequest.",
     .scope = Scope::local,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::dom0,
     .faults = {FaultKind::bad_value, FaultKind::no_such_vm, FaultKind::not_running},
     .example = "qubes.NotifyTools --as windows"},
    take,
};

}  // namespace
}  // namespace qubes::mgmt
