// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace qubes::mgmt {

/// Every way in which a call may fail. What each is called on the wire and which exit
/// status it gives is one table, in fault.cc.
enum class FaultKind {
  failed,
  bad_value,
  bad_property_value,
  no_such_property,
  no_such_feature,
  no_such_tag,
  no_such_vm,
  bad_uuid,
  vm_exists,
  vm_in_use,
  vm_failed,
  not_halted,
  not_started,
  not_running,
  not_paused,
  shutdown_timeout,
  no_memory,
  no_such_label,
  bad_label,
  bad_label_color,
  bad_tag,
  label_in_use,
  pool_failed,
  pool_in_use,
  no_such_pool,
  no_such_volume,
  no_such_revision,
  no_such_token,
  no_such_device,
  device_not_assigned,
  device_assigned,
  device_attached,
  bad_device_mode,
  not_implemented,
  malformed,
  denied,
  store_failed,
  no_xen,
  internal,
  io_failed,
  busy,
};

/// The reason why a call did not do what it was asked for: a kind, which programs go by,
/// and one sentence for people. The sentence names the value and what would be accepted.
class Fault : public std::runtime_error {
 public:
  Fault(FaultKind kind, const std::string& text, std::string details = {})
      : std::runtime_error{text}, kind_{kind}, details_{std::move(details)} {}

  FaultKind kind() const { return kind_; }

  /// What an outside program or library had to say, line by line, for --verbose; often empty.
  const std::string& details() const { return details_; }

 private:
  FaultKind kind_;
  std::string details_;
};

/// The exception class which today's Qubes clients know for this kind.
std::string_view wire_name(FaultKind kind);

/// The exit status of a program that ends with this kind.
int exit_status(FaultKind kind);

/// The word under which the catalogue and the manual pages list this kind.
std::string_view word(FaultKind kind);

/// A fault for a system call that just failed: io_failed with the words for errno, or
/// denied where the file system says so. `doing` completes "cannot …".
Fault system_fault(std::string_view doing);

}  // namespace qubes::mgmt
