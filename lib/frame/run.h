// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace qubes::mgmt {

/// The whole life of a program that is one call: finds out who calls and what for, does it,
/// answers. Returns the exit status.
int run(int argc, char** argv);

}  // namespace qubes::mgmt
