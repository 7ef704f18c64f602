// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/names.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// Pauses every VM that runs, before dom0 goes to sleep, and notes which ones. One that cannot be
/// paused keeps nobody awake: the answer is a sentence for each of these.
std::vector<std::string> pause_for_sleep(Context& context);

/// Unpauses those that pause_for_sleep() has paused, and no other that was paused before it.
std::vector<std::string> unpause_after_sleep(Context& context);

/// Puts one VM to sleep. One that has PCI devices does so itself, since they would not survive
/// it otherwise; the others are paused. One that sleeps already stays so.
void suspend_vm(Context& context, const VmReference& reference);

/// Wakes a VM that was put to sleep, or was paused. Throws not_paused for another.
void resume_vm(Context& context, const VmReference& reference);

}  // namespace qubes::mgmt
