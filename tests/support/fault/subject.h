// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

namespace qubes::mgmt::subject {

// What the program does for each first argument. The current folder is empty and its own. Each
// returns the exit status.

int make_a_file();                     // four points: open, write, fsync, rename
int change_nothing();                  // what looks like changes and is none
int change_everything();               // one call of each kind, in the order that the test expects
int write_streams();                   // two points with --streams, else none
int report_errors();                   // prints, for each of five calls, what came of it
int fork_children();                   // three children, each a point, between two of its own
int leave_a_tree();                    // three processes in sessions of their own, then a point
int leave_a_daemon();                  // a daemon that makes «done» when there is «go»
int pass_signals();                    // SIGUSR1, SIGCHLD, SIGPIPE, SIGSTOP and SIGCONT
int execute_from_thread();             // a point of a thread, then exec by that thread
int make_leaf(std::string_view name);  // one point

}  // namespace qubes::mgmt::subject
