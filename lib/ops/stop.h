// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "model/names.h"
#include "model/shutdown_words.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// Asks the guest to power off; with `wait`, returns when it has halted. With `force`, also a
/// VM that is paused or that others depend on.
void shut_down_vm(Context& context, const VmReference& reference, ShutdownWords words);

/// Ends it at once, in whatever state. Its volumes are stopped in order all the same.
void kill_vm(Context& context, const VmReference& reference);

void pause_vm(Context& context, const VmReference& reference);
void unpause_vm(Context& context, const VmReference& reference);

}  // namespace qubes::mgmt
