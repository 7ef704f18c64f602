// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/file.h>

namespace qubes::mgmt {

/// flock() on an open image. Whoever reads a committed image holds LOCK_SH; whoever fills one or
/// is about to let a guest write into it holds LOCK_EX. Says whether the lock was given, which
/// with LOCK_NB it may not be. Throws io_failed.
bool lock_image(int image, int operation);

}  // namespace qubes::mgmt
