// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/image_lock.h"

#include <cerrno>

#include "base/fault.h"

namespace qubes::mgmt {

bool lock_image(int image, int operation) {
  while (flock(image, operation) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) throw system_fault("lock an image");
  }
  return true;
}

}  // namespace qubes::mgmt
