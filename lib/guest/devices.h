// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "guest/guest_store.h"
#include "model/device.h"

namespace qubes::mgmt {

/// Devices that a guest says it has. All of it is only what the guest claims.
struct Advertised {
  std::vector<Device> devices = {};
  /// How many entries are no such thing, or one too many.
  std::size_t dropped = 0;
};

/// No guest is believed to have more of one class.
constexpr std::size_t kMostDevices = 128;

/// Throws no_xen alone: what a guest writes is dropped, never refused.
Advertised read_usb_devices(const GuestStore& store, DomainId domain, const std::string& backend);

/// `usb` is what the same guest has of that class: what a disk is plugged in by.
Advertised read_block_devices(const GuestStore& store, DomainId domain, const std::string& backend,
                              const std::vector<Device>& usb);

}  // namespace qubes::mgmt
