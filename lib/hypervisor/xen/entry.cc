// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/entry.h"

#include "hypervisor/xen/attachments.h"
#include "hypervisor/xen/domains.h"
#include "hypervisor/xen/guest_keys.h"

qubes::mgmt::Domains* qubes_mgmt_open_domains() { return new qubes::mgmt::xen::XenDomains; }

qubes::mgmt::Attachments* qubes_mgmt_open_attachments() {
  return new qubes::mgmt::xen::XenAttachments;
}

qubes::mgmt::GuestStore* qubes_mgmt_open_guest_store() {
  return new qubes::mgmt::xen::XenGuestStore;
}
