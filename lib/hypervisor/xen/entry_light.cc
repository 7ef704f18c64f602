// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/entry.h"
#include "hypervisor/xen/hypervisor.h"

qubes::mgmt::Hypervisor* qubes_mgmt_open_hypervisor() {
  return new qubes::mgmt::xen::XenHypervisor;
}
