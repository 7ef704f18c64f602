// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace qubes::mgmt {

/// The whole life of mgmt-doctor, which people run in dom0 and qrexec does not. Returns the exit
/// status.
int run_doctor_program(int argc, char** argv);

}  // namespace qubes::mgmt
