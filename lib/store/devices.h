// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "model/device_assignment.h"
#include "model/vm.h"
#include "store/sqlite.h"

namespace qubes::mgmt {

/// An assignment, and its row.
struct StoredDevice {
  std::int64_t id;
  DeviceAssignment device;
};

/// The devices that VMs were assigned.
class DeviceTable {
 public:
  explicit DeviceTable(const sqlite::Database& store) : store_{store} {}

  /// In the order in which they were assigned.
  std::vector<DeviceAssignment> of_vm(Qid vm) const;

  std::vector<StoredDevice> rows_of_vm(Qid vm) const;

  void remove(std::int64_t id) const;
  void set_mode(std::int64_t id, DeviceMode mode) const;

  /// The backend is kept as a reference where there is a VM of that name, else by name.
  void add(Qid vm, const DeviceAssignment& device) const;

 private:
  const sqlite::Database& store_;
};

}  // namespace qubes::mgmt
