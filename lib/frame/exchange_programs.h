// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace qubes::mgmt {

/// The whole lives of mgmt-import and mgmt-export, which people run in dom0 and qrexec does
/// not. Both return the exit status.
int run_import_program(int argc, char** argv);
int run_export_program(int argc, char** argv);

}  // namespace qubes::mgmt
