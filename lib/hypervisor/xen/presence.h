// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace qubes::mgmt::xen {

/// Throws no_xen, with what to do about it, where this process may not ask Xen anything.
void require_xen();

/// Throws no_xen where nobody listens on xenstored's socket. To be called before libxenstore
/// and libxl connect: with the socket dead they fall back to a device of the kernel, and
/// there the first request never returns. Hangs itself where xenstored is stopped and its
/// short queue full: to be used by Guarded only.
void require_xenstored();

}  // namespace qubes::mgmt::xen
