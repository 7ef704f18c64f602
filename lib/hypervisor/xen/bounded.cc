// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/bounded.h"

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt::xen {

void throw_unanswered(std::string_view doing, std::chrono::milliseconds limit) {
  throw Fault{FaultKind::no_xen, concat("Xen's side did not answer within ", limit.count() / 1000,
                                        " s while ", doing, "; is xenstored stopped?")};
}

}  // namespace qubes::mgmt::xen
