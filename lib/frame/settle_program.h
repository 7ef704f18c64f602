// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace qubes::mgmt {

/// The exit statuses of the settle program, by which the reaper knows whether it may go, must
/// wait for the end of a domain, or only for that of a call which works on a VM right now.
enum SettleStatus { kNobodyLeft = 0, kSomebodyLeft = 10, kSomebodyAtWork = 11 };

/// Settles every VM whose domain has ended. Returns a SettleStatus, or a fault's exit status.
int run_settle_program();

}  // namespace qubes::mgmt
