// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <linux/filter.h>

#include <vector>

#include "changing_calls.h"

namespace qubes::mgmt {

/// A seccomp program that stops a traced process at calls that may be points, and nowhere else.
///
/// It only spares stops: what a point is, is decided by is_point(). A process that keeps it
/// without a tracer gets ENOSYS for all those calls.
std::vector<sock_filter> changing_filter(const Extras& extras);

/// Puts the filter on this process and what it will start. Returns 0 or an errno; needs no memory,
/// so that it can be called between fork and exec.
int install_filter(std::vector<sock_filter>& filter);

}  // namespace qubes::mgmt
