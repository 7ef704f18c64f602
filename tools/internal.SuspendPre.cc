// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/call.h"
#include "ops/suspend.h"

namespace qubes::mgmt {
namespace {

Reply suspend(Context& context) {
  return {.content = Reply::Nothing{}, .warnings = pause_for_sleep(context)};
}

const Call call{
    {.name = "internal.SuspendPre",
     .summary = "pause every VM before dom0 goes to sleep",
     .notes =
         "A VM that was paused already stays so afterwards. What cannot be paused is named, and "
         "keeps nobody awake.",
     .scope = Scope::global,
     .access = Access::execute,
     .needs = Needs::xen,
     .dest = Dest::dom0,
     .faults = {FaultKind::vm_failed, FaultKind::failed},
     .example = "internal.SuspendPre"},
    suspend,
};

}  // namespace
}  // namespace qubes::mgmt
