// SPDX-License-Identifier: GPL-2.0-or-later
// Settles every VM whose domain has ended; the reaper runs it. Not for people.

#include "frame/settle_program.h"

int main() { return qubes::mgmt::run_settle_program(); }
