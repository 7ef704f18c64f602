// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "frame/request.h"

namespace qubes::mgmt {

/// Whether qrexec, or what stands in for it, has started this program.
bool is_called_by_qrexec();

/// Whether the one that stands in is our socket door, whose callers expect each answer in the
/// frame of qubesd's protocol, whatever the call's prefix.
bool is_called_by_socket();

/// The request as qrexec puts it: QREXEC_ variables, a path as argv[0], perhaps the argument
/// as argv[1], the payload on stdin. Nothing on the command line is an option here.
/// Throws malformed for a target that is neither a VM nor dom0.
Request read_qrexec_request(int argc, char** argv);

}  // namespace qubes::mgmt
