// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "frame/reply.h"
#include "ops/device_lists.h"

namespace qubes::mgmt {

/// What a VM offers, with all that is known of it.
Reply offered_rows(const OfferedDevices& offered);

/// What a VM has or is to have: the identity is a part of the name where it has to be of one.
Reply assigned_rows(DeviceClass device_class, const std::vector<HeldDevice>& assigned);
Reply attached_rows(DeviceClass device_class, const std::vector<HeldDevice>& attached);

/// Both, each once.
Reply held_rows(DeviceClass device_class, const std::vector<HeldDevice>& attached,
                const std::vector<HeldDevice>& assigned);

}  // namespace qubes::mgmt
