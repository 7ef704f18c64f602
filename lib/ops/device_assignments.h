// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "model/device_payload.h"
#include "model/names.h"
#include "ops/context.h"

namespace qubes::mgmt {

// What the store says that VMs are to have. All work within the open change,
// and none of them attaches or detaches anything. Common faults: no_such_vm.

/// Throws malformed for a payload without a mode, or that speaks of another
/// device; device_assigned; bad_value and failed for options.
void assign_device(Context& context, DeviceClass device_class, const VmReference& vm,
                   const DeviceReference& device, const DevicePayload& payload);

/// Throws device_not_assigned.
void unassign_device(Context& context, DeviceClass device_class, const VmReference& vm,
                     const DeviceReference& device);

/// Throws bad_value where it is not assigned.
void change_assignment(Context& context, DeviceClass device_class, const VmReference& vm,
                       const DeviceReference& device, AssignmentMode mode);

/// The codes of interfaces that a VM must not get, one by one.
std::vector<std::string> denied_interfaces(const Context& context, const VmReference& vm);

void deny_interfaces(Context& context, const VmReference& vm, const InterfaceCodes& codes);
void allow_interfaces(Context& context, const VmReference& vm, const InterfaceCodesOrAll& codes);

/// A mapping as events write it: {'read-only': 'yes'}.
std::string options_text(const DeviceOptions& options);

}  // namespace qubes::mgmt
