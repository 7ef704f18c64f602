// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "model/names.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// Removes a halted VM that nothing else names, with its volumes.
void remove_vm(Context& context, const VmReference& reference);

/// The same for a disposable that has just halted; its lock is held by the caller.
void remove_halted_vm(Context& context, const Vm& vm);

}  // namespace qubes::mgmt
