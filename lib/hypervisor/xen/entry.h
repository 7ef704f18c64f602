// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "guest/guest_store.h"
#include "hypervisor/attachments.h"
#include "hypervisor/domains.h"
#include "hypervisor/hypervisor.h"

// The doors to the two shared objects that know Xen. They are opened when a call first needs
// them: loading libxenlight costs as much as a whole call that does not. Each function makes a
// new object, which the caller owns, and throws no_xen where this machine runs no Xen. All else
// in the two is hidden.

#pragma GCC visibility push(default)

extern "C" {

// In libqubesmgmt-xen.so, over libxenctrl and libxenstore.
qubes::mgmt::Domains* qubes_mgmt_open_domains();
qubes::mgmt::GuestStore* qubes_mgmt_open_guest_store();
qubes::mgmt::Attachments* qubes_mgmt_open_attachments();

// In libqubesmgmt-xenlight.so, over libxenlight.
qubes::mgmt::Hypervisor* qubes_mgmt_open_hypervisor();
}

#pragma GCC visibility pop
