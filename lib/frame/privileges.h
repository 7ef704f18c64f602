// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/root.h"
#include "frame/call.h"
#include "frame/request.h"

namespace qubes::mgmt {

/// The scratch root that QUBES_MGMT_ROOT names. The variable is ignored by a program that has
/// been given more rights than its caller; else the folder must be the caller's alone.
/// Throws malformed.
Root scratch_or_real_root();

/// Executes this program anew through `sudo -n`, once, when the call needs more than the
/// caller may: does not return then. Throws denied where sudo refuses.
void escalate_if_needed(const Call& call, const Request& request, const Root& root, int argc,
                        char** argv);

}  // namespace qubes::mgmt
