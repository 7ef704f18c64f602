// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/suspend.h"

namespace qubes::mgmt {
namespace {

Reply resume(Context& context) {
  return {.content = Reply::Nothing{}, .warnings = unpause_after_sleep(context)};
}

const Call call{
    {.name = "internal.SuspendPost",
     .summary = "unpause what was paused before dom0 went to sleep",
     .notes = "A VM that somebody has paused before stays paused.",
     .scope = Scope::global,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::dom0,
     .faults = {FaultKind::vm_failed, FaultKind::failed},
     .example = "internal.SuspendPost"},
    resume,
};

}  // namespace
}  // namespace qubes::mgmt
