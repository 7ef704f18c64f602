// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/fault.h"

#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>

#include "base/text.h"

namespace qubes::mgmt {
namespace {

struct Row {
  FaultKind kind;
  std::string_view word;
  std::string_view wire_name;
  int status;
};

// In the order of the enumeration, so that a kind is its own index.
constexpr auto kRows = std::to_array<Row>({
    {FaultKind::failed, "failed", "QubesException", 1},
    {FaultKind::bad_value, "bad-value", "QubesValueError", 1},
    {FaultKind::bad_property_value, "bad-property-value", "QubesPropertyValueError", 1},
    {FaultKind::no_such_property, "no-such-property", "QubesNoSuchPropertyError", 1},
    {FaultKind::no_such_feature, "no-such-feature", "QubesFeatureNotFoundError", 1},
    {FaultKind::no_such_tag, "no-such-tag", "QubesTagNotFoundError", 1},
    {FaultKind::no_such_vm, "no-such-vm", "QubesVMNotFoundError", 3},
    {FaultKind::bad_uuid, "bad-uuid", "QubesVMInvalidUUIDError", 2},
    {FaultKind::vm_exists, "vm-exists", "QubesVMAlreadyExistsError", 1},
    {FaultKind::vm_in_use, "vm-in-use", "QubesVMInUseError", 1},
    {FaultKind::vm_failed, "vm-failed", "QubesVMError", 1},
    {FaultKind::not_halted, "not-halted", "QubesVMNotHaltedError", 1},
    {FaultKind::not_started, "not-started", "QubesVMNotStartedError", 1},
    {FaultKind::not_running, "not-running", "QubesVMNotRunningError", 1},
    {FaultKind::not_paused, "not-paused", "QubesVMNotPausedError", 1},
    {FaultKind::shutdown_timeout, "shutdown-timeout", "QubesVMShutdownTimeoutError", 1},
    {FaultKind::no_memory, "no-memory", "QubesMemoryError", 1},
    {FaultKind::no_such_label, "no-such-label", "QubesLabelNotFoundError", 1},
    {FaultKind::bad_label, "bad-label", "QubesInvalidLabelError", 2},
    {FaultKind::bad_label_color, "bad-label-color", "QubesInvalidLabelValueError", 2},
    {FaultKind::bad_tag, "bad-tag", "QubesInvalidTagError", 2},
    {FaultKind::label_in_use, "label-in-use", "QubesLabelInUseError", 1},
    {FaultKind::pool_failed, "pool-failed", "StoragePoolException", 1},
    {FaultKind::pool_in_use, "pool-in-use", "QubesPoolInUseError", 1},
    // Qubes says "denied" for these two, so that nobody learns what there is.
    {FaultKind::no_such_pool, "no-such-pool", "PermissionDenied", 1},
    {FaultKind::no_such_volume, "no-such-volume", "PermissionDenied", 1},
    {FaultKind::no_such_revision, "no-such-revision", "QubesVolumeRevisionNotFoundError", 1},
    {FaultKind::no_such_token, "no-such-token", "QubesVolumeCopyTokenNotFoundError", 1},
    {FaultKind::no_such_device, "no-such-device", "DeviceNotFound", 1},
    {FaultKind::device_not_assigned, "device-not-assigned", "DeviceNotAssigned", 1},
    {FaultKind::device_assigned, "device-assigned", "DeviceAlreadyAssigned", 1},
    {FaultKind::device_attached, "device-attached", "DeviceAlreadyAttached", 1},
    {FaultKind::bad_device_mode, "bad-device-mode", "QubesUnrecognizedDeviceAssignmentMode", 2},
    {FaultKind::not_implemented, "not-implemented", "QubesNotImplementedError", 1},
    {FaultKind::malformed, "malformed", "ProtocolError", 2},
    {FaultKind::denied, "denied", "PermissionDenied", 4},
    {FaultKind::store_failed, "store-failed", "QubesException", 65},
    {FaultKind::no_xen, "no-xen", "QubesException", 69},
    {FaultKind::internal, "internal", "QubesException", 70},
    {FaultKind::io_failed, "io-failed", "QubesException", 74},
    {FaultKind::busy, "busy", "QubesException", 75},
});

const Row& row(FaultKind kind) {
  const Row& found = kRows.at(static_cast<std::size_t>(kind));
  assert(found.kind == kind);
  return found;
}

}  // namespace

std::string_view wire_name(FaultKind kind) { return row(kind).wire_name; }

int exit_status(FaultKind kind) { return row(kind).status; }

std::string_view word(FaultKind kind) { return row(kind).word; }

Fault system_fault(std::string_view doing) {
  const int error = errno;
  const bool refused = error == EACCES || error == EPERM;
  return {refused ? FaultKind::denied : FaultKind::io_failed,
          concat("cannot ", doing, ": ", std::strerror(error))};
}

}  // namespace qubes::mgmt
