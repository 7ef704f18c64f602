// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/root.h"

namespace qubes::mgmt {

/// Refuses to go on beside a qubesd that is not ours, which would know nothing of what is
/// changed here and would undo it. Throws denied.
///
/// Ours listens on /run/qubes-mgmt.sock, to which /run/qubesd.sock is then a link; Qubes' own
/// server makes a socket of that name. Asking the socket itself would start ours each time.
void refuse_beside_foreign_server(const Root& root);

}  // namespace qubes::mgmt
