// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace qubes::mgmt {

/// Puts right what this process may have inherited wrongly: closed standard descriptors, other
/// open ones, blocked signals, a stray umask.
void set_surroundings_right();

/// Leaves the working directory that qrexec started us in.
void leave_working_folder();

}  // namespace qubes::mgmt
