// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

namespace qubes::mgmt {

/// How far from `at` on two files read alike because they share their blocks, which is told
/// without reading them: the end of the run, or `at` where nothing is known. What nobody has
/// saved yet of either is written to the disk first.
off_t shared_until(int one, int other, off_t at);

}  // namespace qubes::mgmt
